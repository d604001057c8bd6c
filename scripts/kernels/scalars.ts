import type { MapFormula, ZipFormula } from '../../engine/formulas.ts';
import { f64, signed, unsigned, type Element } from './element.ts';

/**
 * Formulas that go element by element: f64 by the mathematics that comes with
 * AssemblyScript (FreeBSD's), and what integers have no vector instruction for.
 */
export function scalars(): string {
  return [
    whole,
    ...Object.entries(functions).map(([formula, spelled]) => map(formula, f64, spelled)),
    ...Object.entries(pairs).map(([formula, spelled]) => zip(formula, f64, spelled)),
    ...[...signed, ...unsigned].flatMap((element) =>
      (['floorDiv', 'mod', 'pow'] as const).map((formula) => {
        const wide = element.scalar === 'u64' ? 'u64' : 'i64';
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
  softplus: '(x < 0 ? 0 : x) + NativeMath.log1p(NativeMath.exp(-abs(x)))',
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

function map(formula: string, { name, scalar, bytes }: Element, spelled: string): string {
  return `
export const cost_map_${formula}_${name}: i32 = 60;
export function map_${formula}_${name}(o: usize, from: usize, n: i32): void {
  for (; n > 0; n--) {
    const x = load<${scalar}>(from);
    store<${scalar}>(o, ${spelled});
    o += ${bytes}; from += ${bytes};
  }
}`;
}

function zip(formula: string, { name, scalar, bytes }: Element, spelled: string): string {
  return `
export function zip_${formula}_${name}(o: usize, p: usize, q: usize, n: i32): void {
  for (; n > 0; n--) {
    const x = load<${scalar}>(p), y = load<${scalar}>(q);
    store<${scalar}>(o, ${spelled});
    o += ${bytes}; p += ${bytes}; q += ${bytes};
  }
}
export function zipn_${formula}_${name}(o: usize, x: usize, y: usize, plan: usize): void {
  windows_${bytes}(o, x, y, plan, ${bytes}, load<u32>(changetype<usize>(zip_${formula}_${name})));
}`;
}
