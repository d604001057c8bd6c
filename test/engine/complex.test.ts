import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { fit, parse, show } from '../../engine/element.ts';
import * as tf from '../../engine/index.ts';
import { rowOf } from '../../engine/rows.ts';
import { assign, setElement } from '../../engine/user-edits.ts';
import { cellsOf, childrenOf } from '../../engine/cells.ts';

const z = () => tf.complex([1, 2, 3], [0.5, -2, 10]);

test('complex numbers are made of their parts, of literals and of typed arrays', () => {
  assert.equal(z().dtype, 'c64');
  assert.equal(tf.complex([1], new Float64Array([2])).dtype, 'c128');
  const literal = tf.tensor([[{ re: 1, im: 2 }, 3]]);
  assert.deepEqual([literal.dtype, literal.shape], ['c64', [1, 2]]);
  assert.deepEqual(literal.array(), [
    [
      { re: 1, im: 2 },
      { re: 3, im: 0 },
    ],
  ]);
  const typed = tf.tensor(new Float64Array([1, 2, 3, 4]), undefined, 'c128');
  assert.deepEqual(typed.shape, [2]);
  assert.deepEqual(tf.tensor(typed.data(), typed.shape, 'c128').array(), typed.array());
  assert.deepEqual(tf.full([1], { re: 0, im: 1 }).array(), [{ re: 0, im: 1 }]);
  assert.deepEqual(tf.eye(2, 2, [], 'complex64').real().array(), [
    [1, 0],
    [0, 1],
  ]);
  assert.throws(() => tf.tensor([{ re: 1, im: 2 }], [1], 'f32'), /complex values do not fit f32/);
  assert.throws(() => tf.tensor(new Float32Array(3), [2], 'c64'), /which take two each/);
});

test('a complex number is read as its parts', () => {
  assert.deepEqual(z().data(), new Float32Array([1, 0.5, 2, -2, 3, 10]));
  assert.deepEqual(z().reverse().slice([1], [1]).data(), new Float32Array([2, -2]));
  assert.deepEqual(z().slice([1], [1]).item(), { re: 2, im: -2 });
  const strange = tf.complex([NaN], [0.1]);
  assert.equal(JSON.stringify(strange), '[{"re":"NaN","im":0.1}]');
  assert.throws(() => Number(z().slice([0], [1])), /is not one number/);
});

test('a number beside complex ones is one of them', () => {
  assert.equal(z().add(1).dtype, 'c64');
  assert.equal(z().mul(tf.ones([3])).dtype, 'c64');
  assert.equal(z().mul(tf.ones([3], 'f64')).dtype, 'c128');
  assert.deepEqual(tf.tensor([2]).mul({ re: 0, im: 1 }).array(), [{ re: 0, im: 2 }]);
  assert.equal(tf.ones([1], 'f64').add({ re: 0, im: 1 }).dtype, 'c128');
});

test('prints as NumPy 1.24 does', () => {
  const text = (tensor: tf.Tensor) => inspect(tensor).replace(/^\S+ cpu\s/, '');
  assert.equal(text(z()), '[1. +0.5j 2. -2.j  3.+10.j ]');
  assert.equal(
    text(
      tf.complex(
        [
          [1e-9, 2.5],
          [NaN, -0],
        ],
        [
          [-1, 0],
          [Infinity, 1 / 3],
        ],
      ),
    ),
    '[[ 1.0e-09-1.j          2.5e+00+0.j        ]\n [     nan       +infj -0.0e+00+0.33333334j]]',
  );
  assert.equal(text(tf.complex(1, -2)), '1-2j');
});

test('a debugger shows and takes complex numbers', () => {
  const t = z();
  assert.equal(rowOf(t).text, 'c64[3] cpu  abs mean 4.8  sd 4.05');
  assert.equal(rowOf(tf.complex(1, 2)).text, 'c64[] cpu  1+2j');
  assert.equal(rowOf(tf.complex([NaN, 1, 1], [0, 0, -Infinity])).stats?.nan, 1);
  assert.equal(childrenOf(t, [], 1, 1)[0]!.text, '2-2j');
  const all = { rowAxis: null, columnAxis: 0, at: [0], rows: [0, 1], columns: [0, 3] } as const;
  assert.deepEqual(cellsOf(t, all), { text: ['1+0.5j', '2-2j', '3+10j'] });
  setElement(t, [1], '-1e-3+.5i');
  assert.deepEqual(t.slice([1], [1]).item(), { re: Math.fround(-1e-3), im: 0.5 });
  assign(t, [1, { re: 0, im: 1 }, 2]);
  assert.deepEqual(t.data(), new Float32Array([1, 0, 0, 1, 2, 0]));
  assign(t, tf.tensor([3, 4, 5]));
  assert.deepEqual(t.data(), new Float32Array([3, 0, 4, 0, 5, 0]));
  assert.throws(() => setElement(t, [0], 'one'), /'one' is not a value of c64: 1\+2j, 3 or/);
  assert.throws(() => setElement(tf.tensor([1]), [0], '1+2j'), /'1\+2j' is not a value of f32/);
  assert.throws(() => fit({ re: 1, im: 2 }, 'f32'), /1\+2j is not a value of f32/);
});

