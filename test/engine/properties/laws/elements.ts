/** Laws of functions of one element and of two. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tensor } from '../../../../engine/creation.ts';
import type { Tensor } from '../../../../engine/tensor.ts';
import { anything, holds, integers, near, one, truths, vectors, words, type Law } from './law.ts';

/** What an op takes: floats of any kind, unless its name says otherwise. */
function kindOf(op: string): fc.Arbitrary<Tensor> {
  if (/^(bitwise|leftShift|rightShift)/.test(op)) return integers;
  return op.startsWith('logical') ? truths : anything;
}

const symmetric = words(`add mul maximum minimum hypot logAddExp squaredDifference equal notEqual
  bitwiseAnd bitwiseOr bitwiseXor logicalAnd logicalOr logicalXor`);
const exact = words(
  'maximum minimum bitwiseAnd bitwiseOr bitwiseXor logicalAnd logicalOr logicalXor',
);

/** There and back, where the values come from and how exact it is. */
const inverses: { readonly [op: string]: readonly [back: string, low: number, high: number] } = {
  exp: ['log', -20, 20],
  log: ['exp', 1e-3, 1e3],
  expm1: ['log1p', -3, 20],
  log1p: ['expm1', -0.9, 1e3],
  exp2: ['log2', -20, 20],
  log2: ['exp2', 1e-3, 1e3],
  sin: ['asin', -1.4, 1.4],
  asin: ['sin', -1, 1],
  cos: ['acos', 0.1, 3],
  acos: ['cos', -1, 1],
  tan: ['atan', -1.4, 1.4],
  atan: ['tan', -50, 50],
  sinh: ['asinh', -20, 20],
  asinh: ['sinh', -1e3, 1e3],
  cosh: ['acosh', 0.1, 20],
  acosh: ['cosh', 1.01, 1e3],
  tanh: ['atanh', -3, 3],
  atanh: ['tanh', -0.99, 0.99],
  erf: ['erfinv', -2, 2],
  erfinv: ['erf', -0.99, 0.99],
  square: ['sqrt', 0, 1e3],
  sqrt: ['square', 0, 1e6],
  reciprocal: ['reciprocal', 1e-3, 1e3],
  neg: ['neg', -50, 50],
};

/** Never falling, with the range of their arguments. */
const rising: { readonly [op: string]: readonly [low: number, high: number] } = {
  ...range(
    -50,
    50,
    'exp exp2 expm1 atan asinh sinh tanh erf cbrt sigmoid softplus logSigmoid relu relu6 elu celu selu leakyRelu hardSigmoid hardTanh softsign floor ceil round trunc sign step',
  ),
  ...range(1e-3, 1e3, 'log log2 log10 sqrt square'),
  ...range(-0.99, 0.99, 'asin atanh erfinv'),
  ...range(-1.5, 1.5, 'tan sin'),
  ...range(1, 1e3, 'acosh cosh log1p'),
  lgamma: [2, 100],
  digamma: [0.1, 100],
};

function range(low: number, high: number, ops: string) {
  return Object.fromEntries(words(ops).map((op) => [op, [low, high] as const]));
}

/** Results that no argument leaves. */
const bounds: { readonly [op: string]: readonly [low: number, high: number] } = {
  sin: [-1, 1],
  cos: [-1, 1],
  tanh: [-1, 1],
  atan: [-Math.PI / 2, Math.PI / 2],
  erf: [-1, 1],
  erfc: [0, 2],
  sigmoid: [0, 1],
  hardSigmoid: [0, 1],
  relu6: [0, 6],
  hardTanh: [-1, 1],
  softsign: [-1, 1],
  sign: [-1, 1],
  gelu: [-0.18, Infinity],
  silu: [-0.28, Infinity],
  swish: [-0.28, Infinity],
  mish: [-0.31, Infinity],
  hardSwish: [-0.38, Infinity],
  softplus: [0, Infinity],
  square: [0, Infinity],
  abs: [0, Infinity],
  logSigmoid: [-Infinity, 0],
};

const pair = fc.tuple(vectors(), vectors());
const whole = (x: Tensor) => signed(x.round());
const signed = (x: Tensor) => x.equal(0).where(x.onesLike(), x);

