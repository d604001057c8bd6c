import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky } from '../../engine/linalg/cholesky.ts';
import { eigh } from '../../engine/linalg/eigh.ts';
import { expm } from '../../engine/linalg/expm.ts';
import { lu, solved } from '../../engine/linalg/lu.ts';
import { qr } from '../../engine/linalg/qr.ts';
import { svd } from '../../engine/linalg/svd.ts';
import { substitute } from '../../engine/linalg/triangular.ts';
import { product, transposed } from '../../engine/linalg/vectors.ts';
import { copied, inWorkspace, room, supplyWorkspace } from '../../engine/linalg/workspace.ts';
import { openWorkspace } from '../../engine/devices/cpu/runs.ts';
import { draws } from '../kit/samples.ts';

supplyWorkspace(openWorkspace);

/** Longer than a run that is compiled, than a panel, than a block of columns, and odd. */
const sizes = [26, 33, 70, 131];

const decompositions: {
  readonly [name: string]: (a: Float64Array, n: number) => readonly ArrayLike<number>[];
} = {
  lu: (a, n) => {
    const { a: factors, order } = lu(a, n, n);
    return [factors, order];
  },
  'lu of a wide one': (a, n) => [lu(a.subarray(0, (n >> 1) * n), n >> 1, n).a],
  'lu with columns of zeros': (a, n) => {
    for (let i = 0; i < n * n; i += 1 + (i % 3)) a[i] = 0;
    for (let i = 3; i < n * n; i += n) a[i] = 0;
    return [lu(a, n, n).a];
  },
  solved: (a, n) => [solved(lu(copied(a), n, n), a, n, n)],
  cholesky: (a, n) => {
    const definite = product(a, transposed(a, n, n), n, n, n);
    cholesky(definite, n);
    return [definite];
  },
  ...Object.fromEntries(
    [true, false].flatMap((lower) =>
      [true, false].map((adjoint) => [
        `substitute ${lower} ${adjoint}`,
        (a: Float64Array, n: number) => {
          const b = copied(a);
          substitute(a, b, n, n, lower, adjoint);
          return [b];
        },
      ]),
    ),
  ),
  qr: (a, n) => Object.values(qr(a, n, n, n)),
  eigh: (a, n) => Object.values(eigh(a, n)),
  svd: (a, n) => Object.values(svd(a, n, n, n, n) as object) as Float64Array[],
  expm: (a, n) => [expm(a, n)],
};

for (const [name, run] of Object.entries(decompositions)) {
  test(`${name} has the same bits in the workspace and outside`, () => {
    for (const n of sizes) {
      const draw = draws(n);
      const a = Float64Array.from({ length: n * n }, () => draw() - 0.5);
      const outside = run(a.slice(), n).map((list) => Array.from(list));
      let shared = false;
      const inside = inWorkspace(n * n, () => {
        const own = copied(a);
        shared = own.buffer !== a.buffer && own.buffer instanceof SharedArrayBuffer;
        return run(own, n).map((list) => Array.from(list));
      });
      assert.ok(shared);
      assert.deepEqual(inside, outside, `${n}`);
    }
  });
}

test('what is worked on is free afterwards, also where it throws', () => {
  const first = inWorkspace(10_000, () => copied(new Float64Array(1)).byteOffset);
  assert.throws(() =>
    inWorkspace(10_000, () => {
      copied(new Float64Array(1000));
      throw new Error('no');
    }),
  );
  assert.equal(
    inWorkspace(10_000, () => copied(new Float64Array(1)).byteOffset),
    first,
  );
  assert.ok(!(copied(new Float64Array(1)).buffer instanceof SharedArrayBuffer));
  // More than there is.
  const large = inWorkspace(10_000, () => room(2 ** 24 + 1));
  assert.ok(!(large.buffer instanceof SharedArrayBuffer));
});
