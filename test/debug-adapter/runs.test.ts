/** Runs that are recorded and compared: by the command line, live at the first op that differs, and from file to file. */
import assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { command } from '../../debug-adapter/command-line.ts';
import type { Events } from '../../debug-adapter/protocol.ts';
import { lineMap } from '../../debug-adapter/runs/lines.ts';
import { lent } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, frames, scope } from '../kit/look.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tapedeck-runs-'));
after(() => rmSync(folder, { recursive: true }));

const program = `import * as tf from '@tapedeck/engine';

tf.setSeed(3);
const x = tf.randomNormal([4, 3]);
const w = tf.variable(tf.randomNormal([3, 2]), true, 'w');
const optimizer = new tf.SGD(0.1);
const net = () => tf.scope('net', () => x.matMul(w).tanh());
for (let i = 0; i < 3; i++) optimizer.minimize(() => net().square().mean());
console.log('done');
`;
/** Lines have moved, ops came and went, and the rate is another. */
const edited = program
  .replace('tf.setSeed', '// It begins\n// here.\ntf.setSeed')
  .replace("console.log('done')", "console.log('done', x.sum().shape)")
  .replace('0.1', '0.5');

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

/** What the command prints, and its exit code. */
async function tapedeck(...argv: string[]): Promise<{ code: number | null; out: string }> {
  let out = '';
  const hear = (text: string) => void (out += text);
  const code = await command(argv, lent, { out: hear, err: hear });
  return { code, out };
}

const model = file('model.ts', program);
const reference = path.join(folder, 'reference.run');

test('a run is recorded without a debugger, and is the same when it is repeated', async () => {
  const recorded = await tapedeck('run', '--record', reference, '--record-values', '1', model);
  assert.deepEqual(recorded, { code: 0, out: 'done\n' });
  const lines = readFileSync(reference, 'utf8').trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as Record<string, any>);
  assert.equal(said[0]!['program'], 'model.ts');
  assert.equal(said[1]!['text'], program);
  const product = said.find(({ op }) => op === 'matMul')!;
  assert.equal(product['path'], 'net/matMul');
  assert.deepEqual(product['inputs'], ['f32[4,3]', 'f32[3,2]']);
  const { shape, values, sample, stats } = product['outputs'][0];
  assert.deepEqual(shape, [4, 2]);
  const numbers = [...new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer)];
  assert.deepEqual(sample, numbers);
  assert.ok(Math.abs(stats.mean - numbers.reduce((sum, each) => sum + each) / 8) < 1e-6);
  const ops = said.filter(({ op }) => op !== undefined);
  assert.deepEqual(said.at(-1), { end: ops.length });
  assert.equal(ops.filter(({ op }) => op === '∇matMul').length, 3);

  const again = await tapedeck('run', '--reference', reference, model);
  const all = `${ops.length} ops beside model.ts: ${ops.length} the same`;
  assert.equal(
    again.out,
    `done\n${all}, 0 within the tolerance, 0 beyond it, 0 missing, 0 extra\n`,
  );
  assert.equal(again.code, 0);
});

