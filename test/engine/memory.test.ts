import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromInspector, fromWeakSet } from '../../engine/host/liveness.ts';
import { Page } from '../../engine/devices/cpu/page.ts';
import * as tf from '../../engine/index.ts';

const counted = () => tf.memory({ sweep: false });

test('the engine frees what it made for itself: 1,000 training steps leave memory as it was', () => {
  const x = tf.randomNormal([16, 4], 0, 1, 'f32', 1);
  const y = tf.randomNormal([16, 2], 0, 1, 'f32', 2);
  const w = tf.variable(tf.zeros([4, 2]));
  const b = tf.variable(tf.zeros([2]));
  const optimizers = [new tf.SGD(0.01, { momentum: 0.9 }), new tf.Adam(0.01)];
  const step = (): void =>
    tf.tidy(() => {
      for (const optimizer of optimizers) {
        optimizer.minimize(() => x.matMul(w).biasAdd(b).tanh().sub(y).square().mean());
      }
    });
  step();
  const before = counted();
  for (let i = 0; i < 1000; i++) step();
  assert.deepEqual(counted(), before);
});

test('gradient() leaves nothing behind but the gradients', () => {
  const w = tf.variable(tf.ones([8, 8]));
  const before = counted().tensors;
  const tape = new tf.GradientTape();
  const loss = tf.tidy(() => tf.layerNorm(w.matMul(w).relu()).softmax().square().sum());
  const gradient = tape.gradient(loss, w)!;
  assert.equal(counted().tensors, before + 2);
  gradient.dispose();
  loss.dispose();
  assert.equal(counted().tensors, before);
});

test('a tape that is not persistent frees what it saved as it goes; leaving the block frees a persistent one', () => {
  const w = tf.variable(tf.ones([4]));
  const before = counted().tensors;
  {
    using tape = new tf.GradientTape({ persistent: true });
    const loss = tf.tidy(() => w.exp().square().sum());
    assert.ok(counted().saved > 0);
    tape.gradient(loss, w)!.dispose();
    assert.ok(counted().saved > 0);
    loss.dispose();
  }
  assert.equal(counted().saved, 0);
  assert.equal(counted().tensors, before);
});

test('the tensor made of a bare number goes with its op', () => {
  const x = tf.ones([4]);
  const before = counted().tensors;
  x.add(1).dispose();
  tf.sub(2, x).dispose();
  assert.equal(counted().tensors, before);
  const w = tf.variable(3);
  using tape = new tf.GradientTape();
  assert.equal(tape.gradient(w.mul(5), w)!.item(), 5);
});

test('views keep their storage alive, and the last handle frees it', () => {
  const before = counted().tensors;
  const x = tf.tensor([1, 2, 3, 4]);
  const view = x.slice([1], [2]);
  assert.equal(counted().tensors, before + 1, 'a view takes no bytes');
  x.dispose();
  assert.deepEqual(view.array(), [2, 3]);
  view.dispose();
  view.dispose();
  assert.equal(counted().tensors, before);
});

test('use after dispose is an error that names the op and the tensor', () => {
  const x = tf.ones([2, 3]);
  const y = tf.ones([2, 3]);
  x.dispose();
  assert.ok(x.isDisposed);
  const says = /add: this f32\[2,3\] was ended by dispose\(\) or by the end of a tidy/;
  assert.throws(() => x.add(y), says);
  assert.throws(() => y.add(x), says);
  assert.throws(() => x.data(), /data: this f32\[2,3\]/);
  assert.equal(String(x), 'f32[2,3] (disposed)');
});

test('tidy ends what was made in it, but not what it returns, nor variables, nor what keep() took', () => {
  const before = counted().tensors;
  let variable: tf.Variable | undefined;
  let kept: tf.Tensor | undefined;
  const result = tf.tidy(() => {
    const x = tf.ones([3]);
    variable = tf.variable(x);
    kept = tf.keep(x.mul(3));
    return { list: [x.add(1)], view: x.add(2).slice([0], [1]) };
  });
  assert.deepEqual(
    [result.list[0]!.array(), result.view.array(), variable!.array(), kept!.array()],
    [[2, 2, 2], [3], [1, 1, 1], [3, 3, 3]],
  );
  assert.equal(counted().tensors, before + 4);
  tf.dispose([result, variable, kept]);
  assert.equal(counted().tensors, before);
});

test('tidy nests: what the inner returns belongs to the outer', () => {
  const before = counted().tensors;
  tf.tidy(() => {
    const inner = tf.tidy(() => tf.ones([2]).add(1));
    assert.deepEqual(inner.array(), [2, 2]);
  });
  assert.equal(counted().tensors, before);
  assert.throws(() => tf.tidy(() => Promise.resolve(tf.ones([2]))), /promise/);
  assert.throws(
    () =>
      tf.tidy(() => {
        tf.ones([9]);
        throw new Error('mine');
      }),
    /mine/,
  );
  assert.equal(counted().tensors, before);
});

