import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MapFormula } from '../../../engine/formulas.ts';
import { maps } from '../../../engine/formulas.ts';
import { instantiate } from '../../../engine/devices/cpu/wasm.ts';

/**
 * The vector functions against f64, over every kind of f32: all exponents, both
 * signs, subnormals, not-a-number; one of every 1021 bit patterns, which no
 * power of two divides, so that low bits vary. In units in the last place of the
 * result; the bounds are what was measured over all of them, rounded up.
 */
const functions: readonly (readonly [MapFormula, (x: number) => number, number])[] = [
  ['exp', Math.exp, 1],
  ['log', Math.log, 1],
  ['tanh', Math.tanh, 1.5],
  ['sigmoid', (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))), 2.5],
  ['erf', maps.erf.plain, 2],
  ['log1p', Math.log1p, 2],
  ['softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 2],
  ['sqrt', Math.sqrt, 0.5],
  ['rsqrt', (x) => 1 / Math.sqrt(x), 1.5],
];
const STRIDE = 1021;
const N = 1 << 16;
const [FROM, TO] = [1 << 17, 1 << 20];

for (const [name, exact, bound] of functions) {
  test(`${name} is within ${bound} ulp of f64 over the whole range`, () => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
    const bits = new Uint32Array(memory.buffer);
    const floats = new Float32Array(memory.buffer);
    const kernel = instantiate(memory).maps.f32.get(name)!.dense;
    let worst = 0;
    let where = 0;
    for (let pattern = 0; pattern < 2 ** 32;) {
      for (let i = 0; i < N; i++, pattern += STRIDE) bits[FROM / 4 + i] = pattern;
      kernel(TO, FROM, N);
      for (let i = 0; i < N; i++) {
        const x = floats[FROM / 4 + i]!;
        const error = ulps(floats[TO / 4 + i]!, exact(x));
        if (error > worst) [worst, where] = [error, x];
      }
    }
    assert.ok(worst <= bound, `${worst} ulp at ${where}`);
  });
}

const nearest = new Float32Array(1);

/** How far an f32 lies from an exact result, in units in the last place. */
function ulps(got: number, exact: number): number {
  nearest[0] = exact;
  const rounded = nearest[0];
  if (Object.is(got, rounded) && !Number.isFinite(got)) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(rounded)) return Infinity;
  return away(got, exact);
}

function away(got: number, exact: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  return Math.abs(got - exact) / 2 ** (exponent - 23);
}
