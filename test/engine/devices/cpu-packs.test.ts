import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../../engine/index.ts';
import { edit } from '../../../engine/edit.ts';
import type { Buf, Bytes } from '../../../engine/device.ts';
import { Packs } from '../../../engine/devices/cpu/packs.ts';
import type { Room } from '../../../engine/devices/cpu/room.ts';
import { kit } from '../../kit/cpu.ts';
import { ordinary } from '../../kit/values.ts';

const [m, inner, n] = [16, 70, 100];
const k = kit(64);

function operands(): readonly [x: Buf, y: Buf, out: Buf] {
  k.reset();
  const x = k.make([m, inner], ordinary('f32', 1));
  return [x, k.make([inner, n], ordinary('f32', 2)), k.make([m, n])];
}

test('a right side that comes again is multiplied as it was packed, until it is written over', () => {
  const [x, y, out] = operands();
  const products = Array.from({ length: 4 }, () => {
    k.cpu.matMul(out, x, y);
    return k.bits(out);
  });
  for (const product of products) assert.deepEqual(product, products[0]);
  // Behind its back: nobody reads it any more.
  k.cpu.fill(y, 0);
  k.cpu.matMul(out, x, y);
  assert.deepEqual(k.bits(out), products[0]);
  y.storage.bytes.version++;
  k.cpu.matMul(out, x, y);
  assert.deepEqual(new Set(k.read(out)), new Set([0]));
});

test('a right side on its side, or another part of it, is packed anew', () => {
  const [x] = operands();
  const square = k.make([2 * inner, inner], ordinary('f32', 2));
  const parts = [0, inner * inner].flatMap((offset) =>
    [
      [inner, 1],
      [1, inner],
    ].map((strides): Buf => ({
      ...square,
      shape: [inner, inner],
      size: inner * inner,
      offset,
      strides,
    })),
  );
  for (let turn = 0; turn < 3; turn++)
    for (const y of parts)
      for (let again = 0; again < 3; again++) {
        const [got, want] = [k.make([m, inner]), k.make([m, inner])];
        k.cpu.matMul(got, x, y);
        k.packs.clear();
        k.cpu.matMul(want, x, y);
        assert.deepEqual(k.bits(got), k.bits(want));
      }
});

test('kept packs are bit-equal for any number of threads, in columns and depths of several blocks', () => {
  const teams = [1, 2, 3].map((threads) =>
    kit(64, undefined, { threads, least: 1, grain: 1, alone: 0 }),
  );
  for (const [rows, deep, wide] of [
    [16, 300, 40],
    [100, 300, 20],
    [7, 30, 2070],
  ] as const) {
    const bits = teams.map((team) => {
      team.reset();
      const x = team.make([rows, deep], ordinary('f32', 1));
      const y = team.make([deep, wide], ordinary('f32', 2));
      return [1, 2, 3].map(() => {
        const out = team.make([rows, wide]);
        team.cpu.matMul(out, x, y);
        return team.bits(out);
      });
    });
    for (const one of bits.flat()) assert.deepEqual(one, bits[0]![0]);
  }
});

test('packs take room for eight megabytes at most, and give it back', () => {
  const taken = new Map<number, number>();
  let [next, most] = [2 ** 16, 0];
  const total = () => [...taken.values()].reduce((sum, length) => sum + length, 0);
  const room: Pick<Room, 'take' | 'give'> = {
    take(length) {
      const at = next;
      next += length;
      taken.set(at, length);
      most = Math.max(most, total());
      return at;
    },
    give: (at, length) => void (assert.equal(taken.get(at), length), taken.delete(at)),
  };
  const packs = new Packs(room);
  // Packs nothing, so that addresses may be any.
  const kernels = { ...k.wasm, exports: { ...k.wasm.exports, packY() {} } };
  const bytes = Array.from({ length: 20 }, () => ({ version: 0 }) as unknown as Bytes);
  const find = (one: Bytes, wide = 512): number =>
    packs.find(kernels, one, { at: 64, row: 4 * wide, column: 4 }, 512, wide);
  for (const one of bytes) for (let turn = 0; turn < 3; turn++) find(one);
  assert.ok(total() > 0 && most <= 2 ** 23, `${most}`);
  const last = bytes.at(-1)!;
  assert.ok(find(last) > 0);
  const before = total();
  packs.forget(last);
  assert.equal(total(), before - 2 ** 20);
  // What is too large for that is never kept.
  for (let turn = 0; turn < 3; turn++) assert.equal(find(last, 8192), 0);
  packs.clear();
  assert.equal(total(), 0);
});

test('whatever changes weights, the next product has them as they are', () => {
  const x = tf.randomNormal([m, inner]);
  const w = tf.variable(tf.randomNormal([inner, n]));
  const product = () => x.matMul(w).array();
  const check = (what: string) => {
    const fresh = tf.tensor(w.data() as Float32Array, [inner, n]);
    for (let turn = 0; turn < 3; turn++) assert.deepEqual(product(), x.matMul(fresh).array(), what);
  };
  check('at first');
  w.assign(tf.randomNormal([inner, n]));
  check('assign');
  w.assignAdd(tf.ones([inner, n]));
  check('assignAdd');
  w.assignAt('1:, ::2', 3);
  check('assignAt');
  edit(w, (elements) => elements.fill(2 as never));
  check('edit');
  for (const optimizer of [new tf.SGD(0.1), new tf.Adam(0.1)]) {
    optimizer.minimize(() => x.matMul(w).square().mean(), [w]);
    check('optimizer');
  }
});

test('what is kept does not keep its tensor alive', () => {
  const x = tf.randomNormal([m, 256]);
  const before = tf.memory().bytes;
  const turn = () => {
    const w = tf.randomNormal([256, 256]);
    for (let again = 0; again < 3; again++) x.matMul(w).dispose();
  };
  for (let i = 0; i < 20; i++) turn();
  assert.equal(tf.memory().bytes, before);
});
