import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { Threads } from '../../../engine/devices/cpu/threads.ts';
import type { Buf } from '../../../engine/device.ts';
import type { DType } from '../../../engine/dtype.ts';
import { threads } from '../../../engine/host/threads.ts';
import { broadcast, type Shape } from '../../../engine/shape.ts';
import { kit, losing, type Kit } from '../../kit/cpu.ts';
import { untilHelped } from '../../kit/helped.ts';
import { layouts, ordinary } from '../../kit/values.ts';

/** Cuts everything into parts as small as they can be, whoever comes to help. */
const tiny = { least: 1, grain: 1, alone: 0 };
/** Teams of one, two and three. */
const teams = [1, 2, 3].map((count) => kit(64, undefined, { threads: count, ...tiny }));

/** One whose jobs are lost, all of them. */
const lossy = losing(64);

/** What a kernel makes is the same on each team, bit for bit. */
function same(what: string, run: (k: Kit) => Buf): void {
  const [one, ...more] = [...teams, lossy].map((k) => {
    k.reset();
    const out = run(k);
    return k.bits(out);
  });
  const names = ['2 threads', '3 threads', 'threads that are lost'];
  more.forEach((bits, i) => assert.deepEqual(bits, one, `${what} on ${names[i]}`));
}

test('workers come to help', async () => {
  for (const k of teams.slice(1)) {
    const x = k.make([64, 1024], ordinary('f32', 1));
    const out = k.make([64, 1024]);
    await untilHelped(k, () => k.cpu.map('tanh', out, x));
  }
  assert.equal(teams[0]!.team.helped, 0);
});

test('elementwise ops and copies are bit-equal for any number of threads', () => {
  const shapes: readonly Shape[] = [
    [0],
    [1],
    [7],
    [1000],
    [33, 17],
    [64, 70],
    [3, 65, 66],
    [40, 3, 5],
    [2, 0, 3],
    [9, 10, 11, 3],
    [],
  ];
  for (const shape of shapes)
    for (const strides of layouts(shape)) {
      const name = `[${shape}] (${strides})`;
      const two = (k: Kit, dtype: DType = 'f32') => [
        k.make(shape, ordinary(dtype, 1), dtype, strides),
        k.make(shape, ordinary(dtype, 2), dtype),
      ];
      for (const f of ['exp', 'relu', 'neg'] as const)
        same(`${f} ${name}`, (k) => made(k, shape, (out) => k.cpu.map(f, out, two(k)[0]!)));
      for (const f of ['add', 'div', 'less'] as const)
        same(`${f} ${name}`, (k) => {
          const [x, y] = two(k);
          const to = f === 'less' ? 'bool' : 'f32';
          return made(k, shape, (out) => k.cpu.zip(f, out, x!, y!), to);
        });
      for (const to of ['f32', 'i32', 'bool', 'f64'] as const)
        same(`to ${to} ${name}`, (k) =>
          made(k, shape, (out) => k.cpu.map('identity', out, two(k)[0]!), to),
        );
      for (const dtype of ['bool', 'f64', 'i32', 'i16'] as const)
        same(`copy of ${dtype} ${name}`, (k) =>
          made(k, shape, (out) => k.cpu.map('identity', out, two(k, dtype)[0]!), dtype),
        );
      same(`select ${name}`, (k) => {
        const [x, y] = two(k);
        const condition = k.make(shape, (i) => (i % 3) & 1, 'bool', strides);
        return made(k, shape, (out) => k.cpu.select(out, condition, x!, y!));
      });
      same(`fill ${name}`, (k) => made(k, shape, (out) => k.cpu.fill(out, 2.5)));
    }
});