test('a run stops at the first op that differs from the reference, wherever its line has gone', () =>
  debug(async (client) => {
    const other = file('edited.ts', edited);
    await client.launch(other, { reference: 'reference.run', cwd: folder });
    await client.exceptions('uncaught', 'divergence');
    await client.go();
    assert.equal((await client.stopped()).reason, 'exception');
    assert.deepEqual((await frames(client)).slice(0, 2), ['sgdStep:10', 'layer SGD:0']);
    const info = await client.request<DebugProtocol.ExceptionInfoResponse['body']>(
      'exceptionInfo',
      { threadId: 1 },
    );
    assert.equal(info.exceptionId, 'Divergence from Reference');
    assert.match(
      info.description!,
      /^sgdStep made f32\[3,2\] that differs from the reference by up to [\d.]+ \(relative [\d.]+\); mean /,
    );
    const [before, here] = info.details!.stackTrace!.split('\n');
    assert.match(before!, /∇matMul: is the same \(.*edited\.ts:9:/);
    assert.match(here!, /SGD\/sgdStep: differs by up to .*edited\.ts:10:/);
    // The op has its inputs still.
    assert.ok('gradient' in (await scope(client, 'Op sgdStep')));

    const { comparison } = await client.ask('tapedeck/comparison', {});
    assert.equal(comparison!.over, false);
    assert.deepEqual(
      comparison!.rows.slice(0, 1).map(({ path, place, differing, first }) => {
        return { path, line: place!.line, differing, first };
      }),
      [{ path: 'SGD/sgdStep', line: 10, differing: 1, first: { occurrence: 1, step: 0, op: 11 } }],
    );
    // Nothing that comes of it stops again.
    assert.match(await finish(client), /^done/);
    const told = client.events.find(({ event }) => event === 'tapedeck/compared');
    const { comparison: end } = told!.body as Events['tapedeck/compared'];
    assert.equal(end.over, true);
    assert.deepEqual([end.missing, end.extra], [0, 1]);
    assert.deepEqual(
      end.rows.filter(({ extra }) => extra).map(({ path, place }) => `${path}:${place!.line}`),
      ['sum:11'],
    );
  }));
test('what is tolerated does not stop, and two records are compared without running anything', async () => {
  const noisy = file('noisy.ts', program.replace('tanh())', 'tanh().mul(1.00002))'));
  const record = path.join(folder, 'noisy.run');
  assert.equal((await tapedeck('run', '--record', record, noisy)).code, 0);
  const strict = await tapedeck('compare', '--tolerance', 'f32=1e-6', reference, record);
  assert.equal(strict.code, 3);
  assert.match(
    strict.out,
    /\n {2}SGD\/sgdStep \(noisy\.ts:8:\d+\): 1 of 3 differs, first run 3 \(step 2\): by up to /,
  );
  const loose = await tapedeck('compare', reference, record);
  assert.match(loose.out, /0 beyond it, 0 missing, 6 extra\n/);
  assert.match(loose.out, / net\/mul \(noisy\.ts:7:\d+\): 3 extra\n/);
  const plain = file('plain.ts', program.replace('const x', "tf.setDevice('plain');\nconst x"));
  assert.match(
    (await tapedeck('run', '--reference', reference, plain)).out,
    / within the tolerance, 0 beyond it, 0 missing, 0 extra/,
  );
  const swapped = await tapedeck('compare', record, reference);
  assert.match(swapped.out, / net\/mul \(noisy\.ts:7:\d+ of the reference\): 3 missing\n/);
});

test('what is no record, or is broken, is refused in words', async () => {
  const [head, ...rest] = readFileSync(reference, 'utf8').split('\n');
  const wrong = async (text: string | null, why: RegExp) => {
    const broken = path.join(folder, 'broken.run');
    if (text !== null) writeFileSync(broken, text);
    for (const argv of [
      ['compare', broken, reference],
      ['run', '--reference', broken, model],
    ]) {
      const { code, out } = await tapedeck(...argv);
      assert.equal(code, 2);
      assert.match(out, why);
    }
  };
  await wrong(null, /^tapedeck: The run .*broken\.run does not exist\.\n$/);
  await wrong('', /cannot be read: it is empty/);
  await wrong('import', /cannot be read: it is no run that Tapedeck recorded/);
  await wrong(
    head!.replace('"version":1', '"version":9'),
    /is of version 9, and this Tapedeck reads version 1/,
  );
  await wrong([head, ...rest.slice(1)].join('\n'), /line 2 is a place out of order/);
  await wrong([head, '{"op"', ...rest].join('\n'), /line 2 is no JSON/);
  await wrong([head, '[]', ...rest].join('\n'), /line 2 is neither an op, nor a place, nor a file/);
  // The end of a program that was ended on its way.
  const cut = file('cut.run', readFileSync(reference, 'utf8').slice(0, -200));
  const { code, out } = await tapedeck('compare', cut, reference);
  assert.equal(code, 3);
  assert.match(out, /beside model\.ts, which did not come to its end: .* 0 missing, 1 extra/);
  const told = await tapedeck('run', '--tolerance', 'f32', model);
  assert.match(told.out, /--tolerance takes a dtype and a number, as f32=1e-3; not f32/);
});

test('lines are known again after an edit', () => {
  const map = lineMap('a\nb\nc\nd\n', 'a\n  c\nx\nd\n');
  assert.deepEqual([1, 2, 3, 4].map(map.older), ['=1', '~1', '=3', '=4']);
  assert.deepEqual([1, 2, 3, 4].map(map.newer), ['=1', '=3', '~2', '=4']);
});
