import {
  f32,
  f64,
  i32,
  lines,
  word16,
  word32,
  word64,
  word8,
  words,
  type Element,
} from './element.ts';

/** Copies between windows, fills, choices and rows picked by index: for elements of a size, whatever they mean. */
export function movement(): string {
  return [
    words.map(copy),
    words.map(fill),
    words.map(transpose),
    words.map(select),
    words.map(gather),
    words.map(oneHot),
    bounds,
    [f32, f64, word8, word16, word32, word64].map(scatter),
    [f32, f64, i32].map(range),
  ]
    .flat()
    .join('\n');
}

/**
 * out = x over windows: the plan is that of elementwise.ts, with out and x in
 * the places of x and y. Its rows run along out's own direction; a row of
 * windows may be anything.
 */
function copy({ bytes, lanes }: Element): string {
  return `
export function copy_${bytes}(o: usize, x: usize, plan: usize): void {
  const n = load<i32>(plan), so = load<i32>(plan, 4), sx = load<i32>(plan, 8), m = load<i32>(plan, 12);
  const ro = load<i32>(plan, 16), rx = load<i32>(plan, 20);
  for (let window = load<i32>(plan, 32); window > 0; window--) {
    if (so == ${bytes} && sx == ${bytes}) copyRows(o, x, n * ${bytes}, m, ro, rx);
    else if (so == ${bytes} && rx == ${bytes} && n >= ${lanes} && m >= ${lanes}) transpose_${bytes}(o, x, n, sx, m, ro);
    else {
      let p = o, q = x;
      for (let row = m; row > 0; row--) {
        let a = p, b = q;
        if (so == ${bytes} && sx == 0) fill_${bytes}(a, b, n);
        else for (let k = n; k > 0; k--) { store<u${bytes * 8}>(a, load<u${bytes * 8}>(b)); a += so; b += sx; }
        p += ro; q += rx;
      }
    }
    o += advance(plan); x += load<i32>(plan, 28);
  }
}
${
  bytes > 1
    ? ''
    : `
/** Short rows are copied here: the machine's own copy takes longer to start than they take. */
function copyRows(o: usize, x: usize, length: i32, m: i32, ro: i32, rx: i32): void {
  for (; m > 0; m--) {
    if (length > 512) memory.copy(o, x, length);
    else {
      let a = o, b = x, k = length;
      for (; k >= 16; k -= 16) { v128.store(a, v128.load(b)); a += 16; b += 16; }
      for (; k >= 4; k -= 4) { store<u32>(a, load<u32>(b)); a += 4; b += 4; }
      for (; k > 0; k--) { store<u8>(a, load<u8>(b)); a++; b++; }
    }
    o += ro; x += rx;
  }
}`
}`;
}

/**
 * A matrix on its side, in squares as wide as a vector: m rows of n in out, n
 * rows of m in x. A square is turned by shuffling its upper half into its
 * lower, as often as it can be halved. What is written stays within a few rows
 * for the whole length of them, so that lines of the cache fill up; and so many
 * rows of x are read at a time that their lines, of which a few rows take but a
 * part, are still there for the next few.
 */