test('broadcasting is bit-equal for any number of threads', () => {
  const pairs: readonly (readonly [Shape, Shape])[] = [
    [[64, 33], [33]],
    [
      [64, 1],
      [1, 33],
    ],
    [
      [5, 1, 70],
      [3, 1],
    ],
    [[1000], []],
    [
      [9, 1, 4, 1],
      [9, 7, 1, 5],
    ],
  ];
  for (const [a, b] of pairs)
    for (const f of ['add', 'sub', 'greater'] as const)
      same(`${f} [${a}] [${b}]`, (k) => {
        const x = k.make(a, ordinary('f32', 1));
        const y = k.make(b, ordinary('f32', 2));
        const to = f === 'greater' ? 'bool' : 'f32';
        return made(k, broadcast('zip', a, b), (out) => k.cpu.zip(f, out, x, y), to);
      });
});

test('folds are bit-equal for any number of threads', () => {
  const shapes: readonly Shape[] = [
    [5000],
    [33, 17],
    [70, 300],
    [3, 700, 5],
    [40, 9, 11],
    [6, 5, 4, 3],
  ];
  for (const shape of shapes)
    for (const strides of layouts(shape))
      for (let mask = 1; mask < 2 ** shape.length; mask++) {
        const axes = shape.flatMap((_, i) => ((mask >> i) & 1 ? [i] : []));
        const rest = shape.filter((_, i) => !axes.includes(i));
        for (const f of ['sum', 'mean', 'max'] as const)
          same(`${f} of [${shape}] (${strides}) over ${axes}`, (k) => {
            const x = k.make(shape, ordinary('f32', 3), 'f32', strides);
            return made(k, rest, (out) => k.cpu.reduce(f, out, x, axes));
          });
      }
});

test('matrix products are bit-equal for any number of threads', () => {
  const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
    [1, 300, 1],
    [1, 300, 77],
    [77, 300, 1],
    [5, 300, 100],
    [6, 260, 33],
    [7, 20, 400],
    [33, 257, 65],
    [64, 100, 64],
    [130, 600, 50],
    [3, 5, 2070],
    [40, 5, 2070],
    [2, 1, 3],
  ];
  for (const [m, inner, n] of sizes)
    for (const [xs, ys] of [
      [undefined, undefined],
      [[1, m], undefined],
      [undefined, [1, inner]],
      [
        [1, m],
        [1, inner],
      ],
    ])
      same(`[${m},${inner}] (${xs}) @ [${inner},${n}] (${ys})`, (k) => {
        const x = k.make([m, inner], ordinary('f32', 1), 'f32', xs);
        const y = k.make([inner, n], ordinary('f32', 2), 'f32', ys);
        return made(k, [m, n], (out) => k.cpu.matMul(out, x, y));
      });
  for (const batch of [2, 3, 20])
    same(`a batch of ${batch}`, (k) => {
      const x = k.make([batch, 34, 50], ordinary('f32', 1));
      const y = k.make([50, 41], ordinary('f32', 2));
      return made(k, [batch, 34, 41], (out) => k.cpu.matMul(out, x, y));
    });
});

