import { lines } from './element.ts';

/** Folds of f32 by pairs: their error grows with the logarithm of the length. */
export function reduce(): string {
  return [
    fold('sum', 'f32x4.add', '0'),
    fold('max', 'f32x4.max', '-Infinity'),
    fold('min', 'f32x4.min', 'Infinity'),
    // Of rows alone, for what needs the variance.
    pairwise('squares', 'f32x4.add', '0', (v) => `f32x4.mul(${v}, ${v})`),
  ].join('\n');
}

/** As many elements as are folded one after the other, in sixteen lanes; longer rows are halved. */
const LEAF = 512;
/** As many rows as are folded one after the other, by eights; more are halved. */
const ROWS = 64;

function fold(name: string, op: string, start: string): string {
  return `
${pairwise(name, op, start)}
/** out[i] = the fold of the i-th of m rows of n, divided by by. */
export function last_${name}(o: usize, x: usize, m: i32, n: i32, by: f32): void {
  for (; m > 0; m--) {
    store<f32>(o, ${name}Of(x, n) / by);
    o += 4; x += n << 2;
  }
}
function foldRows_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, work: usize): void {
  if (m > ${ROWS}) {
    const half = ((m >> 1) + 7) & ~7;
    foldRows_${name}(o, x, half, n, s, work);
    foldRows_${name}(work, x + half * s, m - half, n, s, work + ((n + 3) << 2));
    for (; n >= 4; n -= 4) { v128.store(o, ${op}(v128.load(o), v128.load(work))); o += 16; work += 16; }
    if (n > 0) storeTail_4(o, n, ${op}(loadTail_4(o, n), loadTail_4(work, n)));
    return;
  }
  const odd = m & 7;
  if (odd == 0) { eight_${name}(o, x, n, s, 0); x += 8 * s; m -= 8; }
  else {
    copyRows(o, x, n << 2, 1, 0, 0);
    x += s;
    for (let row = 1; row < odd; row++) { one_${name}(o, x, n); x += s; }
    m -= odd;
  }
  for (; m > 0; m -= 8) { eight_${name}(o, x, n, s, 1); x += 8 * s; }
}
function one_${name}(o: usize, x: usize, n: i32): void {
  for (; n >= 4; n -= 4) { v128.store(o, ${op}(v128.load(o), v128.load(x))); o += 16; x += 16; }
  if (n > 0) storeTail_4(o, n, ${op}(loadTail_4(o, n), loadTail_4(x, n)));
}
function eight_${name}(o: usize, x: usize, n: i32, s: i32, more: i32): void {
  ${lines(8, (i) => `let x${i} = x + ${i} * s;`)}
  for (; n >= 4; n -= 4) {
    let v = ${tree(op, (i) => `v128.load(x${i})`)};
    if (more) v = ${op}(v128.load(o), v);
    v128.store(o, v);
    o += 16;
    ${lines(8, (i) => `x${i} += 16;`)}
  }
  if (n > 0) {
    let v = ${tree(op, (i) => `loadTail_4(x${i}, n)`)};
    if (more) v = ${op}(loadTail_4(o, n), v);
    storeTail_4(o, n, v);
  }
}
/**
 * For each of outer blocks of m rows of n: the fold of its rows, divided by
 * by. Columns go in panels that stay in the first cache; work has room
 * for one panel per halving of m.
 */
export function first_${name}(o: usize, x: usize, outer: i32, m: i32, n: i32, by: f32, work: usize): void {
  for (; outer > 0; outer--) {
    columns_${name}(o, x, m, n, n << 2, by, work);
    o += n << 2; x += (m * n) << 2;
  }
}
/** The same for n columns of m rows that lie s bytes apart. */
export function columns_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, by: f32, work: usize): void {
  for (let j = 0; j < n; j += ${PANEL}) {
    const wide = min(${PANEL}, n - j), p = o + (j << 2);
    foldRows_${name}(p, x + (j << 2), m, wide, s, work);
    if (by != 1) for (let k = 0; k < wide; k++) store<f32>(p + (k << 2), load<f32>(p + (k << 2)) / by);
  }
}`;
}

/** The fold of n elements in a row, or of what `of` makes of them. */
function pairwise(name: string, op: string, start: string, of = (v: string) => v): string {
  return `
function fold_${name}(x: usize, n: i32): v128 {
  if (n > ${LEAF}) {
    const half = ((n >> 1) + 15) & ~15;
    return ${op}(fold_${name}(x, half), fold_${name}(x + (half << 2), n - half));
  }
  ${lines(4, (i) => `let v${i} = f32x4.splat(${start});`)}
  let a: v128;
  for (; n >= 16; n -= 16) {
    ${lines(4, (i) => `a = v128.load(x, ${16 * i}); v${i} = ${op}(v${i}, ${of('a')});`)}
    x += 64;
  }
  for (; n >= 4; n -= 4) { a = v128.load(x); v0 = ${op}(v0, ${of('a')}); x += 16; }
  for (; n > 0; n--) {
    a = f32x4.replace_lane(f32x4.splat(${start}), 0, load<f32>(x));
    v1 = ${op}(v1, ${of('a')});
    x += 4;
  }
  return ${op}(${op}(v0, v1), ${op}(v2, v3));
}
function ${name}Of(x: usize, n: i32): f32 {
  let v = fold_${name}(x, n);
  v = ${op}(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  v = ${op}(v, i32x4.shuffle(v, v, 1, 0, 3, 2));
  return f32x4.extract_lane(v, 0);
}`;
}

/** Columns that are folded together. */
const PANEL = 1024;
/** Bytes that `first_*` works on: a panel for each of at most 26 halvings. */
export const foldBytes = 26 * (PANEL + 4) * 4;

function tree(op: string, at: (i: number) => string): string {
  const pair = (i: number) => `${op}(${at(i)}, ${at(i + 1)})`;
  return `${op}(${op}(${pair(0)}, ${pair(2)}), ${op}(${pair(4)}, ${pair(6)}))`;
}
