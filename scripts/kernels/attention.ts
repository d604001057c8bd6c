import { along } from './along.ts';
import { call, load } from './constants.ts';

/**
 * The weights of attention, in f32: softmax(scale x) of m rows of n. Where `length` is not 0, the row of position i sees positions up
 * to i, and `first` is the number of the first row, in sequences of that length.
 */
export function attention(): string {
  return [attend(), attendGrad].join('\n');
}

const attend = () => `
export function attend(out: usize, x: usize, m: i32, n: i32, scaleOf: f32, length: i32, first: i32): void {
  ${load('exp')}
  const scale = f32x4.splat(scaleOf);
  for (; m > 0; m--) {
    const seen = length == 0 ? n : min(n, first % length + 1);
    ${along('seen', ['out', 'x'], ({ load, store }) => store('out', `f32x4.mul(${load('x')}, scale)`))}
    const high = f32x4.splat(peakOf(out, seen));
    ${along('seen', ['out'], ({ load, store }) => `const v = f32x4.sub(${load('out')}, high); ${store('out', call('exp', 'v'))}`)}
    const by = f32x4.splat(1 / sumOf(out, seen));
    ${along('seen', ['out'], ({ load, store }) => store('out', `f32x4.mul(${load('out')}, by)`))}
    memory.fill(out + (seen << 2), 0, (n - seen) << 2);
    first++;
    x += n << 2; out += n << 2;
  }
}`;

/** The gradient for x of what came to the weights y: scale (g y - y sum(g y)). */
const attendGrad = `
export function attendGrad(to: usize, g: usize, y: usize, m: i32, n: i32, scaleOf: f32): void {
  const scale = f32x4.splat(scaleOf);
  for (; m > 0; m--) {
    ${along('n', ['to', 'g', 'y'], ({ load, store }) => store('to', `f32x4.mul(${load('g')}, ${load('y')})`))}
    const sum = f32x4.splat(sumOf(to, n));
    ${along('n', ['to', 'y'], ({ load, store }) => store('to', `f32x4.mul(f32x4.sub(${load('to')}, f32x4.mul(${load('y')}, sum)), scale)`))}
    to += n << 2; g += n << 2; y += n << 2;
  }
}`;
