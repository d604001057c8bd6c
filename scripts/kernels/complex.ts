/**
 * Formulas of complex numbers, whose two parts lie in turn: each is computed in
 * f64 and with the operations of engine/special/complex-functions.ts, so that the bits
 * are the same. An operand stands for all where its step is 0.
 */
export function complex(): string {
  return [modulus, ...widths.flatMap((width) => [mul(width), div(width), abs(width)])].join('\n');
}

interface Width {
  readonly name: string;
  readonly scalar: string;
  readonly bytes: number;
  /** A number as two of f64, and the way back. */
  readonly load: (p: string) => string;
  readonly store: (p: string, v: string) => string;
}
const widths: readonly Width[] = [
  {
    name: 'c64',
    scalar: 'f32',
    bytes: 8,
    load: (p) => `f64x2.promote_low_f32x4(v128.load64_zero(${p}))`,
    store: (p, v) => `v128.store64_lane(${p}, f32x4.demote_f64x2_zero(${v}), 0);`,
  },
  {
    name: 'c128',
    scalar: 'f64',
    bytes: 16,
    load: (p) => `v128.load(${p})`,
    store: (p, v) => `v128.store(${p}, ${v});`,
  },
];

const parameters = 'o: usize, x: usize, y: usize, n: i32, xStep: i32, yStep: i32';

const mul = ({ name, bytes, load, store }: Width) => `
export function pairs_mul_${name}(${parameters}): void {
  const sides = sidesOf(0);
  for (const end = o + <usize>n * ${bytes}; o < end; o += ${bytes}) {
    const a = ${load('x')};
    ${store('o', `turned(${load('y')}, realOf(a), imaginaryOf(a, sides))`)}
    x += xStep; y += yStep;
  }
}`;

const div = ({ name, scalar, bytes }: Width) =>
  `
export function pairs_div_${name}(${parameters}): void {
  const part = ${bytes / 2};
  for (const end = o + <usize>n * ${bytes}; o < end; o += ${bytes}) {
    const a = <f64>load<${scalar}>(x), b = <f64>load<${scalar}>(x + part);
    const c = <f64>load<${scalar}>(y), d = <f64>load<${scalar}>(y + part);
    let re: f64, im: f64;
    if (Math.abs(c) >= Math.abs(d)) {
      if (c == 0 && d == 0) { re = a / Math.abs(c); im = b / Math.abs(c); }
      else {
        const ratio = d / c, size = c + d * ratio;
        re = (a + b * ratio) / size; im = (b - a * ratio) / size;
      }
    } else {
      const ratio = c / d, size = c * ratio + d;
      re = (a * ratio + b) / size; im = (b * ratio - a) / size;
    }
    store<${scalar}>(o, <${scalar}>re); store<${scalar}>(o + part, <${scalar}>im);
    x += xStep; y += yStep;
  }
}`.replaceAll('Math.abs(', 'abs<f64>(');

/** Where squares would leave the range of numbers they are scaled by a power of two, which costs no digit. */
const modulus = `
// @ts-ignore: decorator
@inline function modulusOf(re: f64, im: f64): f64 {
  const a = abs<f64>(re), b = abs<f64>(im);
  if (a == Infinity || b == Infinity) return Infinity;
  const most = a > b ? a : b;
  if (most > 1e150) { const x = a * 2.0 ** -600, y = b * 2.0 ** -600; return sqrt<f64>(x * x + y * y) * 2.0 ** 600; }
  if (most < 1e-140) { const x = a * 2.0 ** 600, y = b * 2.0 ** 600; return sqrt<f64>(x * x + y * y) * 2.0 ** -600; }
  return sqrt<f64>(a * a + b * b);
}`
  .replaceAll('2.0 ** -600', String(2 ** -600))
  .replaceAll('2.0 ** 600', String(2 ** 600));

const abs = ({ name, scalar, bytes }: Width) => `
export function pairs_abs_${name}(o: usize, x: usize, n: i32): void {
  for (const end = o + <usize>n * ${bytes / 2}; o < end; o += ${bytes / 2}) {
    store<${scalar}>(o, <${scalar}>modulusOf(<f64>load<${scalar}>(x), <f64>load<${scalar}>(x + ${bytes / 2})));
    x += ${bytes};
  }
}`;
