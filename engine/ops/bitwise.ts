import { resultOf, zip } from '../elementwise.ts';
import { maps } from '../formulas.ts';
import type { Binary, None, One, Op, Sample, T } from '../op.ts';

// The bits of integers, two's complement, and of booleans; nothing flows back. Names and what happens beyond the
// width are NumPy's.

const flat = { saves: [], grad: { x: null, y: null } } as const;
const patterns: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  {
    in: {
      x: { shape: [2, 3], dtype: 'i32', range: [-99, 99] },
      y: { shape: [3], dtype: 'i32', range: [-99, 99] },
    },
  },
  { in: { x: { shape: [3], dtype: 'u8', range: [0, 256] }, y: { shape: [3, 1], dtype: 'u8' } } },
  { in: { x: { shape: [3], dtype: 'i64' }, y: { shape: [], dtype: 'i8' } } },
  { in: { x: { shape: [4], dtype: 'bool' }, y: { shape: [4], dtype: 'bool' } } },
];
const shifts: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  {
    in: {
      x: { shape: [6], dtype: 'i32', values: [5, -5, 5, -5, 1, -1] },
      y: { shape: [6], dtype: 'i32', values: [1, 2, 31, 32, -1, 40] },
    },
  },
  {
    in: {
      x: { shape: [4], dtype: 'u8', values: [200, 3, 255, 1] },
      y: { shape: [4], dtype: 'u8', values: [1, 7, 8, 9] },
    },
  },
  { in: { x: { shape: [2, 2], dtype: 'i64' }, y: { shape: [2], dtype: 'i64', range: [0, 9] } } },
];
const errors = (op: string) =>
  [
    { in: { x: [2], y: [2] }, says: `${op}: f32 is no integer` },
    {
      in: { x: { shape: [2], dtype: 'i32' }, y: { shape: [3], dtype: 'i32' } },
      says: '[2] and [3] do not broadcast',
    },
  ] as const;

const unfit = [
  {
    in: { x: { shape: [2], dtype: 'bool' }, y: { shape: [2], dtype: 'bool' } },
    says: 'bool has no width to shift in',
  },
] as const;

/** The bits that both have, with broadcasting. */
export const bitwiseAnd: Binary = {
  ...zip('bitwiseAnd'),
  ...flat,
  samples: patterns,
  errors: errors('bitwiseAnd'),
};

/** The bits that one of the two has or both, with broadcasting. */
export const bitwiseOr: Binary = {
  ...zip('bitwiseOr'),
  ...flat,
  samples: patterns,
  errors: errors('bitwiseOr'),
};

/** The bits that one of the two has and not both, with broadcasting. */
export const bitwiseXor: Binary = {
  ...zip('bitwiseXor'),
  ...flat,
  samples: patterns,
  errors: errors('bitwiseXor'),
};

/** The bits that x has not; of integers that is `-x - 1`, of booleans `logicalNot`. */
export const bitwiseNot: Op<{ x: One }, [x: T], [], None, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => ({ shape: x.shape, dtype: resultOf('bitwiseNot', maps.bitwiseNot, x.dtype) }),
  forward: (k, { x }, _, out) => k.map(x.dtype === 'bool' ? 'logicalNot' : 'bitwiseNot', out, x),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: { shape: [4], dtype: 'i32' } } },
    { in: { x: { shape: [4], dtype: 'u16' } } },
    { in: { x: { shape: [4], dtype: 'i64' } } },
    { in: { x: { shape: [4], dtype: 'bool' } } },
  ],
  errors: [{ in: { x: [2] }, says: 'bitwiseNot: f32 is no integer' }],
};

/**
 * The bits of x, y places to the left: `x * 2 ** y`, wrapped around. Where y is
 * negative or as large as the width of the dtype nothing is left: 0.
 */
export const leftShift: Binary = {
  ...shift('leftShift'),
  ...flat,
  samples: shifts,
  errors: [...errors('leftShift'), ...unfit],
};

/**
 * The bits of x, y places to the right, the sign drawn after: `floor(x / 2 **
 * y)`. Where y is negative or as large as the width of the dtype the sign is
 * left: 0 or -1.
 */
export const rightShift: Binary = {
  ...shift('rightShift'),
  ...flat,
  samples: shifts,
  errors: [...errors('rightShift'), ...unfit],
};

function shift(formula: 'leftShift' | 'rightShift') {
  const row = zip(formula);
  const spec: typeof row.spec = (inputs) => {
    const result = row.spec(inputs);
    if (result.dtype !== 'bool') return result;
    throw new Error(`${formula}: bool has no width to shift in; cast it to an integer`);
  };
  return { ...row, spec };
}
