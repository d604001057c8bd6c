/** Tiers as a program chooses them, and what is said where there are none. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cachedDataVersionTag } from 'node:v8';
import * as tf from '@tapedeck/engine';
import { parts, partOf } from '../../engine/devices/cpu/parts.ts';
import type { Blas, Sgemm, Turbo } from '../../engine/devices/cpu/turbo.ts';
import { openBlas, type Koffi, type Surroundings } from '../../engine/host/blas.ts';
import { lacking, turbo } from '../../engine/host/turbo.ts';
import { kit } from '../kit/cpu.ts';
import { has } from '../kit/tiers.ts';
import { root } from '../../scripts/setup/cache.mjs';

const absent = (reason: string) => (): never => {
  throw new Error(reason);
};
const none: Turbo = {
  wanted: undefined,
  compileWide: absent('this V8 is too old'),
  openBlas: absent('there is no library'),
};

test('simd is there where nothing else is, and the rest is missed with a reason', () => {
  const k = kit(16, undefined, {}, none);
  assert.deepEqual(
    Object.entries(k.tiers.list()).map(([name, { available, about }]) => [name, available, about]),
    [
      ['simd', true, 'WebAssembly, 128 bits, multiply-adds in one step'],
      ['wide', false, 'this V8 is too old'],
      ['blas', false, 'there is no library'],
    ],
  );
  assert.throws(() => k.tiers.choose('blas', 'setTier'), {
    message: 'setTier: the tier blas is not available: there is no library; simd is available here',
  });
  assert.throws(() => k.tiers.choose('fast', 'TAPEDECK_TIER'), {
    message: "TAPEDECK_TIER: no tier is called 'fast'; there are simd, wide and blas",
  });
  assert.equal(k.tiers.current.name, 'simd');
});

test('without fused multiply-adds there is no wide tier: it would round otherwise', () => {
  const { wide, simd } = kit(16, 'separate').tiers.list();
  assert.equal(simd.about, 'WebAssembly, 128 bits');
  assert.deepEqual(wide, { available: false, about: 'this runtime does not know relaxed SIMD' });
});

/** A BLAS in JavaScript; `spoil` changes a result. */
function imitation(memory: WebAssembly.Memory, spoil: (value: number) => number): Blas {
  const f32 = new Float32Array(memory.buffer);
  const sgemm: Sgemm = (_, xt, yt, m, n, k, __, x, xStep, y, yStep, ___, out, outStep) => {
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++)
          sum +=
            f32[x / 4 + (xt === 111 ? i * xStep + p : p * xStep + i)]! *
            f32[y / 4 + (yt === 111 ? p * yStep + j : j * yStep + p)]!;
        f32[out / 4 + i * outStep + j] = spoil(sum);
      }
  };
  return { about: 'imitation', sgemm, base: 0, reentrant: true, source: '', data: {} };
}

test('a tier that computes something else is not taken', () => {
  const offered = (spoil: (value: number) => number) =>
    kit(16, undefined, {}, { ...none, openBlas: (memory) => imitation(memory, spoil) }).tiers.list()
      .blas;
  assert.deepEqual(
    offered((value) => value),
    { available: true, about: 'imitation' },
  );
  const wrong = { available: false, about: 'it gave wrong results for 2 x 40 x 17 nn' };
  assert.deepEqual(
    offered((value) => value * 1.001),
    wrong,
  );
  // Some leave out products with zero, and with them what is not a number.
  const { available } = offered((value) => (Number.isNaN(value) ? 0 : value));
  assert.equal(available, false);
});