test('convolutions and pools are bit-equal for any number of threads', () => {
  const cases: readonly {
    readonly x: Shape;
    readonly filter: Shape;
    readonly stride?: number;
    readonly groups?: number;
  }[] = [
    { x: [2, 9, 8, 3], filter: [3, 3, 3, 5] },
    { x: [1, 30, 30, 70], filter: [3, 3, 70, 4], stride: 2 },
    { x: [2, 9, 8, 36], filter: [2, 3, 36, 17], stride: 2 },
    { x: [2, 9, 8, 6], filter: [3, 3, 2, 9], groups: 3 },
    { x: [2, 9, 8, 37], filter: [3, 3, 1, 37], groups: 37, stride: 2 },
    { x: [3, 20, 37], filter: [4, 37, 6] },
  ];
  for (const { x: shape, filter: own, stride = 1, groups = 1 } of cases) {
    const space = shape.slice(1, -1);
    const window = own.slice(0, -2);
    const how = {
      strides: space.map(() => stride),
      dilations: space.map(() => 1),
      padding: space.map(() => [1, 1] as const),
      groups,
    };
    const steps = space.map((n, i) => Math.floor((n + 2 - window[i]!) / stride) + 1);
    const result = [shape[0]!, ...steps, own.at(-1)!];
    const name = `[${shape}] by [${own}]`;
    const three = (k: Kit) =>
      [shape, own, result].map((s, i) => k.make(s, ordinary('f32', i))) as [Buf, Buf, Buf];
    for (const side of ['y', 'x', 'filter'] as const)
      same(`${side} of ${name}`, (k) => {
        const [x, filter, y] = three(k);
        if (side === 'y') return made(k, result, (out) => k.cpu.conv('y', out, x, filter, how));
        if (side === 'x') return made(k, shape, (out) => k.cpu.conv('x', out, y, filter, how));
        return made(k, own, (out) => k.cpu.conv('filter', out, x, y, how));
      });
    const pooled = [shape[0]!, ...steps, shape.at(-1)!];
    for (const which of ['greatest', 'places'] as const)
      same(`${which} of ${name}`, (k) => {
        const places = k.make(pooled, () => -1, 'i32');
        const out = made(k, pooled, (out) =>
          k.cpu.maxPool(out, places, three(k)[0], window, how, false),
        );
        return which === 'places' ? places : out;
      });
  }
});

test('convolutions and products of f64 are bit-equal for any number of threads', () => {
  const [strides, dilations, padding] = [
    [1, 2],
    [1, 1],
    [[1, 1] as const, [0, 1] as const],
  ];
  const how = { strides, dilations, padding, groups: 2 };
  same('a convolution', (k) => {
    const [x, filter] = [
      k.make([2, 9, 8, 6], ordinary('f64', 1), 'f64'),
      k.make([3, 2, 3, 10], ordinary('f64', 2), 'f64'),
    ];
    return made(k, [2, 9, 4, 10], (out) => k.cpu.conv('y', out, x, filter, how), 'f64');
  });
  same('a product', (k) => {
    const [x, y] = [
      k.make([33, 50], ordinary('f64', 1), 'f64'),
      k.make([50, 41], ordinary('f64', 2), 'f64'),
    ];
    return made(k, [33, 41], (out) => k.cpu.matMul(out, x, y), 'f64');
  });
});

test('rows picked by index, and their gradients, are bit-equal for any number of threads', () => {
  const cases: readonly (readonly [x: Shape, indices: Shape, axis: number, batch: number])[] = [
    [[50, 70], [200], 0, 0],
    [[50], [300], 0, 0],
    [[7, 50, 3], [40, 2], 1, 0],
    [[6, 50, 9], [6, 80], 1, 1],
    [[6, 4, 50, 9], [6, 80], 2, 1],
    [[4, 0, 3], [0], 1, 0],
  ];
  for (const [shape, list, axis, batch] of cases) {
    const picked = [...shape.slice(0, axis), ...list.slice(batch), ...shape.slice(axis + 1)];
    const name = `[${list}] along axis ${axis} of [${shape}]`;
    const indices = (k: Kit) => k.make(list, (i) => (i * 17 + (i >> 3)) % 50, 'i32');
    same(`gather ${name}`, (k) => {
      const x = k.make(shape, ordinary('f32', 1));
      return made(k, picked, (out) => k.cpu.gather(out, x, indices(k), axis, batch));
    });
    for (const dtype of ['f32', 'u8'] as const)
      same(`scatterAdd ${name} of ${dtype}`, (k) => {
        const x = k.make(picked, ordinary(dtype, 1), dtype);
        const out = k.make(shape, () => 0, dtype);
        k.cpu.scatterAdd(out, x, indices(k), axis, batch);
        return out;
      });
  }
});

