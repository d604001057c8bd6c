import { lines } from './element.ts';

/**
 * What slides a window over images, in f32: rows of elements gathered for a
 * matrix product and added back, convolutions that keep channels apart, and
 * the greatest of each window. Images are [batch, d, h, w, channels]; the plan
 * is that of engine/devices/cpu/sliding-plan.ts.
 */
export function windows(): string {
  return [advance, finite, collect, spread, ...depthwise(), maxPool()].join('\n');
}

/** Words of the plan. */
const words = [
  ...['id', 'ih', 'iw', 'od', 'oh', 'ow', 'kd', 'kh', 'kw', 'sd', 'sh', 'sw'],
  ...['gd', 'gh', 'gw', 'pd', 'ph', 'pw', 'channels', 'groups'],
];
export const plan = words.map((name, i) => `const ${name} = load<i32>(plan, ${4 * i});`).join(' ');

/** The first element of a window along an axis that lies inside, and the one behind the last; a division costs as much as many products. */
const advance = `
// @ts-ignore: decorator
@inline function firstInside(start: i32, gap: i32): i32 { return start >= 0 ? 0 : (gap - 1 - start) / gap; }
// @ts-ignore: decorator
@inline function endInside(start: i32, gap: i32, k: i32, n: i32): i32 {
  return start + (k - 1) * gap < n ? k : n <= start ? 0 : (n - start + gap - 1) / gap;
}
// @ts-ignore: decorator
@inline function clear(to: usize, bytes: i32): void { if (bytes > 0) memory.fill(to, 0, bytes); }
export function zero(to: usize, n: i32): void { memory.fill(to, 0, <usize>n << 2); }
function addRow(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) { v128.store(to, f32x4.add(v128.load(to), v128.load(from))); to += 16; from += 16; }
  for (; n > 0; n--) { store<f32>(to, load<f32>(to) + load<f32>(from)); to += 4; from += 4; }
}`;

/** Whether none of n elements is infinite or not a number. */
const finite = `
export function finite(x: usize, n: i32): bool {
  // Whatever is not finite has all bits of the exponent: whole numbers that are never slow to compare.
  const size = i32x4.splat(0x7fffffff);
  let a = i32x4.splat(0), b = a, c = a, d = a, rest = 0;
  for (; n >= 16; n -= 16) {
    a = i32x4.max_s(a, v128.and(v128.load(x), size)); b = i32x4.max_s(b, v128.and(v128.load(x, 16), size));
    c = i32x4.max_s(c, v128.and(v128.load(x, 32), size)); d = i32x4.max_s(d, v128.and(v128.load(x, 48), size));
    x += 64;
  }
  a = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
  for (; n >= 4; n -= 4) { a = i32x4.max_s(a, v128.and(v128.load(x), size)); x += 16; }
  for (; n > 0; n--) { rest = max(rest, load<i32>(x) & 0x7fffffff); x += 4; }
  return v128.any_true(i32x4.ge_s(a, i32x4.splat(0x7f800000))) == false && rest < 0x7f800000;
}`;

/** Where the step number `at` over the whole batch stands. */
const stand = `
  let z = at % ow, y = at / ow % oh, c = at / (ow * oh) % od, n = at / (ow * oh * od);`;
const onward = `
    if (++z == ow) { z = 0; if (++y == oh) { y = 0; if (++c == od) { c = 0; n++; } } }`;

/**
 * Visits every line of the filter at each of `count` steps, after `before`; in rows that are gathered, `q` is where
 * its own begins among those at `rows`, and `body` moves it on.
 */
export const eachLine = (rows: 'to' | 'from' | null, body: string, before = '') => `  ${plan}
  const share = channels / groups, row = kd * kh * kw * share << 2, width = kw * share << 2;
  const whole = groups == 1 && gw == 1;
  ${stand}
  for (; count > 0; count--) {
    const left = z * sw - pw, low = firstInside(left, gw), high = max(low, endInside(left, gw, kw, iw));
    ${before}
    ${rows === null ? '' : `let q = ${rows};`}
    for (let a = 0; a < kd; a++) {
      const front = c * sd - pd + a * gd;
      for (let b = 0; b < kh; b++) {
        const top = y * sh - ph + b * gh;${body}
      }
    }
    ${rows === null ? '' : `${rows} += row;`}
    ${onward}
  }`;

/**
 * Rows of what each of \`count\` steps sees, from step \`at\` on: for every
 * group, \`next\` bytes after the one before, [count, kd, kh, kw, channels /
 * groups], zero outside the image.
 */
