import { lines } from './element.ts';

/**
 * Discrete Fourier transforms as engine/special/fourier.ts says them, in f64:
 * a vector is one complex number. A block is `w` lines side by side, number i
 * of all of them in a row: so that the columns of a matrix are transformed
 * several at a time, each as it would be alone.
 *
 * A plan is what the transform of a length knows, at one address: how many
 * radices, which, and 128 bytes on exp(-2 pi i k / n) for k from 0 to n. Where
 * `chirp` is not 0 the length has a large prime, and there lie the chirp (n
 * numbers), its transform (of the length of the plan, a power of two) in turn.
 */
export function fourier(): string {
  return [arithmetic, loads, stages, convolution, transforms].join('\n');
}

/** Bytes from the start of a plan to its turns. */
export const TURNS_AT = 128;
/** What a block of numbers is read from or written to: how it is told to the kernels. */
export const LAYOUTS = { f32: 0, f64: 1, c64: 2, c128: 3 } as const;

const arithmetic = `
// @ts-ignore: decorator
@inline function swapped(v: v128): v128 { return v128.shuffle<f64>(v, v, 1, 0); }
/** v times a turn that was taken apart: its real part twice, its imaginary part with a minus first. */
// @ts-ignore: decorator
@inline function turned(v: v128, re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(v, re), f64x2.mul(swapped(v), im));
}
// @ts-ignore: decorator
@inline function realOf(t: v128): v128 { return v128.shuffle<f64>(t, t, 0, 0); }
/** \`sides\` is (-1, 1) for the turn itself and (1, -1) for its conjugate. */
// @ts-ignore: decorator
@inline function imaginaryOf(t: v128, sides: v128): v128 { return f64x2.mul(v128.shuffle<f64>(t, t, 1, 1), sides); }
// @ts-ignore: decorator
@inline function sidesOf(inverse: i32): v128 {
  const one: f64 = inverse ? 1 : -1;
  return f64x2.replace_lane(f64x2.splat(one), 1, -one);
}`;

const loads = `
/** The numbers of w lines of which \`have\` are there, the others zero up to n. */
function takeBlock(to: usize, x: usize, step: usize, have: i32, n: i32, w: i32, layout: i32): void {
  for (let i = 0; i < have; i++) {
    if (layout == ${LAYOUTS.c128}) for (let q = 0; q < w; q++) v128.store(to + (q << 4), v128.load(x + (q << 4)));
    else if (layout == ${LAYOUTS.c64}) for (let q = 0; q < w; q++) v128.store(to + (q << 4), f64x2.promote_low_f32x4(v128.load64_zero(x + (q << 3))));
    else for (let q = 0; q < w; q++) {
      const re: f64 = layout == ${LAYOUTS.f32} ? <f64>load<f32>(x + (q << 2)) : load<f64>(x + (q << 3));
      v128.store(to + (q << 4), f64x2.replace_lane(f64x2.splat(0), 0, re));
    }
    to += w << 4; x += step;
  }
  if (n > have) memory.fill(to, 0, <usize>(n - have) * w * 16);
}
/** The first \`keep\` numbers of w lines, each times \`scale\`; of real numbers the real part. */
function giveBlock(o: usize, from: usize, step: usize, keep: i32, w: i32, layout: i32, scale: f64): void {
  const by = f64x2.splat(scale);
  for (let i = 0; i < keep; i++) {
    for (let q = 0; q < w; q++) {
      const v = f64x2.mul(v128.load(from + (q << 4)), by);
      if (layout == ${LAYOUTS.c128}) v128.store(o + (q << 4), v);
      else if (layout == ${LAYOUTS.c64}) v128.store64_lane(o + (q << 3), f32x4.demote_f64x2_zero(v), 0);
      else if (layout == ${LAYOUTS.f64}) store<f64>(o + (q << 3), f64x2.extract_lane(v, 0));
      else store<f32>(o + (q << 2), <f32>f64x2.extract_lane(v, 0));
    }
    from += w << 4; o += step;
  }
}`;

const [R5A, R5B] = [Math.cos((2 * Math.PI) / 5), Math.cos((4 * Math.PI) / 5)];
const [R5C, R5D] = [Math.sin((2 * Math.PI) / 5), Math.sin((4 * Math.PI) / 5)];

