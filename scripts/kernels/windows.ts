import { lines } from './element.ts';

/**
 * What slides a window over images, in f32: rows of elements gathered for a
 * matrix product and added back, convolutions that keep channels apart, and
 * the greatest of each window. Images are [batch, d, h, w, channels]; the plan
 * is that of engine/devices/cpu/sliding-plan.ts.
 */
export function windows(): string {
  return [advance, collect, spread, ...depthwise(), maxPool].join('\n');
}

/** Words of the plan. */
const words = [
  ...['id', 'ih', 'iw', 'od', 'oh', 'ow', 'kd', 'kh', 'kw', 'sd', 'sh', 'sw'],
  ...['gd', 'gh', 'gw', 'pd', 'ph', 'pw', 'channels', 'groups'],
];
const plan = words.map((name, i) => `const ${name} = load<i32>(plan, ${4 * i});`).join(' ');

/** The first and the last but one element of a window along an axis that lie inside. */
const advance = `
// @ts-ignore: decorator
@inline function firstInside(start: i32, gap: i32): i32 { return start >= 0 ? 0 : (gap - 1 - start) / gap; }
// @ts-ignore: decorator
@inline function endInside(start: i32, gap: i32, k: i32, n: i32): i32 { return n <= start ? 0 : min(k, (n - start + gap - 1) / gap); }
// @ts-ignore: decorator
@inline function clear(to: usize, bytes: i32): void { if (bytes > 0) memory.fill(to, 0, bytes); }
export function zero(to: usize, n: i32): void { memory.fill(to, 0, <usize>n << 2); }
function addRow(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) { v128.store(to, f32x4.add(v128.load(to), v128.load(from))); to += 16; from += 16; }
  for (; n > 0; n--) { store<f32>(to, load<f32>(to) + load<f32>(from)); to += 4; from += 4; }
}`;

/** Where the step number `at` over the whole batch stands. */
const stand = `
  let z = at % ow, y = at / ow % oh, c = at / (ow * oh) % od, n = at / (ow * oh * od);`;
const onward = `
    if (++z == ow) { z = 0; if (++y == oh) { y = 0; if (++c == od) { c = 0; n++; } } }`;

/**
 * Rows of what each of \`count\` steps sees, from step \`at\` on: for every
 * group [count, kd, kh, kw, channels / groups], zero outside the image.
 */
const collect = `
export function collect(plan: usize, to: usize, x: usize, at: i32, count: i32): void {
  ${plan}
  const share = channels / groups, row = kd * kh * kw * share << 2, width = kw * share << 2;
  const next = count * row, whole = groups == 1 && gw == 1;
  ${stand}
  for (; count > 0; count--) {
    const left = z * sw - pw, low = firstInside(left, gw), high = max(low, endInside(left, gw, kw, iw));
    let q = to;
    for (let a = 0; a < kd; a++) {
      const front = c * sd - pd + a * gd;
      for (let b = 0; b < kh; b++) {
        const top = y * sh - ph + b * gh;
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
        }
      }
    }
    to += row;
    ${onward}
  }
}`;

/** The other way round: such rows added to the elements of x they came from. */
const spread = `
export function spread(plan: usize, x: usize, from: usize, at: i32, count: i32): void {
  ${plan}
  const share = channels / groups, row = kd * kh * kw * share << 2, width = kw * share << 2;
  const next = count * row, whole = groups == 1 && gw == 1;
  ${stand}
  for (; count > 0; count--) {
    const left = z * sw - pw, low = firstInside(left, gw), high = max(low, endInside(left, gw, kw, iw));
    let q = from;
    for (let a = 0; a < kd; a++) {
      const front = c * sd - pd + a * gd;
      for (let b = 0; b < kh; b++) {
        const top = y * sh - ph + b * gh;
        if (<u32>front < <u32>id && <u32>top < <u32>ih) {
          const line = x + ((((n * id + front) * ih + top) * iw + left) * channels << 2);
          if (whole) addRow(line + (low * channels << 2), q + (low * channels << 2), (high - low) * channels);
          else {
            for (let k = low; k < high; k++) {
              const to = line + (k * gw * channels << 2), own = q + (k * share << 2);
              for (let g = 0; g < groups; g++) addRow(to + (g * share << 2), own + g * next, share);
            }
          }
        }
        q += width;
      }
    }
    from += row;
    ${onward}
  }
}`;

/** Visits the elements of the window inside the image at every step: \`p\` in x, \`w\` in a filter of one row of channels for each. */
const inWindow = (before: string, body: string, after: string) => `
  ${plan}
  const row = channels << 2;
  for (let n = 0; n < batch; n++) for (let c = 0; c < od; c++) for (let y = 0; y < oh; y++) for (let z = 0; z < ow; z++) {
    const front = c * sd - pd, top = y * sh - ph, left = z * sw - pw;
    const a0 = firstInside(front, gd), a1 = endInside(front, gd, kd, id);
    const b0 = firstInside(top, gh), b1 = endInside(top, gh, kh, ih);
    const k0 = firstInside(left, gw), k1 = endInside(left, gw, kw, iw);
    ${before}
    for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) {
      const line = (((n * id + front + a * gd) * ih + top + b * gh) * iw + left) * row;
      for (let k = k0; k < k1; k++) {
        const p = line + k * gw * row, w = ((a * kh + b) * kw + k) * row;
        ${body}
      }
    }
    ${after}
  }`;

