import { call, load } from './constants.ts';

/** Ops that look at a row of the last axis as a whole, in f32: m rows of n elements. */
export function rows(): string {
  return [softmax(), logSoftmax()].join('\n');
}

/** Visits a row in vectors, the last elements in a part of one: `x` is what lies at p, the result goes to q. */
function each(p: string, q: string, result: (tail: boolean) => string): string {
  return `{
    let p = ${p}, q = ${q}, left = n;
    for (; left >= 4; left -= 4) {
      const x = v128.load(p);
      v128.store(q, ${result(false)});
      p += 16; q += 16;
    }
    if (left > 0) {
      const x = loadTail_4(p, left);
      storeTail_4(q, left, ${result(true)});
    }
  }`;
}

/** exp(x - max) over the sum of it. */
const softmax = () => `
export function softmax(out: usize, from: usize, m: i32, n: i32): void {
  ${load('exp')}
  for (; m > 0; m--) {
    const high = f32x4.splat(peakOf(from, n));
    ${each('from', 'out', () => call('exp', 'f32x4.sub(x, high)'))}
    const by = f32x4.splat(1 / sumOf(out, n));
    ${each('out', 'out', () => 'f32x4.mul(x, by)')}
    from += n << 2; out += n << 2;
  }
}`;

/** x - max - log(the sum of exp(x - max)). */
const logSoftmax = () => `
export function logSoftmax(out: usize, from: usize, m: i32, n: i32): void {
  ${load('exp', 'log')}
  for (; m > 0; m--) {
    const high = f32x4.splat(peakOf(from, n));
    ${each('from', 'out', () => call('exp', 'f32x4.sub(x, high)'))}
    const sum = f32x4.splat(sumOf(out, n));
    const less = ${call('log', 'sum')};
    ${each('from', 'out', () => 'f32x4.sub(f32x4.sub(x, high), less)')}
    from += n << 2; out += n << 2;
  }
}`;