/** A stage whose radix is written out: `first` makes y0 .. of x0 .. . */
function stage(radix: number, first: string): string {
  const turns = lines(radix - 1, (i) => {
    const j = i + 1;
    return `const t${j} = v128.load(turns + <usize>(${j} * at) * 16), re${j} = realOf(t${j}), im${j} = imaginaryOf(t${j}, sides);`;
  });
  return `
function stage_${radix}(x: usize, y: usize, turns: usize, m: i32, s: i32, w: i32, sides: v128): void {
  const row = <usize>s * w * 16, across = row * m;
  for (let p = 0; p < m; p++) {
    const at = p * s;
    ${turns}
    for (let q: usize = 0; q < row; q += 16) {
      ${lines(radix, (i) => `const x${i} = v128.load(x + q + ${i} * across);`)}
      ${first}
      v128.store(y + q, y0);
      ${lines(radix - 1, (i) => `v128.store(y + q + ${i + 1} * row, turned(y${i + 1}, re${i + 1}, im${i + 1}));`)}
    }
    x += row; y += ${radix} * row;
  }
}`;
}

const stages = [
  stage(2, 'const y0 = f64x2.add(x0, x1), y1 = f64x2.sub(x0, x1);'),
  // Where a number is turned by a quarter, \`sides\` has the signs: forward by -i.
  stage(
    3,
    `const sum = f64x2.add(x1, x2), y0 = f64x2.add(x0, sum);
      const middle = f64x2.sub(x0, f64x2.mul(sum, f64x2.splat(0.5)));
      const gap = f64x2.mul(f64x2.mul(swapped(f64x2.sub(x1, x2)), sides), f64x2.splat(${Math.sqrt(0.75)}));
      const y1 = f64x2.sub(middle, gap), y2 = f64x2.add(middle, gap);`,
  ),
  stage(
    4,
    `const sum = f64x2.add(x0, x2), gap = f64x2.sub(x0, x2), other = f64x2.add(x1, x3);
      const quarter = f64x2.mul(swapped(f64x2.sub(x1, x3)), sides);
      const y0 = f64x2.add(sum, other), y1 = f64x2.sub(gap, quarter);
      const y2 = f64x2.sub(sum, other), y3 = f64x2.add(gap, quarter);`,
  ),
  stage(
    5,
    `const a = f64x2.add(x1, x4), b = f64x2.add(x2, x3), c = f64x2.sub(x1, x4), d = f64x2.sub(x2, x3);
      const y0 = f64x2.add(x0, f64x2.add(a, b));
      const one = f64x2.add(x0, f64x2.add(f64x2.mul(a, f64x2.splat(${R5A})), f64x2.mul(b, f64x2.splat(${R5B}))));
      const two = f64x2.add(x0, f64x2.add(f64x2.mul(a, f64x2.splat(${R5B})), f64x2.mul(b, f64x2.splat(${R5A}))));
      const far = f64x2.mul(swapped(f64x2.add(f64x2.mul(c, f64x2.splat(${R5C})), f64x2.mul(d, f64x2.splat(${R5D})))), sides);
      const near = f64x2.mul(swapped(f64x2.sub(f64x2.mul(c, f64x2.splat(${R5D})), f64x2.mul(d, f64x2.splat(${R5C})))), sides);
      const y1 = f64x2.sub(one, far), y4 = f64x2.add(one, far), y2 = f64x2.sub(two, near), y3 = f64x2.add(two, near);`,
  ),
  `
function stage_other(x: usize, y: usize, turns: usize, m: i32, s: i32, w: i32, sides: v128, radix: i32): void {
  const row = <usize>s * w * 16, across = row * m, turn = m * s, n = turn * radix;
  for (let p = 0; p < m; p++) {
    for (let j = 0; j < radix; j++) {
      const t = v128.load(turns + <usize>(p * j * s) * 16), re = realOf(t), im = imaginaryOf(t, sides);
      for (let q: usize = 0; q < row; q += 16) {
        let from = x + q, sum = v128.load(from);
        for (let k = 1, at = 0; k < radix; k++) {
          from += across; at += j * turn;
          if (at >= n) at %= n;
          const own = v128.load(turns + <usize>at * 16);
          sum = f64x2.add(sum, turned(v128.load(from), realOf(own), imaginaryOf(own, sides)));
        }
        v128.store(y + q, turned(sum, re, im));
      }
      y += row;
    }
    x += row;
  }
}
/** Transforms a block at \`work\`, with as much room behind it; returns where the result is. */
function transformBlock(work: usize, plan: usize, n: i32, w: i32, inverse: i32): usize {
  const sides = sidesOf(inverse), turns = plan + ${TURNS_AT}, count = load<i32>(plan);
  let from = work, to = work + <usize>n * w * 16, left = n, s = 1;
  for (let stage = 1; stage <= count; stage++) {
    const radix = load<i32>(plan + (stage << 2));
    left /= radix;
    if (radix == 4) stage_4(from, to, turns, left, s, w, sides);
    else if (radix == 2) stage_2(from, to, turns, left, s, w, sides);
    else if (radix == 3) stage_3(from, to, turns, left, s, w, sides);
    else if (radix == 5) stage_5(from, to, turns, left, s, w, sides);
    else stage_other(from, to, turns, left, s, w, sides, radix);
    s *= radix;
    const other = from;
    from = to; to = other;
  }
  return from;
}`,
].join('\n');