test('threads that cannot open the library, or must not, leave the work to the main one', async () => {
  for (const [source, reentrant] of [
    ['() => { throw new Error("no such library"); }', true],
    ['() => () => {}', false],
  ] as const) {
    const openBlas = (memory: WebAssembly.Memory): Blas => {
      const { sgemm, ...rest } = imitation(memory, (value) => value);
      const f32 = new Float32Array(memory.buffer);
      // What is larger than the check is ones by ones.
      const quick: Sgemm = (...args) => {
        const [, , , m, n, k, , , , , , , out, step] = args;
        if (m * n * k < 2 ** 20) return sgemm(...args);
        for (let i = 0; i < m; i++) f32.fill(k, out / 4 + i * step, out / 4 + i * step + n);
        // Others have the time to come.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      };
      return { ...rest, sgemm: quick, source, reentrant };
    };
    const k = kit(64, undefined, { threads: 2, least: 1, grain: 1 }, { ...none, openBlas });
    k.tiers.choose('blas', 'the test');
    const [x, y] = [k.make([512, 4096], () => 1), k.make([4096, 128], () => 1)];
    for (let turn = 0; turn < 8; turn++) {
      const out = k.make([512, 128], () => 7);
      k.cpu.matMul(out, x, y);
      assert.ok(k.read(out).every((value) => value === 4096));
      await setTimeout(30);
    }
    assert.equal(k.team.helped, 0);
  }
});

test('V8 can do it or is not asked', () => {
  const able = {
    arch: 'x64',
    version: 'v24.0.0',
    config: { variables: { v8_enable_wasm_simd256_revec: 1 } },
    features: 'flags: fma avx avx2 avx512f',
  };
  assert.equal(lacking(able), null);
  assert.equal(lacking({ ...able, features: null }), null);
  assert.match(lacking({ ...able, arch: 'arm64' })!, /on x64, not on arm64/);
  assert.match(lacking({ ...able, version: 'v20.0.0', config: { variables: {} } })!, /of Node v20/);
  assert.match(lacking({ ...able, features: 'flags: sse4_2 avx fma' })!, /no AVX2/);
});

test('V8 is as it was once wide is compiled', (t) => {
  const missing = lacking();
  if (missing !== null) return t.skip(missing);
  // Says which flags are set, among other things.
  const before = cachedDataVersionTag();
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  turbo.compileWide(empty);
  assert.equal(cachedDataVersionTag(), before);
  assert.throws(() => turbo.compileWide(empty.subarray(4)), WebAssembly.CompileError);
  assert.equal(cachedDataVersionTag(), before);
});

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

/** A system with one library, whose functions are these; what was called is noted. */
function system(file: string, functions: { readonly [name: string]: unknown }) {
  const called: string[] = [];
  const env: NodeJS.ProcessEnv = { OMP_NUM_THREADS: '3' };
  const koffi: Koffi = {
    address: () => 4096n,
    load(name) {
      if (name !== file) throw new Error('cannot open shared object file');
      called.push(`threads ${env.OPENBLAS_NUM_THREADS} ${env.OMP_NUM_THREADS}`);
      return {
        func(declaration) {
          const symbol = /(\w+)\(/.exec(declaration)![1]!;
          if (!(symbol in functions)) throw new Error(`Cannot find function '${symbol}'`);
          return (...args) => {
            called.push(`${symbol}(${args.join()})`);
            return functions[symbol];
          };
        },
      };
    },
  };
  const around: Surroundings = {
    platform: 'linux',
    env,
    koffi: () => ({ koffi, file: '/koffi.cjs' }),
  };
  return { around, called, env };
}

test('a BLAS is opened with its threads off, and leaves the environment alone', () => {
  const { around, called, env } = system('libopenblas.so.0', {
    openblas_get_config: ' OpenBLAS 1.2 Haswell ',
    openblas_set_num_threads: undefined,
    openblas_get_parallel: 1,
    cblas_sgemm: undefined,
  });
  const blas = openBlas(memory, around);
  assert.deepEqual([blas.about, blas.base, blas.reentrant], ['OpenBLAS 1.2 Haswell', 4096, true]);
  // It was told twice: by the environment while it was loaded, but not over the user's own word, and by its function.
  assert.equal(called[0], 'threads 1 3');
  assert.ok(called.includes('openblas_set_num_threads(1)'));
  assert.deepEqual(env, { OMP_NUM_THREADS: '3' });
});

test('a BLAS that knows one caller gets one, and functions it lacks are not called', () => {
  const { around, called } = system('libopenblas.so', {
    openblas_get_config: 'OpenBLAS',
    openblas_get_parallel: 0,
    cblas_sgemm: undefined,
  });
  assert.equal(openBlas(memory, around).reentrant, false);
  assert.ok(!called.some((call) => call.startsWith('openblas_set_num_threads')));
});

test('a library that has another interface is passed by', () => {
  const { around } = system('libopenblas.so.0', { openblas_get_config: 'OpenBLAS' });
  assert.throws(() => openBlas(memory, around), {
    message: "libopenblas.so.0 is there but does not serve: Cannot find function 'cblas_sgemm'",
  });
});

test('what is missing for BLAS is said', () => {
  const { around } = system('libelse.so', {});
  assert.throws(() => openBlas(memory, around), {
    message:
      "there is no OpenBLAS or MKL that linux's loader finds; the package libopenblas0 (Debian, Ubuntu) brings one",
  });
  assert.throws(
    () => openBlas(memory, { ...around, platform: 'aix' }),
    /there is no BLAS that aix/,
  );
  assert.throws(
    () => openBlas(memory, { ...around, koffi: absent('no koffi') }),
    /^Error: no koffi$/,
  );
});

test('parts cover a product, by its shape alone', () => {
  for (const [m, n, k] of [
    [2, 3, 4],
    [512, 512, 512],
    [1024, 1024, 1024],
    [777, 3333, 90],
    [1e6, 4, 4],
  ] as const) {
    const [rows, columns] = partOf(m, n, k);
    const count = Math.ceil(m / rows) * Math.ceil(n / columns);
    const seen: number[][] = [];
    const note: Sgemm = (...args) => seen.push(args);
    // In two goes, as two threads would.
    for (const [first, so] of [
      [0, Math.floor(count / 2)],
      [Math.floor(count / 2), count - Math.floor(count / 2)],
    ] as const)
      parts(note, 0)(first, so, m, n, k, 0, 4 * k, 4, 0, 0, 4 * n, 4, 0, 0, rows, columns);
    const covered = seen.reduce((sum, [, , , high, wide]) => sum + high! * wide!, 0);
    assert.deepEqual([seen.length, covered], [count, m * n]);
    assert.ok(count === 1 || (rows <= 1024 && columns <= 1024));
    assert.equal(new Set(seen.map((args) => args[12])).size, count);
  }
  assert.deepEqual(partOf(512, 512, 512), [256, 256]);
});

const engine = path.join(root, 'engine', 'index.ts');

/** What a program on the engine prints. */
async function program(
  text: string,
  tier?: string,
  flags: readonly string[] = [],
): Promise<string> {
  const source = `const tf = await import(${JSON.stringify(engine)}); ${text}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '-e', source],
    { timeout: 60_000, env: { ...process.env, ...(tier && { TAPEDECK_TIER: tier }) } },
  );
  return stdout;
}

const tiers = () => tf.backendInfo().tiers;

/** Training with products of many sizes: its losses to the last bit, and last the tier. */
const training = `await import(${JSON.stringify(path.join(root, 'test/fixtures/tiers.ts'))});`;

test('the environment chooses a tier, and a wrong word ends the program with what would work', async (t) => {
  const tier = 'console.log(tf.backendInfo().tier);';
  assert.equal(await program(tier), 'simd\n');
  assert.equal(await program(tier, 'simd'), 'simd\n');
  await assert.rejects(program(tier, 'fast'), /TAPEDECK_TIER: no tier is called 'fast'; there are/);
  if (has(t, 'wide', tiers().wide!)) assert.equal(await program(tier, 'wide'), 'wide\n');
});

test('wide gives a program the numbers of simd', async (t) => {
  if (!has(t, 'wide', tiers().wide!)) return;
  const numbers = await program(training);
  assert.equal(await program(training, 'wide'), numbers.replace('simd', 'wide'));
});

test('blas gives a program the same numbers for any number of threads', async (t) => {
  if (!has(t, 'blas', tiers().blas!)) return;
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map((count) => program(`tf.setThreads(${count}); ${training}`, 'blas')),
  );
  assert.equal(two, one);
  assert.equal(three, one);
});

test('where no native code may be loaded, blas says so and the rest works', async (t) => {
  const { about } = tiers().blas!;
  if (about.includes('not installed')) return t.skip(about);
  const out = await program(
    `const { blas } = tf.backendInfo().tiers;
    console.log(blas.available, blas.about, tf.ones([20, 20]).matMul(tf.ones([20, 20])).sum().item());`,
    undefined,
    ['--permission', '--allow-fs-read=*'],
  );
  assert.match(out, /^false koffi is installed, but does not load: .*addons.* 8000\n$/);
});