test('a job that V8 cuts off is called off before the next', () => {
  const k = kit(64, undefined, { threads: 3, ...tiny });
  const x = k.make([512, 256], ordinary('f32', 1));
  const y = k.make([256, 512], ordinary('f32', 2));
  const [out, want] = [k.make([512, 512]), k.make([512, 512])];
  k.cpu.matMul(want, x, y);
  const global = globalThis as { forEver?: () => never };
  global.forEver = () => {
    for (;;) {
      k.cpu.matMul(out, x, y);
      k.cpu.zip('add', out, out, out);
    }
  };
  for (let turn = 0; turn < 12; turn++) {
    assert.throws(() => runInThisContext('forEver()', { timeout: 3 + turn }), /timed out/);
    k.cpu.matMul(out, x, y);
    assert.deepEqual(k.bits(out), k.bits(want));
  }
  delete global.forEver;
  k.team.threads = 1;
});

test('a worker that is killed is replaced', async () => {
  const workers: Worker[] = [];
  let ends = 0;
  const host: Threads = {
    cores: 2,
    start(source, data, ended) {
      const worker = new Worker(`(${source})(require('node:worker_threads').workerData)`, {
        eval: true,
        workerData: data,
      });
      worker.unref();
      worker.on('exit', () => {
        ends++;
        ended();
      });
      workers.push(worker);
      return { stop: () => void worker.terminate() };
    },
  };
  const k = kit(64, undefined, { threads: 2, ...tiny, host });
  const x = k.make([100, 100], ordinary('f32', 1));
  const [out, want] = [k.make([100, 100]), k.make([100, 100])];
  k.plain.map('neg', want, x);
  k.cpu.map('neg', out, x);
  assert.equal(workers.length, 1);
  await workers[0]!.terminate();
  assert.equal(ends, 1);
  k.cpu.map('neg', out, x);
  assert.equal(workers.length, 2);
  assert.deepEqual(k.bits(out), k.bits(want));
  k.team.threads = 1;
  await setTimeout(10);
});

test('a worker that dies at its part leaves the whole job to the main thread', async () => {
  const claims = `({ control }) => {
    const words = new Int32Array(control, 0, 16);
    for (;;) {
      const claim = Atomics.load(words, 0);
      if ((claim & 4095) === 0) { Atomics.wait(words, 0, claim, 1); continue; }
      Atomics.add(words, 1, 1);
      if (Atomics.compareExchange(words, 0, claim, claim - 1) === claim) process.exit();
      Atomics.sub(words, 1, 1);
    }
  }`;
  const host: Threads = {
    cores: 2,
    start: (_, data, ended) => threads.start(claims, data, ended),
  };
  const k = kit(64, undefined, { threads: 2, ...tiny, naps: 5, host });
  const x = k.make([64, 300], ordinary('f32', 1));
  const y = k.make([300, 64], ordinary('f32', 2));
  const [out, want] = [k.make([64, 64]), k.make([64, 64])];
  for (let turn = 0; turn < 10_000 && k.team.threads > 1; turn++) {
    k.cpu.matMul(out, x, y);
    await setTimeout(1);
  }
  // After the third loss it is left at one thread.
  assert.equal(k.team.threads, 1);
  k.cpu.matMul(out, x, y);
  k.cpu.matMul(want, x, y);
  assert.deepEqual(k.bits(out), k.bits(want));
});

test('where a host has no threads there is one', () => {
  const k = kit(8, undefined, { threads: 4, ...tiny, host: { cores: 4, start: () => null } });
  const x = k.make([100], (i) => i);
  const out = k.make([100]);
  k.cpu.map('neg', out, x);
  assert.deepEqual(k.read(out).slice(0, 3), [-0, -1, -2]);
  assert.equal(k.team.threads, 1);
});

function made(k: Kit, shape: Shape, run: (out: Buf) => void, dtype: DType = 'f32'): Buf {
  const out = k.make(shape, () => 1, dtype);
  run(out);
  return out;
}