/** Equations between two ways to say the same, on random vectors. */
const equations: { readonly [op: string]: (x: Tensor, y: Tensor) => readonly [Tensor, Tensor] } = {
  sub: (x, y) => [x.sub(y), x.add(y.neg())],
  div: (x, y) => [x.div(signed(y)).mul(signed(y)), x],
  divNoNan: (x, y) => [x.divNoNan(y), y.equal(0).where(x.zerosLike(), x.div(signed(y)))],
  // Of whole numbers: of others the quotient is rounded before it is cut.
  floorDiv: (x, y) => [
    whole(x)
      .floorDiv(whole(y))
      .mul(whole(y))
      .add(whole(x).mod(whole(y))),
    whole(x),
  ],
  mod: (x, y) => [whole(x).mod(whole(y)), whole(x).sub(whole(x).floorDiv(whole(y)).mul(whole(y)))],
  remainder: (x, y) => [x.remainder(signed(y)), x.mod(signed(y))],
  fmod: (x, y) => [x.fmod(signed(y)), x.abs().mod(signed(y).abs()).mul(x.sign())],
  pow: (x, y) => [x.abs().add(1).pow(y.div(9)).log(), x.abs().add(1).log().mul(y.div(9))],
  atan2: (x, y) => [x.atan2(y).sin().mul(x.hypot(y)), x],
  copySign: (x, y) => [x.copySign(y).abs(), x.abs()],
  nextAfter: (x, y) => [x.nextAfter(y).nextAfter(x), x],
  xlogy: (x, y) => [x.xlogy(y.abs().add(1)), x.mul(y.abs().add(1).log())],
  lerp: (x, y) => [x.lerp(y, 0.25), y.lerp(x, 0.75)],
  addN: (x, y) => [x.addN([y, x]), x.mul(2).add(y)],
  greater: (x, y) => [x.greater(y), y.less(x)],
  less: (x, y) => [x.less(y), x.greaterEqual(y).logicalNot()],
  greaterEqual: (x, y) => [x.greaterEqual(y), x.greater(y).logicalOr(x.equal(y))],
  lessEqual: (x, y) => [x.lessEqual(y), y.greaterEqual(x)],
  where: (x, y) => [x.greater(y).where(x, y), x.maximum(y)],
  rsqrt: (x) => [x.abs().add(1).rsqrt(), x.abs().add(1).sqrt().reciprocal()],
  cbrt: (x) => [x.cbrt().pow(3), x],
  log10: (x) => [x.abs().add(1).log10().mul(Math.LN10), x.abs().add(1).log()],
  erfc: (x) => [x.erf().add(x.erfc()), x.onesLike()],
  lgamma: (x) => [x.abs().add(2).lgamma().sub(x.abs().add(1).lgamma()), x.abs().add(1).log()],
  digamma: (x) => [
    x.abs().add(2).digamma(),
    x.abs().add(1).digamma().add(x.abs().add(1).reciprocal()),
  ],
  polygamma: (x) => [x.abs().add(1).polygamma(0), x.abs().add(1).digamma()],
  clipByValue: (x) => [x.clipByValue(-3, 4), x.maximum(-3).minimum(4)],
  prelu: (x) => [x.prelu(0.25), x.leakyRelu(0.25)],
  reluGrad: (x, y) => [x.reluGrad(y), x.mul(y.step())],
  glu: (x, y) => [x.concat([y]).glu(), x.mul(y.sigmoid())],
  isNaN: (x, y) => [x.div(y).isNaN(), x.div(y).equal(x.div(y)).logicalNot()],
  isInf: (x, y) => [x.div(y).isInf(), x.div(y).abs().equal(Infinity)],
  isFinite: (x, y) => [
    x.div(y).isFinite(),
    x.div(y).isNaN().logicalOr(x.div(y).isInf()).logicalNot(),
  ],
  complex: (x, y) => [x.complex(y).abs(), x.hypot(y)],
  real: (x, y) => [x.complex(y).real(), x],
  imag: (x, y) => [x.complex(y).imag(), y],
  conj: (x, y) => [x.complex(y).conj().imag(), y.neg()],
  angle: (x, y) => [x.complex(y).angle(), y.atan2(x)],
  cast: (x) => [x.cast('i32').cast('f64'), x.trunc()],
  bitcast: (x) => [x.bitcast('i64').bitcast('f64'), x],
};

