/** Linear algebra against its own laws, at many sizes and ranks, and where formulas have a choice. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { eye, tensor } from '../../engine/creation.ts';
import { functions as tf } from '../../engine/functions.ts';
import { setDevice } from '../../engine/placement.ts';
import { GradientTape } from '../../engine/tape.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { draws } from '../kit/samples.ts';

/** An m by n matrix whose rank is no more than r, in f64. */
const matrices = fc
  .record({
    m: fc.integer({ min: 0, max: 9 }),
    n: fc.integer({ min: 0, max: 9 }),
    r: fc.integer({ min: 0, max: 9 }),
    scale: fc.constantFrom(1, 1e-200, 1e150),
    seed: fc.nat(),
  })
  .map(({ m, n, r, scale, seed }) => {
    const draw = draws(seed);
    const part = (rows: number, columns: number) =>
      tensor(
        Array.from({ length: rows * columns }, () => draw() * 2 - 1),
        [rows, columns],
        'f64',
      );
    return { x: part(m, r).matMul(part(r, n)).mul(scale), m, n, r, scale };
  });

suite('linear algebra', () => {
  setDevice('plain');

  law('qr', ({ x, m, n, scale }) => {
    for (const full of [false, true]) {
      const { q, r } = tf.qr(x, full);
      const k = full ? m : Math.min(m, n);
      assert.deepEqual([q.shape, r.shape], [[m, k], [k, n]]); // prettier-ignore
      near(q.matMul(r), x, scale);
      near(q.matMul(q, true), eye(k, k, [], 'f64'));
      near(r.bandPart(0, -1), r, 0);
    }
  });

  law('lu', ({ x, m, n, scale }) => {
    const { l, u, p } = tf.lu(x);
    const k = Math.min(m, n);
    near(l.matMul(u), x.gather(p), scale);
    near(l.bandPart(-1, 0), l, 0);
    near(u.bandPart(0, -1), u, 0);
    near(l.bandPart(0, 0), eye(m, k, [], 'f64'), 0);
    assert.ok(l.size === 0 || l.abs().max().item() <= 1);
  });

  law('svd', ({ x, m, n, r, scale }) => {
    const [least, most] = [Math.min(m, n), Math.max(m, n)];
    for (const full of [false, true]) {
      const { s, u, v } = tf.svd(x, full);
      const part = (t: Tensor) => t.slice([0, 0], [-1, least]);
      near(part(u).mul(s).matMul(part(v), false, true), x, scale);
      near(u.matMul(u, true), eye(u.shape[1]!, undefined, [], 'f64'));
      near(v.matMul(v, true), eye(v.shape[1]!, undefined, [], 'f64'));
      const values = [...(s.data() as Float64Array)];
      assert.deepEqual(
        values,
        values.toSorted((a, b) => b - a),
      );
      assert.ok(values.every((value) => value >= 0));
      near(tf.svd(x, full, false).s, s, scale);
    }
    assert.ok(tf.matrixRank(x).item() <= Math.min(r, least), `${most}`);
  });

  law('eigh', ({ x, m, scale }) => {
    const unscaled = x.div(scale);
    const a = unscaled.matMul(unscaled, false, true).mul(scale);
    const { eigenvalues, eigenvectors: v } = tf.eigh(a);
    near(v.mul(eigenvalues).matMul(v, false, true), a, scale);
    near(v.matMul(v, true), eye(m, undefined, [], 'f64'));
    const values = [...(eigenvalues.data() as Float64Array)];
    assert.deepEqual(
      values,
      values.toSorted((p, q) => p - q),
    );
  });

  law('eigvals', ({ x, m, scale }) => {
    // Those of a symmetric matrix are real, and turning a matrix does not change them.
    const unscaled = x.div(scale);
    const a = unscaled.matMul(unscaled, false, true).mul(scale);
    const values = tf.eigvals(a);
    near(values.real(), tf.eigh(a).eigenvalues, scale * 10);
    near(tf.eigvals(a.bandPart(0, -1)).real().sum(), a.trace(), scale * 10);
    assert.deepEqual([values.dtype, values.shape], ['c128', [m]]);
  });

  law('cholesky, solve, inv and det', ({ x, m, scale }) => {
    const unscaled = x.div(scale);
    const one = eye(m, undefined, [], 'f64');
    const a = unscaled.matMul(unscaled, false, true).add(one);
    const l = tf.cholesky(a);
    near(l.matMul(l, false, true), a);
    near(a.matMul(a.solve(x)), x, scale);
    near(l.choleskySolve(x), a.solve(x), scale);
    near(a.matMul(a.inv()), one);
    near(tf.slogdet(a).logAbsDeterminant, a.det().log());
    near(a.det(), tf.eigh(a).eigenvalues.prod());
  });

  law('pinv', ({ x, m, n, scale }) => {
    // The four conditions of Penrose. Products of scaled ones would leave the range.
    const a = x.div(scale);
    const p = tf.pinv(a);
    assert.deepEqual(p.shape, [n, m]);
    near(a.matMul(p).matMul(a), a, 100);
    const size = p.size === 0 ? 1 : p.abs().max().item();
    near(p.matMul(a).matMul(p), p, 100 * size ** 2);
    for (const t of [a.matMul(p), p.matMul(a)]) near(t, t.transpose(), 100 * size);
  });

  law('expm', ({ x, m, scale }) => {
    // A matrix commutes with itself, and one that is skew turns.
    const unscaled = x.div(scale);
    const a = unscaled.matMul(unscaled, false, true);
    near(tf.expm(a.mul(-0.1)).matMul(tf.expm(a.mul(0.1))), eye(m, undefined, [], 'f64'), 1e3);
    const shifted = a.bandPart(0, -1).sub(a.bandPart(0, -1).transpose());
    near(tf.expm(shifted).matMul(tf.expm(shifted), true), eye(m, undefined, [], 'f64'));
  });

  test('eigvals of a matrix whose rows repeat, so that much of it turns to zero', () => {
    const draw = draws(3);
    const rows = Array.from({ length: 8 * 96 }, () => draw() * 2 - 1);
    const x = tensor(rows, [8, 96], 'f64').tile([12, 1]);
    const values = tf.eigvals(x);
    near(values.real().sum(), x.trace(), 10);
    assert.ok(values.abs().greater(0.1).cast('i32').sum().item() <= 8);
  });

  test('the gradient of the determinant of singular matrices are the cofactors', () => {
    const gradient = (values: readonly number[], n: number) => {
      const x = tensor([...values], [n, n], 'f64');
      const tape = new GradientTape();
      tape.watch(x);
      return tape.gradient(tf.det(x), x)!;
    };
    const x = [1, 2, 3, 4, 5, 6, 5, 7, 9];
    near(gradient(x, 3), tensor([[3, -6, 3], [3, -6, 3], [-3, 6, -3]], undefined, 'f64')); // prettier-ignore
    near(gradient([0, 0, 0, 1], 2), tensor([[1, 0], [0, 0]], undefined, 'f64')); // prettier-ignore
    near(gradient([1, 0, 0, 0, 0, 0, 0, 0, 0], 3), tf.zeros([3, 3], 'f64'));
  });

  test('values alone have a gradient where several are equal', () => {
    const x = eye(3, undefined, [], 'f64');
    for (const f of [
      () => tf.eigh(x).eigenvalues,
      () => tf.svd(x).s,
      () => tf.svd(x, false, false).s,
    ]) {
      const tape = new GradientTape();
      tape.watch(x);
      near(tape.gradient(f(), x)!, x);
    }
  });

  test('qr says where it has no gradient', () => {
    const x = tf.randomNormal([3, 2], 0, 1, 'f64');
    const tape = new GradientTape();
    tape.watch(x);
    const { q } = tf.qr(x, true);
    assert.throws(() => tape.gradient(q, x), /qr: with fullMatrices there is no gradient for more/);
  });

  test('what is not finite is not decomposed', () => {
    for (const [at, odd] of [0, 1, 4, 5, 8].flatMap(
      (i) =>
        [
          [i, NaN],
          [i, Infinity],
        ] as const,
    )) {
      const list = [1, 2, 3, 4, 5, 6, 7, 8, 10].with(at, odd);
      const x = tensor(list, [3, 3], 'f64');
      const { s, u } = tf.svd(x);
      const { eigenvalues } = tf.eigh(x);
      const values = tf.eigvals(x);
      const { eigenvectors } = tf.eig(x);
      const all = [eigenvalues, s, u, tf.expm(x), tf.pinv(x), values, eigenvectors];
      all.forEach((t, i) => assert.ok(t.isNaN().all().item(), `result ${i}, ${odd} at ${at}`));
    }
  });
});

function law(
  name: string,
  holds: (given: typeof matrices extends fc.Arbitrary<infer T> ? T : never) => void,
): void {
  test(`the laws of ${name}`, () => {
    fc.assert(fc.property(matrices, holds), { numRuns: 60, seed: 4 });
  });
}

/** Equal but for rounding in numbers of that size. */
function near(a: Tensor, b: Tensor, scale = 1): void {
  assert.deepEqual(a.shape, b.shape);
  if (a.size === 0) return;
  const [x, y] = [a.data() as Float64Array, b.data() as Float64Array];
  x.forEach((value, i) => {
    const gap = Math.abs(value - y[i]!);
    assert.ok(
      gap <= 2e-12 * Math.max(scale, Math.abs(value) * 10),
      `element ${i}: ${value}, not ${y[i]}`,
    );
  });
}