test('what a user types for a complex number is taken as it is meant', () => {
  const typed: readonly (readonly [text: string, re: number, im: number])[] = [
    ['1+2j', 1, 2],
    ['-j', 0, -1],
    ['3', 3, 0],
    [' 1.5e-3 - 2e+2i ', 1.5e-3, -200],
    ['NaN+infj', NaN, Infinity],
    ['-inf', -Infinity, 0],
    ['2e3j', 0, 2000],
  ];
  for (const [text, re, im] of typed) assert.deepEqual(fit(parse(text, 'c64'), 'c64'), { re, im });
  for (const text of ['1+', 'j1', '1 2j', '1+2']) {
    assert.throws(() => parse(text, 'c64'), /is not a value of c64/, text);
  }
  assert.equal(show({ re: -0, im: NaN }, 'c64'), '-0+NaNj');
});

test('a complex target has no gradient by itself', () => {
  const x = z();
  assert.throws(
    () => tf.grad((x) => x.mul(x))(x),
    /gradient: the target is c64\[3\].*take real\(\)/,
  );
  const g = tf.grad((x) => x.mul(x))(x, tf.complex([1, 1, 1], [0, 0, 0]));
  assert.deepEqual(g.array(), x.mul(2).conj().array());
});

test('gradient descent along a complex gradient comes to the root', () => {
  // |z^2 + 1|^2 is least at i.
  let z = tf.complex(0.5, 0.5);
  const f = tf.grad((z) => z.square().add(1).abs().square());
  for (let i = 0; i < 200; i++) z = z.sub(f(z).mul(0.05));
  const { re, im } = z.item() as unknown as { re: number; im: number };
  assert.ok(Math.hypot(re, im - 1) < 1e-5, `${re} + ${im}i`);
});

test('a complex variable is assigned and a complex tensor moves between devices', () => {
  const v = tf.variable(tf.complex([1, 2], [3, 4]));
  v.assign(tf.complex([5, 6], [7, 8]));
  assert.deepEqual(v.data(), new Float32Array([5, 7, 6, 8]));
  assert.deepEqual(
    v.reverse().to('plain').mul(2).to('cpu').data(),
    new Float32Array([12, 16, 10, 14]),
  );
});

/** The first places where elements differ, and what they are there. */
function differing(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>) {
  const places = Array.from({ length: b.length }, (_, i) => i);
  const apart = places.filter((i) => !Object.is(a[i], b[i]));
  return apart.slice(0, 5).map((i) => [i, a[i], b[i]]);
}

test('what is compiled for complex numbers has the bits of the formulas, on any number of threads', () => {
  const odd = [0, -0, 1, -2.5, 3e38, 1e-40, 1e200, 1e-200, Infinity, -Infinity, NaN];
  const all = odd.flatMap((re) => odd.map((im) => [re, im] as const));
  const values = Array.from({ length: 19_600 }, (_, i) => all[i % all.length]!);
  for (const dtype of ['c64', 'c128'] as const) {
    const [one, two, three] = [1, 2, 0].map((threads) => {
      tf.setDevice(threads === 0 ? 'plain' : 'cpu');
      if (threads > 0) tf.setThreads(threads);
      const part = (which: 0 | 1) => tf.tensor(values.map((value) => value[which]!)).cast('f64');
      const x = tf.complex(part(0), part(1)).cast(dtype);
      const y = x.roll(7).add(tf.complex(1, 2));
      const rows = x.reshape([140, 140]);
      const made = [
        x.mul(y),
        x.div(y),
        x.square(),
        x.mul(tf.complex(0.5, -2)),
        tf.complex(0.5, -2).div(x),
        x.mul(x.real()),
        x.sub(y.imag()),
        rows.mul(rows.transpose()),
        rows.div(rows.slice([0, 0], [1, 140])),
        x.abs(),
      ];
      return made.map((t) => t.data());
    });
    one!.forEach((want, which) => {
      for (const got of [two, three])
        assert.deepEqual(differing(got![which]!, want), [], `${dtype}, ${which}`);
    });
  }
  tf.setDevice('cpu');
});

test('a matrix product of complex numbers is the sum of their products, strided and in batches too', () => {
  const draw = (...shape: number[]) => tf.complex(tf.randomNormal(shape), tf.randomNormal(shape));
  const [x, y] = [draw(2, 3, 4), draw(2, 5, 4)];
  const sums = x.expandDims(-2).mul(y.expandDims(-3)).sum(-1);
  assert.ok(x.matMul(y, false, true).sub(sums).abs().max().item() < 1e-5);
  const wide = draw(5, 8).slice([0, 2], [5, 4]).transpose();
  const apart = x.expandDims(-1).mul(wide.expandDims(0).expandDims(0)).sum(-2);
  assert.ok(x.matMul(wide).sub(apart).abs().max().item() < 1e-5);
  assert.deepEqual(draw(2, 0).matMul(draw(0, 3)).data(), new Float32Array(12));
});
