import { f64, i32, lines, type Element } from './element.ts';
import { eachLine, plan } from './windows.ts';

/**
 * Convolutions, pools and matrix products as they are written, for the dtypes
 * that are rarer than f32: some times slower than by blocks, but vectors all
 * the same. Sums run in the dtype, in the order of the elements.
 */
export function direct(): string {
  return [f64, i32].flatMap((type) => [sums(type), convolution(type), pool(type)]).join('\n');
}

/** Rows and columns of a right side that are multiplied together. */
const SQUARE = 64;

/** Four vectors of sums stay in registers. */
const BLOCK = 4;

/** n elements from `o` on grow by `count` rows of b, each times an element of a; steps are in bytes. */
function sums({ name, scalar, simd, bytes }: Element): string {
  const block = (vectors: number) => `
    ${lines(vectors, (v) => `let s${v} = v128.load(o + j, ${16 * v});`)}
    let p = a, q = b + j;
    for (let k = count; k > 0; k--) {
      const x = ${simd}.splat(load<${scalar}>(p));
      ${lines(vectors, (v) => `s${v} = ${simd}.add(s${v}, ${simd}.mul(x, v128.load(q, ${16 * v})));`)}
      p += aStep; q += bStep;
    }
    ${lines(vectors, (v) => `v128.store(o + j, s${v}, ${16 * v});`)}`;
  return `
export function sums_${name}(o: usize, a: usize, aStep: i32, b: usize, bStep: i32, count: i32, n: i32): void {
  const end = n * ${bytes};
  let j = 0;
  for (; j + ${16 * BLOCK} <= end; j += ${16 * BLOCK}) {${block(BLOCK)}
  }
  for (; j + 16 <= end; j += 16) {${block(1)}
  }
  for (; j < end; j += ${bytes}) {
    let s = load<${scalar}>(o + j), p = a, q = b + j;
    for (let k = count; k > 0; k--) { s += load<${scalar}>(p) * load<${scalar}>(q); p += aStep; q += bStep; }
    store<${scalar}>(o + j, s);
  }
}
/**
 * m rows of n: each grows by its row of x, times y. Steps of x and of the rows of y are in bytes. A square of y stays in
 * the cache for all rows; what is added to an element comes in the same order as without squares.
 */
export function product_${name}(o: usize, x: usize, xRow: i32, xStep: i32, y: usize, yRow: i32, m: i32, k: i32, n: i32): void {
  for (let from = 0; from < k; from += ${SQUARE}) {
    const deep = min(${SQUARE}, k - from);
    for (let j = 0; j < n; j += ${SQUARE}) {
      const wide = min(${SQUARE}, n - j);
      let to = o + j * ${bytes}, a = x + from * xStep;
      for (let row = 0; row < m; row++) {
        sums_${name}(to, a, xStep, y + from * yRow + j * ${bytes}, yRow, deep, wide);
        to += n * ${bytes}; a += xRow;
      }
    }
  }
}`;
}

/**
 * Adds to y what \`count\` steps see of x through the filter, from step \`at\` on, or to x or the filter what they
 * give back. The filter is [kd, kh, kw, channels / groups, made]; for x \`turned\`, its last two axes swapped.
 */
function convolution({ name, bytes }: Element): string {
  const each = (body: string) =>
    eachLine(
      null,
      `
        if (<u32>front >= <u32>id || <u32>top >= <u32>ih) continue;
        for (let k = low; k < high; k++) {
          const pixel = x + ((((n * id + front) * ih + top) * iw + left + k * gw) * channels) * ${bytes};
          const weight = filter + ((a * kh + b) * kw + k) * share * made * ${bytes};
          for (let g = 0; g < groups; g++) {
            const from = pixel + g * share * ${bytes}, to = step + g * own * ${bytes};
            ${body}
          }
        }`,
      `const own = made / groups, step = y0 + at * made * ${bytes}; at++;`,
    );
  return `
export function convY_${name}(plan: usize, at: i32, count: i32, y0: usize, x: usize, filter: usize, made: i32): void {
${each(`sums_${name}(to, from, ${bytes}, weight + g * own * ${bytes}, made * ${bytes}, share, own);`)}
}
export function convX_${name}(plan: usize, at: i32, count: i32, y0: usize, x: usize, filter: usize, made: i32): void {
${each(`sums_${name}(from, to, ${bytes}, weight + g * own * share * ${bytes}, share * ${bytes}, own, share);`)}
}
export function convFilter_${name}(plan: usize, at: i32, count: i32, y0: usize, x: usize, filter: usize, made: i32): void {
${each(`for (let i = 0; i < share; i++)
              sums_${name}(weight + (i * made + g * own) * ${bytes}, from + i * ${bytes}, 0, to, 0, 1, own);`)}
}`;
}

/** The greatest of each window and its place in x, unless \`places\` is 0; not-a-number is greater than all, the first wins. */
function pool({ name, scalar, bytes }: Element): string {
  return `
export function pool_${name}(plan: usize, at: i32, count: i32, out: usize, places: usize, x: usize, inBatch: i32): void {
  ${plan}
  for (; count > 0; count--, at++) {
    const z = at % ow, y = at / ow % oh, c = at / (ow * oh) % od, n = at / (ow * oh * od);
    const left = z * sw - pw, top = y * sh - ph, front = c * sd - pd;
    const k0 = firstInside(left, gw), k1 = endInside(left, gw, kw, iw);
    const b0 = firstInside(top, gh), b1 = endInside(top, gh, kh, ih);
    const a0 = firstInside(front, gd), a1 = endInside(front, gd, kd, id);
    const before = inBatch ? 0 : n * id * ih * iw * channels;
    for (let j = 0; j < channels; j++) {
      let best = <${scalar}>0, place = -1;
      for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) for (let k = k0; k < k1; k++) {
        const p = (((n * id + front + a * gd) * ih + top + b * gh) * iw + left + k * gw) * channels + j;
        const value = load<${scalar}>(x + p * ${bytes});
        if (place < 0 || (best == best && !(value <= best))) { best = value; place = p; }
      }
      store<${scalar}>(out + (at * channels + j) * ${bytes}, best);
      if (places != 0) store<i32>(places + (at * channels + j << 2), place - before);
    }
  }
}`;
}
