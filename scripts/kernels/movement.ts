import { lines } from './element.ts';

/** Copies between windows, fills, choices and rows picked by index: for elements of a size, whatever they mean. */
export function movement(): string {
  return [
    [1, 2, 4, 8].map(copy),
    [1, 2, 4, 8].map(fill),
    transpose,
    [1, 4, 8].map(select),
    gather,
    scatter,
  ]
    .flat()
    .join('\n');
}

/**
 * out = x over windows: the plan is that of elementwise.ts, with out and x in
 * the places of x and y. Its rows run along out's own direction; a row of
 * windows may be anything.
 */
function copy(bytes: number): string {
  const transposed =
    bytes === 4
      ? `else if (so == 4 && rx == 4 && n >= 4 && m >= 4) transpose(o, x, n, sx, m, ro);`
      : '';
  return `
export function copy_${bytes}(o: usize, x: usize, plan: usize): void {
  const n = load<i32>(plan), so = load<i32>(plan, 4), sx = load<i32>(plan, 8), m = load<i32>(plan, 12);
  const ro = load<i32>(plan, 16), rx = load<i32>(plan, 20);
  for (let window = load<i32>(plan, 32); window > 0; window--) {
    if (so == ${bytes} && sx == ${bytes}) copyRows(o, x, n * ${bytes}, m, ro, rx);
    ${transposed}
    else {
      let p = o, q = x;
      for (let row = m; row > 0; row--) {
        let a = p, b = q;
        for (let k = n; k > 0; k--) { store<u${bytes * 8}>(a, load<u${bytes * 8}>(b)); a += so; b += sx; }
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

/** A matrix of four-byte elements on its side, in blocks of four by four: m rows of n in out, n rows of m in x. */
const transpose = `
function transpose(o: usize, x: usize, n: i32, sx: i32, m: i32, ro: i32): void {
  for (let i = 0; i < m; i += 8) {
    const high = min(8, m - i);
    const p = o + i * ro, q = x + i * 4;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let b = q + j * sx, a = p + j * 4, r = high;
      for (; r >= 4; r -= 4) {
        ${lines(4, (k) => `const v${k} = v128.load(b + ${k} * sx);`)}
        const t0 = i32x4.shuffle(v0, v1, 0, 4, 1, 5), t1 = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
        const t2 = i32x4.shuffle(v0, v1, 2, 6, 3, 7), t3 = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
        v128.store(a, i32x4.shuffle(t0, t1, 0, 1, 4, 5));
        v128.store(a + ro, i32x4.shuffle(t0, t1, 2, 3, 6, 7));
        v128.store(a + 2 * ro, i32x4.shuffle(t2, t3, 0, 1, 4, 5));
        v128.store(a + 3 * ro, i32x4.shuffle(t2, t3, 2, 3, 6, 7));
        b += 16; a += 4 * ro;
      }
      for (; r > 0; r--) {
        ${lines(4, (k) => `store<u32>(a, load<u32>(b + ${k} * sx), ${4 * k});`)}
        b += 4; a += ro;
      }
    }
    for (; j < n; j++)
      for (let r = 0; r < high; r++) store<u32>(p + r * ro + j * 4, load<u32>(q + r * 4 + j * sx));
  }
}`;

/** n elements become the element at `value`. */
function fill(bytes: number): string {
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
function select(bytes: number): string {
  return `
export function select_${bytes}(o: usize, condition: usize, x: usize, sx: i32, y: usize, sy: i32, n: i32): void {
  for (; n > 0; n--) {
    store<u${bytes * 8}>(o, load<u8>(condition) != 0 ? load<u${bytes * 8}>(x) : load<u${bytes * 8}>(y));
    o += ${bytes}; condition++; x += sx; y += sy;
  }
}`;
}

/**
 * For each of batch rows of n i32 indices, and each of outer blocks of x that
 * belong to it, axis slices of length bytes each: the slices that the row
 * names, one after the other. Returns how many indices lie within bounds
 * before the first that does not; nothing is done unless all do.
 */
const gather = `
export function gather(o: usize, x: usize, indices: usize, batch: i32, n: i32, outer: i32, axis: i32, length: i32): i32 {
  const good = inBounds(indices, batch * n, axis);
  if (good < batch * n) return good;
  for (; batch > 0; batch--) {
    for (let block = outer; block > 0; block--) {
      for (let i = 0; i < n; i++) {
        copyRows(o, x + <usize>load<i32>(indices + (i << 2)) * length, length, 1, 0, 0);
        o += length;
      }
      x += <usize>axis * length;
    }
    indices += n << 2;
  }
  return good;
}
export function inBounds(indices: usize, n: i32, axis: i32): i32 {
  for (let i = 0; i < n; i++) if (<u32>load<i32>(indices + (i << 2)) >= <u32>axis) return i;
  return n;
}`;

/**
 * The gradient of gather: adds the slices of x, in their order, to those of
 * out that the indices name; of the width elements of each, so many as `lanes`.
 */
const scatter = `
export function scatterAdd(o: usize, x: usize, indices: usize, batch: i32, n: i32, outer: i32, axis: i32, width: i32, lanes: i32): i32 {
  const good = inBounds(indices, batch * n, axis);
  if (good < batch * n) return good;
  for (; batch > 0; batch--) {
    for (let block = outer; block > 0; block--) {
      for (let i = 0; i < n; i++) {
        const to = o + ((<usize>load<i32>(indices + (i << 2)) * width) << 2);
        zip_add_f32(to, to, x, lanes);
        x += width << 2;
      }
      o += (<usize>axis * width) << 2;
    }
    indices += n << 2;
  }
  return good;
}`;
