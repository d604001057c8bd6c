import { along } from './along.ts';
import { call, define, load } from './constants.ts';

/** Gradients in f32, from what came from above and what the forward op saved, in one pass. */
export function gradients(): string {
  return [
    slopes(),
    // Here x is the result of the op.
    elementwise('tanhGrad', [], 'f32x4.mul(g, f32x4.sub(f32x4.splat(1), f32x4.mul(x, x)))'),
    elementwise('sigmoidGrad', [], 'f32x4.mul(g, f32x4.sub(x, f32x4.mul(x, x)))'),
    ...['silu', 'gelu', 'geluTanh'].map((f) =>
      elementwise(`${f}Grad`, [`${f}Slope`], `f32x4.mul(g, ${call(`${f}Slope`, 'x')})`),
    ),
    softmaxGrad,
    logSoftmaxGrad(),
  ].join('\n');
}

type K = (value: string) => string;
type Call = (other: string, x: string) => string;

/** The derivatives. */
function slopes(): string {
  // s (1 + x (1 - s)), where x sigmoid(u) has u = x.
  const gate = (k: K, inner: string) =>
    `f32x4.mul(s, f32x4.add(f32x4.mul(f32x4.sub(${k('1')}, s), ${inner}), ${k('1')}))`;
  return [
    define(
      'siluSlope',
      (k, call: Call) => `
  const s = ${call('sigmoid', 'x')};
  return ${gate(k, 'x')};`,
    ),
    define(
      'geluSlope',
      (k, call: Call) => `
  const a = f32x4.mul(f32x4.abs(x), ${k('0.70710678118654752440')});
  // Both the share below and the density have this factor.
  const e = ${call('exp', 'f32x4.neg(f32x4.mul(a, a))')};
  const h = f32x4.mul(f32x4.mul(${call('tail', 'a')}, e), ${k('0.5')});
  const below = v128.bitselect(h, f32x4.sub(${k('1')}, h), f32x4.lt(x, f32x4.splat(0)));
  return fma(x, f32x4.mul(e, ${k('0.3989422804014327')}), below);`,
    ),
    define(
      'geluTanhSlope',
      (k, call: Call) => `
  const z = f32x4.mul(x, x);
  const s = ${call('sigmoid', `f32x4.mul(f32x4.mul(fma(z, ${k('0.044715')}, ${k('1')}), x), ${k('1.5957691216057308')})`)};
  const slope = f32x4.mul(fma(z, ${k('0.134145')}, ${k('1')}), ${k('1.5957691216057308')});
  return ${gate(k, 'f32x4.mul(x, slope)')};`,
    ),
  ].join('\n');
}

/** to = what the formula makes of g and x, over n elements in a row. */
function elementwise(name: string, functions: readonly string[], formula: string): string {
  return `
export function ${name}(to: usize, gAt: usize, xAt: usize, n: i32): void {
  ${load(...functions)}
  for (; n >= 4; n -= 4) {
    const g = v128.load(gAt), x = v128.load(xAt);
    v128.store(to, ${formula});
    to += 16; gAt += 16; xAt += 16;
  }
  if (n > 0) {
    const g = loadTail_4(gAt, n), x = loadTail_4(xAt, n);
    storeTail_4(to, n, ${formula});
  }
}`;
}

/** g y - y sum(g y), for each of m rows of n. */
const softmaxGrad = `
export function softmaxGrad(to: usize, g: usize, y: usize, m: i32, n: i32): void {
  for (; m > 0; m--) {
    ${along('n', ['to', 'g', 'y'], ({ load, store }) => store('to', `f32x4.mul(${load('g')}, ${load('y')})`))}
    const sum = f32x4.splat(sumOf(to, n));
    ${along('n', ['to', 'y'], ({ load, store }) => store('to', `f32x4.sub(${load('to')}, f32x4.mul(${load('y')}, sum))`))}
    to += n << 2; g += n << 2; y += n << 2;
  }
}`;

/** g - exp(y) sum(g), for each of m rows of n. */
const logSoftmaxGrad = () => `
export function logSoftmaxGrad(to: usize, g: usize, y: usize, m: i32, n: i32): void {
  ${load('exp')}
  for (; m > 0; m--) {
    const sum = f32x4.splat(sumOf(g, n));
    ${along('n', ['to', 'g', 'y'], ({ load, store }) => `const e = ${load('y')}; ${store('to', `f32x4.sub(${load('g')}, f32x4.mul(${call('exp', 'e')}, sum))`)}`)}
    to += n << 2; g += n << 2; y += n << 2;
  }
}`;