/** Bluestein's: three transforms of a power of two. The other way round it takes the conjugates of what goes in and comes out. */
const convolution = `
function timesTurns(x: usize, turns: usize, n: i32, w: i32, inverse: i32): void {
  const sides = sidesOf(0), flip = f64x2.replace_lane(f64x2.splat(1), 1, inverse ? -1 : 1);
  for (let i = 0; i < n; i++) {
    const t = v128.load(turns + (<usize>i << 4)), re = realOf(t), im = imaginaryOf(t, sides);
    for (let q = 0; q < w; q++) { v128.store(x, turned(f64x2.mul(v128.load(x), flip), re, im)); x += 16; }
  }
}
function convolveBlock(work: usize, plan: usize, chirp: usize, n: i32, w: i32, size: i32, inverse: i32): usize {
  timesTurns(work, chirp, n, w, inverse);
  memory.fill(work + <usize>n * w * 16, 0, <usize>(size - n) * w * 16);
  let at = transformBlock(work, plan, size, w, 0);
  timesTurns(at, chirp + <usize>n * 16, size, w, 0);
  // Where the other half of the room is, it works from there.
  if (at != work) { memory.copy(work, at, <usize>size * w * 16); at = work; }
  at = transformBlock(at, plan, size, w, 1);
  timesTurns(at, chirp, n, w, 0);
  const by = f64x2.mul(f64x2.splat(1 / <f64>size), f64x2.replace_lane(f64x2.splat(1), 1, inverse ? -1 : 1));
  for (let p = at, end = at + <usize>n * w * 16; p < end; p += 16) v128.store(p, f64x2.mul(v128.load(p), by));
  return at;
}
// @ts-ignore: decorator
@inline function anyBlock(work: usize, plan: usize, chirp: usize, n: i32, w: i32, size: i32, inverse: i32): usize {
  return chirp ? convolveBlock(work, plan, chirp, n, w, size, inverse) : transformBlock(work, plan, n, w, inverse);
}`;