const collect = `
export function collect(plan: usize, to: usize, x: usize, at: i32, count: i32, next: i32): void {
${eachLine(
  'to',
  `
        if (<u32>front >= <u32>id || <u32>top >= <u32>ih) {
          for (let g = 0; g < groups; g++) clear(q + g * next, width);
          q += width;
          continue;
        }
        const line = x + ((((n * id + front) * ih + top) * iw + left) * channels << 2);
        if (whole) {
          const skipped = low * channels << 2, run = (high - low) * channels << 2;
          clear(q, skipped);
          copyRows(q + skipped, line + skipped, run, 1, 0, 0);
          clear(q + skipped + run, width - skipped - run);
          q += width;
        } else {
          for (let k = 0; k < kw; k++) {
            const inside = k >= low && k < high;
            const from = line + (k * gw * channels << 2);
            for (let g = 0; g < groups; g++) {
              if (inside) copyRows(q + g * next, from + (g * share << 2), share << 2, 1, 0, 0);
              else clear(q + g * next, share << 2);
            }
            q += share << 2;
          }
        }`,
)}
}`;

/**
 * The other way round: such rows added to the elements of x they came from. Where there is one group, only
 * \`lanes\` channels from \`lane\` on.
 */
const spread = `
export function spread(plan: usize, x: usize, from: usize, at: i32, count: i32, next: i32, lane: i32, lanes: i32): void {
${eachLine(
  'from',
  `
        if (<u32>front < <u32>id && <u32>top < <u32>ih) {
          const line = x + ((((n * id + front) * ih + top) * iw + left) * channels << 2);
          if (whole && lanes == channels) addRow(line + (low * channels << 2), q + (low * channels << 2), (high - low) * channels);
          else {
            for (let k = low; k < high; k++) {
              const to = line + (k * gw * channels << 2), own = q + (k * share << 2);
              if (groups == 1) addRow(to + (lane << 2), own + (lane << 2), lanes);
              else for (let g = 0; g < groups; g++) addRow(to + (g * share << 2), own + g * next, share);
            }
          }
        }
        q += width;`,
)}
}`;

/**
 * Visits `count` rows of steps from the row number `at` on: `o` is where its first result lies, and `body`
 * works on so many vectors of channels from `j` bytes on, then on what is left of the `lanes` from `lane` on.
 */
const byRow = (body: (vectors: number, tail: boolean) => string) => `
  ${plan}
  const row = channels << 2, end = lane + min(lanes, channels) << 2;
  let y = at % oh, c = at / oh % od, n = at / (oh * od);
  for (; count > 0; count--) {
    const front = c * sd - pd, top = y * sh - ph;
    const a0 = firstInside(front, gd), a1 = endInside(front, gd, kd, id);
    const b0 = firstInside(top, gh), b1 = endInside(top, gh, kh, ih);
    const o = ((n * od + c) * oh + y) * ow * row;
    let j = lane << 2;
    for (; j + ${16 * BLOCK} <= end; j += ${16 * BLOCK}) {${body(BLOCK, false)}}
    for (; j + 16 <= end; j += 16) {${body(1, false)}}
    if (j < end) { const rest = (end - j) >> 2; ${body(1, true)} }
    if (++y == oh) { y = 0; if (++c == od) { c = 0; n++; } }
  }`;
/** Sixteen channels at a time. */
const BLOCK = 4;
const at = (p: string, v: number, tail: boolean) =>
  tail ? `loadTail_4(${p}, rest)` : `v128.load(${p}, ${16 * v})`;
const put = (p: string, v: number, tail: boolean, value: string) =>
  tail ? `storeTail_4(${p}, rest, ${value});` : `v128.store(${p}, ${value}, ${16 * v});`;

/** Each step of a row, and the elements of its window that lie inside: `p` in the image, `w` in the filter. */
const inWindow = (before: string, body: string, after: string) => `
  for (let z = 0; z < ow; z++) {
    const left = z * sw - pw, k0 = firstInside(left, gw), k1 = endInside(left, gw, kw, iw);
    ${before}
    for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) {
      let p = ((((n * id + front + a * gd) * ih + top + b * gh) * iw + left + k0 * gw) * row) + j;
      let w = ((a * kh + b) * kw + k0) * row + j;
      for (let k = k0; k < k1; k++) { ${body} p += gw * row; w += row; }
    }
    ${after}
  }`;

