import type { MapFormula, ZipFormula } from '../../engine/formulas.ts';
import { SELU_ALPHA, SELU_SCALE } from '../../engine/formulas.ts';
import { f32, f64, signed, unsigned, type Element } from './element.ts';
import { constants } from './formulas.ts';
import { special } from './special.ts';

/**
 * Formulas that go element by element: f64 by the mathematics that comes with
 * AssemblyScript (FreeBSD's), f32 by way of that where no vectors are written
 * for it, and what integers have no vector instruction for.
 */
export function scalars(): string {
  return [
    special(),
    whole,
    ...[functions, both].flatMap((list) => maps(list, f64)),
    ...maps(both, f32),
    ...[pairs, bothOfTwo].flatMap((list) => zips(list, f64)),
    ...zips(bothOfTwo, f32),
    ...[...signed, ...unsigned].flatMap((element) =>
      (['floorDiv', 'mod', 'pow', 'fmod', 'leftShift', 'rightShift'] as const).map((formula) => {
        const wide = element.scalar === 'u64' ? 'u64' : 'i64';
        if ((formula === 'floorDiv' || formula === 'mod') && element.bytes < 8) {
          const spelled = `<${element.scalar}><i64>${formula}_near(<f64>x, <f64>y)`;
          return zip(formula, element, spelled);
        }
        const spelled = `<${element.scalar}>${formula}_${wide}(<${wide}>x, <${wide}>y)`;
        return zip(formula, element, spelled);
      }),
    ),
  ].join('\n');
}

const functions: { readonly [F in MapFormula]?: string } = {
  exp: 'NativeMath.exp(x)',
  expm1: 'NativeMath.expm1(x)',
  log: 'NativeMath.log(x)',
  log1p: 'NativeMath.log1p(x)',
  sin: 'NativeMath.sin(x)',
  cos: 'NativeMath.cos(x)',
  tan: 'NativeMath.tan(x)',
  tanh: 'NativeMath.tanh(x)',
  sigmoid: 'sigmoid64(x)',
  silu: 'x * sigmoid64(x)',
  softplus: 'softplus64(x)',
  erf: 'erf_64(x)',
  gelu: 'x / 2 * erfc_64(-x * NativeMath.SQRT1_2)',
  geluTanh: `x * sigmoid64(${2 * Math.sqrt(2 / Math.PI)} * (x + 0.044715 * x * x * x))`,
};
/** Those of f32 too, rounded once. */
const both: { readonly [F in MapFormula]?: string } = {
  ...Object.fromEntries(
    ['cbrt', 'exp2', 'log2', 'log10', 'asin', 'acos', 'atan']
      .concat('sinh', 'cosh', 'asinh', 'acosh', 'atanh')
      .map((f) => [f, `NativeMath.${f}(x)`]),
  ),
  ...Object.fromEntries(['erfc', 'erfinv', 'lgamma', 'digamma'].map((f) => [f, `${f}_64(x)`])),
  logSigmoid: '-softplus64(-x)',
  mish: 'mish64(x)',
  elu: 'x > 0 ? x : p * NativeMath.expm1(q * x)',
  selu: `${SELU_SCALE} * (x > 0 ? x : ${SELU_ALPHA} * NativeMath.expm1(x))`,
};
const bothOfTwo: { readonly [F in ZipFormula]?: string } = {
  fmod: 'x % y',
  atan2: 'NativeMath.atan2(x, y)',
  hypot: 'NativeMath.hypot(x, y)',
  xlogy: 'x == 0 && y == y ? 0 : x * NativeMath.log(y)',
  logAddExp: 'logAddExp64(x, y)',
};
const pairs: { readonly [F in ZipFormula]?: string } = {
  mod: 'modulo64(x, y)',
  pow: 'power64(x, y)',
};

