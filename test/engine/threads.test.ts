/** Threads as a program has them: each test runs one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as tf from '@tapedeck/engine';
import { build } from 'esbuild';
import { bundles, entries } from '../../scripts/bundles.ts';
import { root } from '../../scripts/setup/cache.mjs';

const engine = path.join(root, 'engine', 'index.ts');

/** Runs a program on the engine; `workers` is filled as workers are started, `big` is work enough for them. */
async function program(
  text: string,
  flags: readonly string[] = [],
  from = engine,
): Promise<string> {
  const source = `
    const workers = [];
    process.on('worker', (worker) => {
      worker.on('error', (error) => console.log('a worker failed:', error.message));
      workers.push(worker);
    });
    const tf = await import(${JSON.stringify(from)});
    const later = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const x = tf.ones([512, 512]);
    const big = () => tf.tidy(() => { for (let i = 0; i < 20; i++) x.matMul(x).exp().sum(); });
    ${text}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '-e', source],
    { timeout: 60_000 },
  );
  return stdout;
}

test('workers are started by the first large ops, and not by small ones', async () => {
  const out = await program(`
    tf.setThreads(3);
    x.slice([0, 0], [10, 10]).add(1);
    await later(1);
    console.log(workers.length);
    big();
    await later(1);
    console.log(workers.length, tf.backendInfo().threads);
  `);
  assert.equal(out, '0\n2 3\n');
});

test('one thread is one thread, and more or less may be said at any time', async () => {
  const out = await program(`
    tf.setThreads(1);
    big();
    await later(1);
    console.log(workers.length, tf.backendInfo().threads);
    tf.setThreads(2);
    big();
    await later(50);
    big();
    tf.setThreads(1);
    await later(200);
    console.log(workers.map(({ threadId }) => threadId));
    console.log(x.matMul(x).sum().item());
  `);
  assert.equal(out, `0 1\n[ -1 ]\n${512 ** 3}\n`);
});

test('a number of threads that is none is refused', () => {
  for (const count of [0, -1, 1.5, Number.NaN, 100_000])
    assert.throws(
      () => tf.setThreads(count),
      /setThreads: a whole number from 1 to \d+, not [-\dN]/,
    );
  assert.throws(() => tf.setThreads('2' as never), /from 1 to \d+, not "2"/);
});

test('a program ends when it is done, whatever its workers do', async () => {
  assert.equal(await program(`tf.setThreads(4); big(); console.log('done');`), 'done\n');
  assert.equal(
    await program(`
      tf.setThreads(4);
      big();
      await later(100);
      big();
      console.log('done');
      process.exit(0);
    `),
    'done\n',
  );
});

test('an idle program takes no time of the processor', async () => {
  const out = await program(`
    tf.setThreads(4);
    for (let i = 0; i < 5; i++) {
      big();
      await later(20);
    }
    await later(300);
    const before = process.cpuUsage();
    await later(1000);
    const { user, system } = process.cpuUsage(before);
    console.log(workers.length, user + system);
  `);
  const [workers, microseconds] = out.split(' ').map(Number);
  assert.equal(workers, 3);
  // One thread that turned in a circle would have taken a million.
  assert.ok(microseconds! < 300_000, `${microseconds} us`);
});

test('workers take neither flags nor preloads of the program', async () => {
  const preload = `data:text/javascript,${encodeURIComponent(
    `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) console.log('loaded again');`,
  )}`;
  const text = `tf.setThreads(2); big(); await later(200); console.log(workers.length);`;
  assert.equal(await program(text, ['--import', preload]), '1\n');
});

test('where no threads are to be had there is one', async () => {
  const out = await program(`big(); console.log(tf.backendInfo().threads, workers.length);`, [
    '--permission',
    '--allow-fs-read=*',
  ]);
  assert.equal(out, '1 0\n');
});

test('the engine as it ships, bundled and minified, has its workers in it', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tapedeck-threads-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const row = bundles.find(({ from }) => from.startsWith('engine/'))!;
  await build({
    ...row.options,
    entryPoints: entries(row),
    outdir: folder,
    bundle: true,
    minify: true,
  });
  const out = await program(
    `tf.setThreads(2);
    big();
    await later(300);
    big();
    console.log(workers.map(({ threadId }) => threadId > 0), x.matMul(x).sum().item());
    // Those that are not to be had are reported by their own tests.
    for (const [tier, { available }] of Object.entries(tf.backendInfo().tiers)) {
      if (available) tf.setTier(tier);
      big();
      await later(300);
      big();
      console.log(tier, workers.at(-1).threadId > 0, x.matMul(x).sum().item());
    }`,
    [],
    path.join(folder, 'engine', 'index.js'),
  );
  const tiers = ['simd', 'wide', 'blas'].map((tier) => `${tier} true ${512 ** 3}\n`);
  assert.equal(out, `[ true ] ${512 ** 3}\n${tiers.join('')}`);
});