function depthwise(): string[] {
  const forward = (vectors: number, tail: boolean) =>
    inWindow(
      lines(vectors, (v) => `let s${v} = f32x4.splat(0);`),
      lines(
        vectors,
        (v) => `s${v} = madd(${at('x + p', v, tail)}, ${at('filter + w', v, tail)}, s${v});`,
      ),
      `const to = out + o + z * row + j;
      ${lines(vectors, (v) => put('to', v, tail, `s${v}`))}`,
    );
  const toImage = (vectors: number, tail: boolean) =>
    inWindow(
      `const from = g + o + z * row + j;
      ${lines(vectors, (v) => `const g${v} = ${at('from', v, tail)};`)}`,
      lines(vectors, (v) =>
        put('x + p', v, tail, `madd(g${v}, ${at('filter + w', v, tail)}, ${at('x + p', v, tail)})`),
      ),
      '',
    );
  // The sums of one element of the filter over a row of steps stay in registers.
  const toFilter = (vectors: number, tail: boolean) => `
  for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) for (let k = 0; k < kw; k++) {
    const before = pw - k * gw, z0 = max(0, (before + sw - 1) / sw), z1 = min(ow, (iw - 1 + before + sw) / sw);
    if (before + iw <= 0) continue;
    let p = x + ((((n * id + front + a * gd) * ih + top + b * gh) * iw + z0 * sw - before) * row) + j;
    let q = g + o + z0 * row + j;
    ${lines(vectors, (v) => `let s${v} = f32x4.splat(0);`)}
    for (let z = z0; z < z1; z++) {
      ${lines(vectors, (v) => `s${v} = madd(${at('p', v, tail)}, ${at('q', v, tail)}, s${v});`)}
      p += sw * row; q += row;
    }
    const to = filter + ((a * kh + b) * kw + k) * row + j;
    ${lines(vectors, (v) => put('to', v, tail, `f32x4.add(${at('to', v, tail)}, s${v})`))}
  }`;
  return [
    `
/** Every channel by itself: the filter is [kd, kh, kw, channels]. */
export function depthwise(plan: usize, at: i32, count: i32, lane: i32, lanes: i32, out: usize, x: usize, filter: usize): void {${byRow(forward)}
}
/** Added to x: what each step gives back through the filter. */
export function depthwiseX(plan: usize, at: i32, count: i32, lane: i32, lanes: i32, x: usize, g: usize, filter: usize): void {${byRow(toImage)}
}
/** Added to the filter: the products of what it brings together. */
export function depthwiseFilter(plan: usize, at: i32, count: i32, lane: i32, lanes: i32, filter: usize, x: usize, g: usize): void {${byRow(toFilter)}
}`,
  ];
}

/** The greatest of each window and its place in x, unless `places` is 0; not-a-number is greater than all, the first wins. */
function maxPool(): string {
  const lanes = (v: number) => `i32x4(${[0, 1, 2, 3].map((i) => i + 4 * v).join(', ')})`;
  const body = (vectors: number, tail: boolean) => `
  const before = inBatch ? 0 : n * id * ih * iw * channels;
  for (let z = 0; z < ow; z++) {
    const left = z * sw - pw, k0 = firstInside(left, gw), k1 = endInside(left, gw, kw, iw);
    const first = (((n * id + front + a0 * gd) * ih + top + b0 * gh) * iw + left + k0 * gw) * row + j;
    const start = i32x4.splat((first >> 2) - before);
    ${lines(vectors, (v) => `let m${v} = f32x4.splat(-Infinity), i${v} = i32x4.add(start, ${lanes(v)});`)}
    for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) {
      let p = (((n * id + front + a * gd) * ih + top + b * gh) * iw + left + k0 * gw) * row + j;
      for (let k = k0; k < k1; k++) {
        const here = i32x4.splat((p >> 2) - before);
        ${lines(
          vectors,
          (v) => `const v${v} = ${at('x + p', v, tail)};
        // Not lower, equal or unordered: greater, or not a number; but nothing comes after what is none.
        const w${v} = v128.andnot(f32x4.eq(m${v}, m${v}), f32x4.le(v${v}, m${v}));
        m${v} = v128.bitselect(v${v}, m${v}, w${v});
        i${v} = v128.bitselect(i32x4.add(here, ${lanes(v)}), i${v}, w${v});`,
        )}
        p += gw * row;
      }
    }
    const to = o + z * row + j;
    ${lines(vectors, (v) => put('out + to', v, tail, `m${v}`))}
    if (places != 0) { ${lines(vectors, (v) => put('places + to', v, tail, `i${v}`))} }
  }`;
  return `
export function maxPool(plan: usize, at: i32, count: i32, lane: i32, lanes: i32, out: usize, places: usize, x: usize, inBatch: i32): void {${byRow(body)}
}`;
}
