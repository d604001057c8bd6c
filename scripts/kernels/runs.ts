import { lines } from './element.ts';

/**
 * Runs of elements in f64, as engine/linalg/vectors.ts has them in JavaScript:
 * the same operations in the same order, so that the bits are the same.
 */
export function runs(): string {
  return `
export function add(a: usize, by: f64, b: usize, n: i32): void {
  const v = f64x2.splat(by);
  for (; n >= 2; n -= 2) {
    v128.store(a, f64x2.add(v128.load(a), f64x2.mul(v, v128.load(b))));
    a += 16; b += 16;
  }
  if (n > 0) store<f64>(a, load<f64>(a) + by * load<f64>(b));
}
export function dot(a: usize, b: usize, n: i32): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (; n >= 4; n -= 4) {
    low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
    high = f64x2.add(high, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32; b += 32;
  }
  let p = f64x2.extract_lane(low, 0);
  for (; n > 0; n--) { p += load<f64>(a) * load<f64>(b); a += 8; b += 8; }
  return p + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
}
export function rotate(a: usize, b: usize, n: i32, c: f64, s: f64): void {
  const cs = f64x2.splat(c), ss = f64x2.splat(s);
  for (; n >= 2; n -= 2) {
    const x = v128.load(a), y = v128.load(b);
    v128.store(a, f64x2.add(f64x2.mul(cs, x), f64x2.mul(ss, y)));
    v128.store(b, f64x2.sub(f64x2.mul(cs, y), f64x2.mul(ss, x)));
    a += 16; b += 16;
  }
  if (n > 0) {
    const x = load<f64>(a), y = load<f64>(b);
    store<f64>(a, c * x + s * y);
    store<f64>(b, c * y - s * x);
  }
}
/** a -= x p + y q. */
export function lessTwo(a: usize, x: f64, p: usize, y: f64, q: usize, n: i32): void {
  const xs = f64x2.splat(x), ys = f64x2.splat(y);
  for (; n >= 2; n -= 2) {
    v128.store(a, f64x2.sub(v128.load(a), f64x2.add(f64x2.mul(xs, v128.load(p)), f64x2.mul(ys, v128.load(q)))));
    a += 16; p += 16; q += 16;
  }
  if (n > 0) store<f64>(a, load<f64>(a) - (x * load<f64>(p) + y * load<f64>(q)));
}
/** a plus so many runs, \`next\` bytes from one to the other, one after the other: each times \`by\` times its factor; those of 0 are left out where \`skip\`. */
export function combine(a: usize, by: f64, factors: usize, factorNext: usize, b: usize, next: usize, count: i32, n: i32, skip: i32): void {
  for (; count >= ${FOLD}; count -= ${FOLD}) {
    ${lines(FOLD, (i) => `const f${i} = by * load<f64>(factors + ${i} * factorNext);`)}
    if (skip && (${Array.from({ length: FOLD }, (_, i) => `f${i} == 0`).join(' || ')})) {
      ${lines(FOLD, (i) => `if (f${i} != 0) add(a, f${i}, b + ${i} * next, n);`)}
    } else {
      ${lines(FOLD, (i) => `const v${i} = f64x2.splat(f${i}), r${i} = b + ${i} * next;`)}
      let at: usize = 0, left = n;
      for (; left >= 2; left -= 2) {
        let v = v128.load(a + at);
        ${lines(FOLD, (i) => `v = f64x2.add(v, f64x2.mul(v${i}, v128.load(r${i} + at)));`)}
        v128.store(a + at, v);
        at += 16;
      }
      if (left > 0) {
        let v = load<f64>(a + at);
        ${lines(FOLD, (i) => `v += f${i} * load<f64>(r${i} + at);`)}
        store<f64>(a + at, v);
      }
    }
    factors += ${FOLD} * factorNext; b += ${FOLD} * next;
  }
  for (; count > 0; count--) {
    const f = by * load<f64>(factors);
    if (!skip || f != 0) add(a, f, b, n);
    factors += factorNext; b += next;
  }
}`;
}

/** Runs that are added while an element is held. */
const FOLD = 4;