/** Sixteen channels at a time: registers hold their sums over the window. */
const BLOCK = 4;
function depthwise(): string[] {
  const step = (vectors: number) =>
    inWindow(
      lines(vectors, (v) => `let s${v} = f32x4.splat(0);`),
      lines(
        vectors,
        (v) =>
          `s${v} = madd(v128.load(x + p, ${16 * v}), v128.load(filter + w, ${16 * v}), s${v});`,
      ),
      `const o = out + (((n * od + c) * oh + y) * ow + z) * row;
      ${lines(vectors, (v) => `v128.store(o, s${v}, ${16 * v});`)}`,
    );
  const rest = inWindow(
    'let s = f32x4.splat(0);',
    's = madd(loadTail_4(x + p, left4), loadTail_4(filter + w, left4), s);',
    'storeTail_4(out + (((n * od + c) * oh + y) * ow + z) * row, left4, s);',
  );
  const block = (vectors: number) => `
function depthwise${vectors}(plan: usize, batch: i32, out: usize, x: usize, filter: usize): void {${step(vectors)}
}`;
  const add = (to: string, left: string, right: string) => `
        let t = ${to}, l = ${left}, r = ${right}, m = channels;
        for (; m >= 4; m -= 4) {
          v128.store(t, madd(v128.load(l), v128.load(r), v128.load(t)));
          t += 16; l += 16; r += 16;
        }
        for (; m > 0; m--) { store<f32>(t, load<f32>(l) * load<f32>(r) + load<f32>(t)); t += 4; l += 4; r += 4; }`;
  const grad = 'const g = y0 + (((n * od + c) * oh + y) * ow + z) * row;';
  return [
    block(BLOCK),
    block(1),
    `
function depthwiseTail(plan: usize, batch: i32, out: usize, x: usize, filter: usize, left4: i32): void {${rest}
}
/** Every channel by itself: the filter is [kd, kh, kw, channels]. */
export function depthwise(plan: usize, batch: i32, out: usize, x: usize, filter: usize): void {
  let left = load<i32>(plan, ${4 * words.indexOf('channels')});
  for (; left >= ${4 * BLOCK}; left -= ${4 * BLOCK}) {
    depthwise${BLOCK}(plan, batch, out, x, filter);
    out += ${16 * BLOCK}; x += ${16 * BLOCK}; filter += ${16 * BLOCK};
  }
  for (; left >= 4; left -= 4) {
    depthwise1(plan, batch, out, x, filter);
    out += 16; x += 16; filter += 16;
  }
  if (left > 0) depthwiseTail(plan, batch, out, x, filter, left);
}
/** Added to x: what each step gives back through the filter. */
export function depthwiseX(plan: usize, batch: i32, x: usize, y0: usize, filter: usize): void {${inWindow(grad, add('x + p', 'g', 'filter + w'), '')}
}
/** Added to the filter: the products of what it brings together. */
export function depthwiseFilter(plan: usize, batch: i32, filter: usize, x: usize, y0: usize): void {${inWindow(grad, add('filter + w', 'x + p', 'g'), '')}
}`,
  ];
}

/** The greatest of each window and its place in x; not-a-number is greater than all, the first wins. */
const maxPool = `
export function maxPool(plan: usize, batch: i32, out: usize, places: usize, x: usize, inBatch: i32): void {
  ${plan}
  for (let n = 0; n < batch; n++) for (let c = 0; c < od; c++) for (let y = 0; y < oh; y++) for (let z = 0; z < ow; z++) {
    const front = c * sd - pd, top = y * sh - ph, left = z * sw - pw;
    const a0 = firstInside(front, gd), a1 = endInside(front, gd, kd, id);
    const b0 = firstInside(top, gh), b1 = endInside(top, gh, kh, ih);
    const k0 = firstInside(left, gw), k1 = endInside(left, gw, kw, iw);
    for (let j = 0; j < channels; j += 4) {
      const wide = channels - j, before = inBatch ? 0 : n * id * ih * iw * channels;
      let best = f32x4.splat(-Infinity);
      let place = i32x4.add(i32x4.splat((((n * id + front + a0 * gd) * ih + top + b0 * gh) * iw + left + k0 * gw) * channels + j - before), i32x4(0, 1, 2, 3));
      for (let a = a0; a < a1; a++) for (let b = b0; b < b1; b++) for (let k = k0; k < k1; k++) {
        const i = (((n * id + front + a * gd) * ih + top + b * gh) * iw + left + k * gw) * channels + j;
        const v = wide >= 4 ? v128.load(x + (i << 2)) : loadTail_4(x + (i << 2), wide);
        const more = v128.and(v128.or(f32x4.gt(v, best), f32x4.ne(v, v)), f32x4.eq(best, best));
        best = v128.bitselect(v, best, more);
        place = v128.bitselect(i32x4.add(i32x4.splat(i - before), i32x4(0, 1, 2, 3)), place, more);
      }
      if (wide >= 4) { v128.store(out, best); v128.store(places, place); }
      else { storeTail_4(out, wide, best); storeTail_4(places, wide, place); }
      out += min(wide, 4) << 2; places += min(wide, 4) << 2;
    }
  }
}`;
