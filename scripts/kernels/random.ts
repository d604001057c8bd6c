import { central, far, near, rotations } from '../../engine/devices/plain/random.ts';
import { lines } from './element.ts';

/**
 * Random f32, bit for bit as engine/devices/plain/random.ts draws them: the
 * same operations in the same order, the integer ones four at a time.
 */
export function random(): string {
  return [threefry(), uniform, normal()].join('\n');
}

/** The first words of four positions from `at` on. */
function threefry(): string {
  const inject = (round: number): string => {
    const injection = (round + 1) / 4;
    const key = (i: number) => `i32x4.splat(${['k0', 'k1', '(k0 ^ k1 ^ 0x1bd11bda)'][i % 3]})`;
    return `x = i32x4.add(x, ${key(injection)});
  y = i32x4.add(y, i32x4.add(${key(injection + 1)}, i32x4.splat(${injection})));`;
  };
  return `
// @ts-ignore: decorator
@inline function threefry(at: i32, k0: i32, k1: i32): v128 {
  let x = i32x4.add(i32x4.add(i32x4.splat(at), i32x4(0, 1, 2, 3)), i32x4.splat(k0));
  let y = i32x4.splat(k1);
  ${lines(20, (round) => {
    const turn = rotations[round % rotations.length]!;
    return `x = i32x4.add(x, y);
  y = v128.xor(v128.or(i32x4.shl(y, ${turn}), i32x4.shr_u(y, ${32 - turn})), x);
  ${round % 4 === 3 ? inject(round) : ''}`;
  })}
  return x;
}`;
}

const uniform = `
/** Numbers for n positions from first on, a multiple of four; none above top. */
export function uniform(o: usize, n: i32, k0: i32, k1: i32, low: f64, span: f64, top: f64, first: i32): void {
  const from = f64x2.splat(low), wide = f64x2.splat(span), most = f64x2.splat(top), part = f64x2.splat(1.0 / 16777216);
  for (let at = 0; at < n; at += 4) {
    const bits = i32x4.shr_u(threefry(first + at, k0, k1), 8);
    const a = f64x2.mul(f64x2.convert_low_i32x4_u(bits), part);
    const b = f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.shuffle(bits, bits, 2, 3, 2, 3)), part);
    const c = f32x4.demote_f64x2_zero(f64x2.min(f64x2.add(from, f64x2.mul(a, wide)), most));
    const d = f32x4.demote_f64x2_zero(f64x2.min(f64x2.add(from, f64x2.mul(b, wide)), most));
    const v = i32x4.shuffle(c, d, 0, 1, 4, 5);
    if (at + 4 <= n) v128.store(o, v);
    else storeTail_4(o, n - at, v);
    o += 16;
  }
}`;

function normal(): string {
  return `
export function normal(o: usize, n: i32, k0: i32, k1: i32, mean: f64, deviation: f64, top: f64, first: i32): void {
  for (let at = 0; at < n; at += 4) {
    const words = threefry(first + at, k0, k1);
    ${lines(4, (i) => `if (at + ${i} < n) store<f32>(o, <f32>min(mean + deviation * quantile((<f64><u32>i32x4.extract_lane(words, ${i}) + 0.5) / 4294967296), top), ${4 * i});`)}
    o += 16;
  }
}
function quantile(p: f64): f64 {
  const q = p - 0.5;
  if (abs(q) <= 0.425) {
    const x = 0.180625 - q * q;
    return q * ${horner(central[0])} / ${horner(central[1])};
  }
  const r = sqrt(-logBelowOne(q < 0 ? p : 1 - p));
  let value: f64;
  if (r <= 5) {
    const x = r - 1.6;
    value = ${horner(near[0])} / ${horner(near[1])};
  } else {
    const x = r - 5;
    value = ${horner(far[0])} / ${horner(far[1])};
  }
  return q < 0 ? -value : value;
}
function logBelowOne(x: f64): f64 {
  let exponent = 0;
  while (x < ${Math.SQRT1_2}) { x *= 2; exponent--; }
  const s = (x - 1) / (x + 1);
  const square = s * s;
  let sum: f64 = 0;
  ${[23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1].map((k) => `sum = sum * square + ${number(1 / k)};`).join(' ')}
  return <f64>exponent * ${Math.LN2} + 2 * s * sum;
}`;
}

/** A polynomial in x, coefficients from the constant on. */
function horner(coefficients: readonly number[]): string {
  return coefficients.map(number).reduceRight((sum, c) => `(${sum} * x + ${c})`);
}

/** A number that AssemblyScript reads as f64. */
function number(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