const ROWS = 256;
function transpose({ bytes, lanes }: Element): string {
  const high = Math.max(8, lanes);
  let names = Array.from({ length: lanes }, (_, i) => `v${i}`);
  const stages: string[] = [];
  const pick = (from: number) =>
    Array.from({ length: lanes }, (_, i) => (i % 2) * lanes + from + (i >> 1)).join(', ');
  const simd = `i${bytes * 8}x${lanes}`;
  for (let stage = 0; 1 << stage < lanes; stage++) {
    const next = names.map((_, i) => `s${stage}_${i}`);
    for (let i = 0; i < lanes / 2; i++) {
      const pair = `${names[i]}, ${names[i + lanes / 2]}`;
      stages.push(
        `const ${next[2 * i]} = ${simd}.shuffle(${pair}, ${pick(0)}), ${next[2 * i + 1]} = ${simd}.shuffle(${pair}, ${pick(lanes / 2)});`,
      );
    }
    names = next;
  }
  const element = `u${bytes * 8}`;
  return `
function transpose_${bytes}(o: usize, x: usize, n: i32, sx: i32, m: i32, ro: i32): void {
  for (; n > 0; n -= ${ROWS}) {
    turn_${bytes}(o, x, min(n, ${ROWS}), sx, m, ro);
    o += ${ROWS * bytes}; x += ${ROWS} * sx;
  }
}
function turn_${bytes}(o: usize, x: usize, n: i32, sx: i32, m: i32, ro: i32): void {
  for (let i = 0; i < m; i += ${high}) {
    const high = min(${high}, m - i);
    const p = o + i * ro, q = x + i * ${bytes};
    let j = 0;
    for (; j + ${lanes} <= n; j += ${lanes}) {
      let b = q + j * sx, a = p + j * ${bytes}, r = high;
      for (; r >= ${lanes}; r -= ${lanes}) {
        ${lines(lanes, (k) => `const v${k} = v128.load(b + ${k} * sx);`)}
        ${stages.join('\n        ')}
        ${lines(lanes, (k) => `v128.store(a + ${k} * ro, ${names[k]});`)}
        b += 16; a += ${lanes} * ro;
      }
      for (; r > 0; r--) {
        ${lines(lanes, (k) => `store<${element}>(a, load<${element}>(b + ${k} * sx), ${bytes * k});`)}
        b += ${bytes}; a += ro;
      }
    }
    for (; j < n; j++)
      for (let r = 0; r < high; r++) store<${element}>(p + r * ro + j * ${bytes}, load<${element}>(q + r * ${bytes} + j * sx));
  }
}`;
}

/** n elements become the element at `value`. */
function fill({ bytes }: Element): string {
  return `
export function fill_${bytes}(o: usize, value: usize, n: i32): void {
  const v = v128.load${bytes * 8}_splat(value);
  let k = n * ${bytes};
  for (; k >= 64; k -= 64) {
    ${lines(4, (i) => `v128.store(o, v, ${16 * i});`)}
    o += 64;
  }
  for (; k >= 16; k -= 16) { v128.store(o, v); o += 16; }
  for (; k > 0; k -= ${bytes}) { v128.store${bytes * 8}_lane(o, v, 0); o += ${bytes}; }
}`;
}

/** out = condition ? x : y; x and y are a row of n, or one element where their step is 0. */
function select({ bytes }: Element): string {
  // The masks of sixteen bytes, made wider by halves.
  const extend = (mask: string, size: number, part: 'low' | 'high') =>
    `i${16 * size}x${8 / size}.extend_${part}_i${8 * size}x${16 / size}_s(${mask})`;
  const masks = (mask: string, size: number): string[] =>
    size === bytes
      ? [mask]
      : (['low', 'high'] as const).flatMap((part) => masks(extend(mask, size, part), 2 * size));
  return `
export function select_${bytes}(o: usize, condition: usize, x: usize, sx: i32, y: usize, sy: i32, n: i32): void {
  const xv = v128.load${bytes * 8}_splat(x), yv = v128.load${bytes * 8}_splat(y);
  for (; n >= 16; n -= 16) {
    const mask = i8x16.ne(v128.load(condition), i8x16.splat(0));
    ${masks('mask', 1)
      .map(
        (mask, i) =>
          `v128.store(o, v128.bitselect(sx != 0 ? v128.load(x, ${16 * i}) : xv, sy != 0 ? v128.load(y, ${16 * i}) : yv, ${mask}), ${16 * i});`,
      )
      .join('\n    ')}
    o += ${16 * bytes}; condition += 16; x += sx << 4; y += sy << 4;
  }
  for (; n > 0; n--) {
    store<u${bytes * 8}>(o, load<u8>(condition) != 0 ? load<u${bytes * 8}>(x) : load<u${bytes * 8}>(y));
    o += ${bytes}; condition++; x += sx; y += sy;
  }
}`;
}

