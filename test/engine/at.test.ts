import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Index } from '../../engine/indexing/at.ts';
import * as tf from '../../engine/index.ts';
import { parseIndex } from '../../engine/indexing/index-text.ts';

const x = tf.range(0, 24).reshape([2, 3, 4]);

// What NumPy gives for arange(24).reshape(2, 3, 4).
const known: readonly (readonly [Index[], number[], number[]])[] = [
  [['0'], [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  [['-1, 1:, ::-2'], [2, 2], [19, 17, 23, 21]],
  [['..., 1'], [2, 3], [1, 5, 9, 13, 17, 21]],
  [['newaxis, :, 0, None'], [1, 2, 1, 4], [0, 1, 2, 3, 12, 13, 14, 15]],
  [['5:, 2:0'], [0, 0, 4], []],
  [['::-1, -9:2:1, 3:-9:-2'], [2, 2, 2], [15, 13, 19, 17, 3, 1, 7, 5]],
  [
    [[1, 0], ':1', '::2'],
    [2, 1, 2],
    [12, 14, 0, 2],
  ],
  [[':, [0, 2], 1:3'], [2, 2, 2], [1, 2, 9, 10, 13, 14, 21, 22]],
  [['[[0], [1]], [0, -1]'], [2, 2, 4], [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]],
  [
    [0, ':', [1, 2]],
    [2, 3],
    [1, 5, 9, 2, 6, 10],
  ],
  [
    [[0, 1], ':', [1, 2]],
    [2, 3],
    [1, 5, 9, 14, 18, 22],
  ],
  [['1, [0, 1], newaxis, 2'], [2, 1], [14, 18]],
  [[':, 1, [3, 0]'], [2, 2], [7, 4, 19, 16]],
  [['[true, false]'], [1, 3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  [[':, [True, False, True], ::3'], [2, 2, 2], [0, 3, 8, 11, 12, 15, 20, 23]],
  [['[0, 1], [true, false, true]'], [2, 4], [0, 1, 2, 3, 20, 21, 22, 23]],
  [['[], 0'], [0, 4], []],
  [['1, 1, ..., [[0, 1], [2, 3]]'], [2, 2], [16, 17, 18, 19]],
  [[null, 1, '1,', 1], [1], [17]],
  [[Int32Array.of(1), tf.tensor(2n), tf.tensor([0, 3], [2], 'u8')], [2], [20, 23]],
  [[x.greater(20)], [3], [21, 22, 23]],
  [[1, x.at('1').less(14)], [2], [12, 13]],
];

suite('at means what NumPy means', () => {
  for (const [index, shape, values] of known) {
    test(index.map(String).join(' | '), () => {
      const part = x.at(...index);
      assert.deepEqual(part.shape, shape);
      assert.deepEqual([...part.data()], values);
    });
  }
  test('nothing', () => assert.deepEqual(x.at().shape, [2, 3, 4]));
  test('the same of a strided tensor', () => {
    const turned = x.transpose().clone().transpose();
    for (const [index, , values] of known) {
      assert.deepEqual([...turned.at(...index).data()], values);
    }
  });
});

test('without lists and masks nothing is copied', () => {
  assert.equal(x.at('0, ::-1, ..., newaxis').storage, x.storage);
  assert.equal(x.at().storage, x.storage);
});

suite('what is no index is pointed at', () => {
  const says = (message: string, ...index: unknown[]): void =>
    void test(message.split('\n')[0]!, () =>
      assert.throws(() => x.at(...(index as Index[])), { message }),
    );
  says('at: a step of 0 never arrives\n  0, ::0\n     ^^^', '0, ::0');
  says(
    "at: 'a:3' is no index; there are whole numbers, slices (1:, ::-1), ..., newaxis and lists\n  a:3, 2\n  ^^^",
    'a:3, 2',
  );
  says(
    'at: nothing stands here; there are whole numbers, slices (1:, ::-1), ..., newaxis and lists\n  1, , 2\n     ^',
    '1, , 2',
  );
  says('at: a bracket is not closed\n  0, [1, 2\n     ^^^^^', '0, [1, 2');
  says('at: a bracket that was not opened\n  0]\n   ^', '0]');
  says("at: '[1.5]' is no list of whole numbers, or of true and false\n  [1.5]\n  ^^^^^", '[1.5]');
  says('at: index 7 lies outside axis 1 of [2,3,4] (-3 to 2)\n  0, 7\n     ^', '0, 7');
  says('at: index 2 lies outside axis 0 of [2,3,4] (-2 to 1)', 2);
  says('at: index 7 at [1] lies outside axis 1 of [2,3,4] (-3 to 2)', 0, [1, 7]);
  says('at: more than one ellipsis; there can be one\n  ..., 0, ...\n          ^^^', '..., 0, ...');
  says('at: the index speaks of 4 axes; [2,3,4] has 3\n  0, 0, 0, 0', '0, 0, 0, 0');
  says(
    'at: a mask [2] for the axes from 1 on of [2,3,4]; its shape must be theirs',
    ':, [true, false]',
  );
  says(
    'at: [2] and [3] do not broadcast (2 against 3; lengths must be equal or 1, counted from the last axis)',
    [0, 1],
    [0, 1, 2],
  );
  says('at: an index is f32; it must be integers or a mask (cast it to i32)', tf.tensor([1]));
  says('at: 0.5 in a list of positions; they must be whole numbers', [0.5]);
  says(
    "at: index 1 is 0.5; it must be a whole number, a text such as '1:, ::-1', null for a new axis, a list or a tensor",
    0,
    0.5,
  );
});

test('an index is read without a tensor', () => {
  const items = parseIndex('at', ' 1:, -2 , ...,[[1, 2]], newaxis,');
  assert.deepEqual(
    items.map(({ is }) => is),
    ['slice', 'position', 'ellipsis', 'list', 'newAxis'],
  );
  const { begin, end } = items[1]!.source;
  assert.equal(items[1]!.source.text.slice(begin, end), '-2');
  assert.deepEqual(parseIndex('at', '  '), []);
});

test('gradients flow to what was picked, and are summed', () => {
  const f = (t: tf.Tensor) => t.at('[0, 0, 1], 1:').mul(10).sum();
  assert.deepEqual(
    tf
      .grad(f)(tf.ones([2, 3]))
      .array(),
    [
      [0, 20, 20],
      [0, 10, 10],
    ],
  );
  const g = (t: tf.Tensor) => t.at('::-2').mul([1, 2]).sum();
  assert.deepEqual(
    tf
      .grad(g)(tf.ones([4]))
      .array(),
    [0, 2, 0, 1],
  );
});

test('with gives a copy with other values', () => {
  const y = x.with('0, [0, 2], ::2', [[1, 2]]).with(1, ':', [3, 3], -1);
  assert.deepEqual(y.at(0).array(), [
    [1, 1, 2, 3],
    [4, 5, 6, 7],
    [1, 9, 2, 11],
  ]);
  assert.deepEqual(y.at('1, :, 3').array(), [-1, -1, -1]);
  assert.deepEqual(x.with(x.greater(1), 0).sum().item(), 1);
  assert.equal(x.with('0', tf.zeros([4], 'f64')).dtype, 'f32');
  assert.deepEqual(tf.ones([2]).with(7).array(), [7, 7]);
  // Two axes apart: what the lists make stands in front.
  const apart = x.with([0, 1], ':', [0, 3], [[-1, -2, -3], [-4, -5, -6]]); // prettier-ignore
  assert.deepEqual(apart.at('0, :, 0').array(), [-1, -2, -3]);
  assert.deepEqual(apart.at('1, :, 3').array(), [-4, -5, -6]);
  assert.throws(() => x.with('0, 0', [1, 2]), {
    message: 'with: a value [2] does not broadcast to the [4] that the index means',
  });
  assert.throws(() => (x as any).with(), /with: no value; it comes after the index/);
});

test('with lets gradients through to both', () => {
  const f = (t: tf.Tensor, v: tf.Tensor) => t.with('[0, 2, 0], 1', v).square().sum();
  const [forX, forValue] = tf.grads(f)([tf.ones([3, 2]), tf.tensor([5, 6, 7])]);
  assert.deepEqual(forX!.array(), [
    [2, 0],
    [2, 2],
    [2, 0],
  ]);
  assert.deepEqual(forValue!.array(), [0, 12, 14]);
});

test('a part of a variable is assigned in place while nothing else looks at it', () => {
  const v = tf.variable(tf.zeros([3, 4]), true, 'v');
  const place = v.storage.bytes;
  v.assignAt('1:, ::-2', [[1, 2], [3, 4]]).assignAt(0, -1, 9); // prettier-ignore
  assert.equal(v.storage.bytes, place);
  const expected = [
    [0, 0, 0, 9],
    [0, 2, 0, 1],
    [0, 4, 0, 3],
  ];
  assert.deepEqual(v.array(), expected);
  const view = v.at('1');
  v.assignAt(0, 1);
  v.assignAt([1, 2], 0, 7);
  assert.deepEqual(view.array(), expected[1]);
  assert.deepEqual(v.array(), [
    [1, 1, 1, 1],
    [7, 2, 0, 1],
    [7, 4, 0, 3],
  ]);
  // What it takes from itself is what it was before.
  v.assignAt('0', v.at('0, ::-1')).assignAt('1:', v.at(':2'));
  assert.deepEqual(v.at(2).array(), [7, 2, 0, 1]);
  assert.throws(
    () => v.assignAt('0', [1, 2]),
    /assignAt: a value \[2\] does not broadcast to the \[4\] that the index means/,
  );
});

test('a tape keeps what it saw before a part was assigned', () => {
  const v = tf.variable([1, 2, 3]);
  using tape = new tf.GradientTape();
  const y = v.mul(v).sum();
  v.assignAt('1:', [10, 20]);
  assert.deepEqual(tape.gradient(y, v)!.array(), [2, 4, 6]);
});

test('what is no variable says how it is assigned to', () => {
  const part = tf.variable([1, 2, 3]).slice(1) as unknown as tf.Variable;
  assert.throws(() => part.assign([1, 1]), {
    message:
      "assign: f32[2] is no variable; variables alone change: v.assignAt('1:', value) for a part of one, x.with('1:', value) for a copy of a tensor",
  });
});