const odd = words('sin tan asinh sinh tanh atan erf cbrt sign trunc round softsign neg');
const even = words('cos cosh abs square');
const idempotent = words(
  'abs ceil floor round trunc sign relu relu6 hardTanh step identity clone stopGradient',
);

export const laws: readonly Law[] = [
  {
    says: 'takes its arguments in any order',
    of: symmetric,
    check: (op) =>
      holds(fc.property(kindOf(op), kindOf(op), (x, y) => near(one(op, [x, y]), one(op, [y, x])))),
  },
  {
    says: 'brackets its arguments in any way',
    of: exact,
    check: (op) =>
      holds(fc.property(kindOf(op), kindOf(op), kindOf(op), (x, y, z) => brackets(op, x, y, z))),
  },
  {
    says: 'brackets integers in any way, and floats within a bound',
    of: words('add mul hypot logAddExp'),
    check: (op) => {
      const few = vectors(0, 50);
      holds(fc.property(few, few, few, (x, y, z) => brackets(op, x, y, z, 1e-14)));
      if (op !== 'add' && op !== 'mul') return;
      holds(fc.property(integers, integers, integers, (x, y, z) => brackets(op, x, y, z)));
    },
  },
  {
    says: 'is itself when done twice',
    of: idempotent,
    check: (op) => holds(fc.property(anything, (x) => near(one(op, [one(op, [x])]), one(op, [x])))),
  },
  {
    says: 'undoes itself',
    of: words('neg logicalNot bitwiseNot'),
    check: (op) => holds(fc.property(kindOf(op), (x) => near(one(op, [one(op, [x])]), x))),
  },
  {
    says: 'comes back by its inverse',
    of: Object.keys(inverses),
    check: (op) => {
      const [back, low, high] = inverses[op]!;
      holds(fc.property(vectors(low, high), (x) => near(one(back, [one(op, [x])]), x, 1e-9)));
    },
  },
  {
    says: 'never falls',
    of: Object.keys(rising),
    check: (op) => {
      const [low, high] = rising[op]!;
      holds(
        fc.property(vectors(low, high, 'f64', 12), (x) => {
          const y = one(op, [x.sort()]);
          const [before, after] = [y.at(':-1'), y.at('1:')];
          const slack = after.abs().mul(1e-15).add(1e-300);
          assert.ok(before.lessEqual(after.add(slack)).all().item(), String(y));
        }),
      );
    },
  },
  {
    says: 'stays in its range',
    of: Object.keys(bounds),
    check: (op) => {
      const [low, high] = bounds[op]!;
      holds(
        fc.property(anything, (x) => {
          const y = one(op, [x.isNaN().where(x.zerosLike(), x)]);
          const fits = y.greaterEqual(low).logicalAnd(y.lessEqual(high)).logicalOr(y.isNaN());
          assert.ok(fits.all().item(), String(y));
        }),
      );
    },
  },
  {
    says: 'is odd: f(-x) = -f(x)',
    of: odd,
    check: (op) =>
      holds(fc.property(vectors(), (x) => near(one(op, [x.neg()]), one(op, [x]).neg()))),
  },
  {
    says: 'is even: f(-x) = f(x)',
    of: even,
    check: (op) => holds(fc.property(vectors(), (x) => near(one(op, [x.neg()]), one(op, [x])))),
  },
  {
    says: 'is what other ops say',
    of: Object.keys(equations),
    check: (op) =>
      holds(
        fc.property(pair, ([x, y]) => {
          const [actual, expected] = equations[op]!(x, y);
          near(actual, expected, 1e-9);
        }),
      ),
  },
  {
    says: 'multiplies and divides by powers of two',
    of: words('leftShift rightShift'),
    check: (op) =>
      holds(
        fc.property(integers, fc.nat(20), (x, n) => {
          const power = tensor(2 ** n, [], 'i32');
          const expected = op === 'leftShift' ? x.mul(power) : x.floorDiv(power);
          near(one(op, [x, tensor(n, [], 'i32')]), expected);
        }),
      ),
  },
];

function brackets(op: string, x: Tensor, y: Tensor, z: Tensor, bound = 0): void {
  near(one(op, [one(op, [x, y]), z]), one(op, [x, one(op, [y, z])]), bound);
}