test('using ends a tensor at the end of its block', () => {
  const before = counted().tensors;
  {
    using x = tf.ones([4]);
    assert.equal(x.size, 4);
  }
  assert.equal(counted().tensors, before);
});

for (const [name, make, from] of [
  ['WeakSet', fromWeakSet, 1e6],
  ['inspector', fromInspector, 2e6],
] as const) {
  test(`the ${name} oracle finds the pages that something holds, inside one job`, () => {
    const oracle = make()!;
    assert.equal(oracle.name, name);
    const kept: Page[] = [];
    const fill = (): void => {
      for (let slot = 0; slot < 3000; slot++) {
        const page = new Page(from + slot, slot * 64, 64, 64);
        oracle.watch(page);
        if (slot % 100 === 0) kept.push(page);
      }
    };
    fill();
    const alive = oracle.survivors().filter(({ slot }) => slot >= from);
    for (const page of kept) assert.ok(alive.includes(page));
    // V8 may still have one or two that its registers were last busy with.
    assert.ok(alive.length <= kept.length + 3, `${alive.length} of ${kept.length}`);
  });
}

test('memory comes back from tensors that were only dropped, in one synchronous job', () => {
  const before = tf.memory();
  const drop = (): void => {
    for (let i = 0; i < 50; i++) tf.ones([1000]).add(i);
  };
  drop();
  assert.ok(counted().tensors >= before.tensors + 100);
  const after = tf.memory();
  // The one that the last line may still have in a register.
  assert.ok(after.tensors <= before.tensors + 2, `${after.tensors} of ${before.tensors}`);
});

test('a synchronous loop that makes tensors of 4 MB and drops them stays under 1 GB', () => {
  let x = tf.zeros([1024, 1024]);
  let most = 0;
  for (let i = 0; i < 1500; i++) {
    x = x.add(1);
    if (i % 50 === 0) most = Math.max(most, process.memoryUsage.rss());
  }
  assert.equal(Number(x.data()[77]), 1500);
  assert.ok(most < 1e9, `${most} bytes resident`);
});

test('small ones come back too: a hundred thousand of 64 bytes, one kept in a thousand', () => {
  const kept: tf.Tensor[] = [];
  const fill = (): void => {
    const one = tf.ones([16]);
    for (let i = 0; i < 100_000; i++) {
      const y = one.add(one);
      if (i % 10_000 === 0) kept.push(y);
    }
  };
  fill();
  const { tensors } = tf.memory();
  // A page of 1,024 small storages lives as long as one of them.
  assert.ok(tensors < 20_000, `${tensors} storages`);
  for (const tensor of kept) assert.equal(Number(tensor.data()[3]), 2);
});

test('large elementwise ops find the room of those before them, so that the system need not give pages', () => {
  const x = tf.ones([2 ** 22]);
  const add = (times: number): number => {
    const before = process.resourceUsage().minorPageFault;
    for (let i = 0; i < times; i++) x.add(x).dispose();
    return process.resourceUsage().minorPageFault - before;
  };
  add(2);
  // Fresh pages for each would be 4,096.
  assert.ok(add(50) < 4096);
  x.dispose();
});

test('beside a constant a tape keeps the constant alone, which is all that the gradient reads', () => {
  const x = tf.variable(tf.ones([64, 64]));
  const constant = tf.ones([64]);
  const square = tf.ones([64, 64]);
  using tape = new tf.GradientTape({ persistent: true });
  const y = x.mul(3).mul(constant).div(constant);
  assert.equal(counted().saved, 4 * (1 + 64));
  const z = square.matMul(x).mul(y);
  assert.equal(counted().saved, 4 * (1 + 64 + 3 * 64 * 64));
  assert.equal(tape.gradient(z, x)!.sum().item(), 2 * 3 * 64 ** 3);
});

test('memory lists what holds the bytes, each storage once and most first', () => {
  const kept = [
    tf.variable(tf.ones([100, 100]), true, 'weights'),
    tf.ones([50]),
    tf.ones([30, 30]),
  ] as const;
  const view = kept[2].transpose();
  const drop = (): void => void tf.ones([77, 77]);
  drop();
  using tape = new tf.GradientTape({ persistent: true });
  void kept[0].square();
  const { list } = tf.memory({ list: true });
  const found = (tensor: string) => list!.filter((one) => one.tensor === tensor);
  assert.deepEqual(found('f32[100,100]')[0], {
    tensor: 'f32[100,100]',
    name: 'weights',
    bytes: 40_000,
    device: 'cpu',
    saved: true,
  });
  assert.deepEqual([found('f32[50]').length, found('f32[30,30]').length], [1, 1]);
  assert.equal(found('f32[50]')[0]!.saved, false);
  assert.equal(found('f32[77,77]').length, 0);
  const bytes = list!.map((one) => one.bytes);
  assert.deepEqual(
    bytes,
    bytes.toSorted((a, b) => b - a),
  );
  assert.equal(tf.memory().list, undefined);
  assert.ok(tape.state === 'recording' && view.size === 900);
});