const transforms = `
/** For \`count\` blocks, \`next\` bytes from one to the other, of n rows of w numbers, \`step\` bytes from row to row. Ways: from, to, inverse. */
export function fourier(o: usize, x: usize, count: i32, oNext: usize, xNext: usize, oStep: usize, xStep: usize, have: i32, keep: i32, w: i32, ways: i32, scale: f64, plan: usize, work: usize): void {
  const from = ways & 3, to = (ways >> 2) & 3, inverse = ways >> 4;
  const n = load<i32>(plan + ${TURNS_AT - 16}), size = load<i32>(plan + ${TURNS_AT - 12}), chirp = <usize>load<u32>(plan + ${TURNS_AT - 8});
  for (; count > 0; count--) {
    takeBlock(work, x, xStep, have, n, w, from);
    giveBlock(o, anyBlock(work, plan, chirp, n, w, size, inverse), oStep, keep, w, to, scale);
    o += oNext; x += xNext;
  }
}
/** Rows of an even number of real elements: those in even and odd places as one complex number; the transforms of both are in that of these. */
export function fourierReal(o: usize, x: usize, count: i32, oNext: usize, xNext: usize, have: i32, ways: i32, turns: usize, plan: usize, work: usize): void {
  const from = ways & 3, to = (ways >> 2) & 3;
  const half = load<i32>(plan + ${TURNS_AT - 16}), size = load<i32>(plan + ${TURNS_AT - 12}), chirp = <usize>load<u32>(plan + ${TURNS_AT - 8});
  const flip = f64x2.replace_lane(f64x2.splat(1), 1, -1), two = f64x2.splat(0.5), sides = sidesOf(0);
  for (; count > 0; count--) {
    const whole = have >> 1;
    takeBlock(work, x, 16 >> (from == ${LAYOUTS.f32} ? 1 : 0), whole, half, 1, from + 2);
    if (have & 1) takeBlock(work + (<usize>whole << 4), x + <usize>(2 * whole) * (from == ${LAYOUTS.f32} ? 4 : 8), 0, 1, 1, 1, from);
    const z = anyBlock(work, plan, chirp, half, 1, size, 0);
    for (let k = 0; k <= half; k++) {
      const a = v128.load(z + (<usize>(k == half ? 0 : k) << 4)), b = f64x2.mul(v128.load(z + (<usize>(k == 0 ? 0 : half - k) << 4)), flip);
      const t = v128.load(turns + (<usize>k << 4));
      // The odd ones turned back by a quarter, and by their turn.
      const odd = f64x2.mul(swapped(f64x2.sub(a, b)), flip);
      const v = f64x2.mul(f64x2.add(f64x2.add(a, b), turned(odd, realOf(t), imaginaryOf(t, sides))), two);
      if (to == ${LAYOUTS.c128}) v128.store(o + (<usize>k << 4), v);
      else v128.store64_lane(o + (<usize>k << 3), f32x4.demote_f64x2_zero(v), 0);
    }
    o += oNext; x += xNext;
  }
}
/** The other way: an even number of real elements from half as many complex ones and one, of which \`have\` are there. */
export function fourierBack(o: usize, x: usize, count: i32, oNext: usize, xNext: usize, have: i32, ways: i32, turns: usize, plan: usize, work: usize): void {
  const from = ways & 3, to = (ways >> 2) & 3;
  const half = load<i32>(plan + ${TURNS_AT - 16}), size = load<i32>(plan + ${TURNS_AT - 12}), chirp = <usize>load<u32>(plan + ${TURNS_AT - 8});
  const flip = f64x2.replace_lane(f64x2.splat(1), 1, -1), sides = sidesOf(1);
  // Behind the room of a block of as many numbers as the transform works on.
  const spectrum = work + (<usize>size << 5);
  for (; count > 0; count--) {
    takeBlock(spectrum, x, from < 2 ? 4 << from : 4 << (from - 1), have, half + 1, 1, from);
    // What the first number and the middle one have of an imaginary part does not count.
    v128.store(spectrum, onlyReal(v128.load(spectrum)));
    v128.store(spectrum + (<usize>half << 4), onlyReal(v128.load(spectrum + (<usize>half << 4))));
    for (let k = 0; k < half; k++) {
      const a = v128.load(spectrum + (<usize>k << 4)), b = f64x2.mul(v128.load(spectrum + (<usize>(half - k) << 4)), flip);
      const t = v128.load(turns + (<usize>k << 4));
      const odd = f64x2.mul(swapped(turned(f64x2.sub(a, b), realOf(t), imaginaryOf(t, sides))), sidesOf(0));
      v128.store(work + (<usize>k << 4), f64x2.add(f64x2.add(a, b), odd));
    }
    giveBlock(o, anyBlock(work, plan, chirp, half, 1, size, 1), 16 >> (to == ${LAYOUTS.f32} ? 1 : 0), half, 1, to + 2, 1 / (2 * <f64>half));
    o += oNext; x += xNext;
  }
}
// @ts-ignore: decorator
@inline function onlyReal(v: v128): v128 { return f64x2.replace_lane(v, 1, 0); }`;