/** Integers by way of 64 bits: nothing is divided by zero, and a quotient or power that does not fit wraps around. */
const whole = `
function sigmoid64(x: f64): f64 {
  const e = NativeMath.exp(-abs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}
function softplus64(x: f64): f64 {
  return (x < 0 ? 0 : x) + NativeMath.log1p(NativeMath.exp(-abs(x)));
}
function mish64(x: f64): f64 {
  if (x > 40) return x;
  const e = NativeMath.exp(x), n = e * (e + 2);
  return x * n / (n + 2);
}
function logAddExp64(x: f64, y: f64): f64 {
  return x == y ? x + NativeMath.LN2 : max(x, y) + NativeMath.log1p(NativeMath.exp(-abs(x - y)));
}
function modulo64(x: f64, y: f64): f64 {
  const rest = x % y;
  return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
}
function power64(x: f64, y: f64): f64 {
  return x == 1 || (x == -1 && abs(y) == Infinity) ? 1 : NativeMath.pow(x, y);
}
function floorDiv_i64(x: i64, y: i64): i64 {
  if (y == 0) return 0;
  if (y == -1) return -x;
  const quotient = x / y;
  return quotient * y != x && x < 0 != y < 0 ? quotient - 1 : quotient;
}
function mod_i64(x: i64, y: i64): i64 {
  if (y == 0 || y == -1) return 0;
  const rest = x % y;
  return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
}
/** Of integers of 32 bits and fewer by way of f64, whose division is faster: a quotient of such is as far from the next integer as to be rounded to its own side. */
function floorDiv_near(x: f64, y: f64): f64 { return y == 0 ? 0 : floor<f64>(x / y); }
function mod_near(x: f64, y: f64): f64 { return y == 0 ? 0 : x - floor<f64>(x / y) * y; }
function fmod_i64(x: i64, y: i64): i64 { return y == 0 || y == -1 ? 0 : x % y; }
function leftShift_i64(x: i64, y: i64): i64 { return <u64>y < 64 ? x << y : 0; }
function rightShift_i64(x: i64, y: i64): i64 { return x >> (<u64>y < 64 ? y : 63); }
function fmod_u64(x: u64, y: u64): u64 { return y == 0 ? 0 : x % y; }
function leftShift_u64(x: u64, y: u64): u64 { return y < 64 ? x << y : 0; }
function rightShift_u64(x: u64, y: u64): u64 { return y < 64 ? x >> y : 0; }
function pow_i64(x: i64, y: i64): i64 {
  if (y < 0) return x == 1 ? 1 : x == -1 ? 1 - ((y & 1) << 1) : 0;
  return <i64>pow_u64(<u64>x, <u64>y);
}
function floorDiv_u64(x: u64, y: u64): u64 { return y == 0 ? 0 : x / y; }
function mod_u64(x: u64, y: u64): u64 { return y == 0 ? 0 : x % y; }
function pow_u64(x: u64, y: u64): u64 {
  let result: u64 = 1;
  for (; y > 0; y >>= 1) {
    if (y & 1) result *= x;
    x *= x;
  }
  return result;
}`;

type Spelled = { readonly [formula: string]: string | undefined };

function maps(list: Spelled, element: Element): readonly string[] {
  return Object.entries(list).map(([formula, spelled]) => map(formula, element, spelled!));
}

function zips(list: Spelled, element: Element): readonly string[] {
  return Object.entries(list).map(([formula, spelled]) => zip(formula, element, spelled!));
}

/** Floats are computed in f64. */
const wide = ({ scalar }: Element) => (scalar === 'f32' ? 'f64' : scalar);

function map(formula: string, element: Element, spelled: string): string {
  const { name, scalar, bytes } = element;
  const more = constants.has(formula);
  return `
export const cost_map_${formula}_${name}: i32 = 60;
export function map_${formula}_${name}(o: usize, from: usize, n: i32${more ? ', p: f64, q: f64' : ''}): void {
  for (; n > 0; n--) {
    const x: ${wide(element)} = load<${scalar}>(from);
    const v: ${wide(element)} = ${spelled};
    store<${scalar}>(o, <${scalar}>v);
    o += ${bytes}; from += ${bytes};
  }
}`;
}

function zip(formula: string, element: Element, spelled: string): string {
  const { name, scalar, bytes } = element;
  return `
export function zip_${formula}_${name}(o: usize, p: usize, q: usize, n: i32): void {
  for (; n > 0; n--) {
    const x: ${wide(element)} = load<${scalar}>(p), y: ${wide(element)} = load<${scalar}>(q);
    const v: ${wide(element)} = ${spelled};
    store<${scalar}>(o, <${scalar}>v);
    o += ${bytes}; p += ${bytes}; q += ${bytes};
  }
}
export function zipn_${formula}_${name}(o: usize, x: usize, y: usize, plan: usize): void {
  windows_${bytes}(o, x, y, plan, ${bytes}, load<u32>(changetype<usize>(zip_${formula}_${name})));
}`;
}