/**
 * For each of batch rows of n i32 indices, and each of outer blocks of x that
 * belong to it, axis slices of width elements each: the slices that the row
 * names, one after the other. Returns how many indices lie within bounds
 * before the first that does not; nothing is done unless all do.
 */
function gather({ bytes }: Element): string {
  const element = `u${bytes * 8}`;
  return `
export function pick_${bytes}(o: usize, x: usize, indices: usize, batch: i32, n: i32, outer: i32, axis: i32, width: i32): i32 {
  const good = inBounds(indices, batch * n, axis), length = width * ${bytes};
  if (good < batch * n) return good;
  for (; batch > 0; batch--) {
    for (let block = outer; block > 0; block--) {
      if (width == 1) {
        for (let i = 0; i < n; i++) store<${element}>(o + i * ${bytes}, load<${element}>(x + load<u32>(indices + (i << 2)) * ${bytes}));
        o += n * ${bytes};
      } else {
        for (let i = 0; i < n; i++) {
          copyRows(o, x + <usize>load<i32>(indices + (i << 2)) * length, length, 1, 0, 0);
          o += length;
        }
      }
      x += <usize>axis * length;
    }
    indices += n << 2;
  }
  return good;
}`;
}

const bounds = `
export function inBounds(indices: usize, n: i32, axis: i32): i32 {
  const least = i32x4.splat(0), most = i32x4.splat(axis);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(indices + (i << 2));
    if (v128.any_true(v128.or(i32x4.lt_s(v, least), i32x4.ge_s(v, most)))) break;
  }
  for (; i < n; i++) if (<u32>load<i32>(indices + (i << 2)) >= <u32>axis) return i;
  return n;
}`;

/**
 * The gradient of gather: adds the slices of x, in their order, to those of
 * out that the indices name; of the width elements of each, so many as `lanes`.
 */
function scatter({ name, scalar, bytes }: Element): string {
  const shift = Math.log2(bytes);
  return `
export function scatterAdd_${name}(o: usize, x: usize, indices: usize, batch: i32, n: i32, outer: i32, axis: i32, width: i32, lanes: i32): i32 {
  const good = inBounds(indices, batch * n, axis);
  if (good < batch * n) return good;
  for (; batch > 0; batch--) {
    for (let block = outer; block > 0; block--) {
      for (let i = 0; i < n; i++) {
        const to = o + ((<usize>load<i32>(indices + (i << 2)) * width) << ${shift});
        if (width == 1) store<${scalar}>(to, load<${scalar}>(to) + load<${scalar}>(x));
        else zip_add_${name}(to, to, x, lanes);
        x += width << ${shift};
      }
      o += (<usize>axis * width) << ${shift};
    }
    indices += n << 2;
  }
  return good;
}`;
}

/** The element at `on` at the place that each of n indices names in a row of depth elements; the rest stays as it is. */
function oneHot({ bytes }: Element): string {
  const element = `u${bytes * 8}`;
  return `
export function oneHot_${bytes}(o: usize, indices: usize, n: i32, depth: i32, on: usize): void {
  for (; n > 0; n--) {
    const at = load<u32>(indices);
    if (at < <u32>depth) store<${element}>(o + at * ${bytes}, load<${element}>(on));
    o += depth * ${bytes}; indices += 4;
  }
}`;
}

/** start + i step for n values of i, the first of which is first, in each of m rows. */
function range({ name, scalar, bytes }: Element): string {
  return `
export function range_${name}(o: usize, m: i32, n: i32, start: f64, step: f64, first: i32): void {
  const end = first + n;
  for (; m > 0; m--) {
    for (let i = first; i < end; i++) { store<${scalar}>(o, <${scalar}>(start + step * <f64>i)); o += ${bytes}; }
  }
}`;
}
