import {
  bool,
  f32,
  f64,
  i32,
  i64,
  lines,
  u32,
  u64,
  word32,
  word64,
  type Element,
} from './element.ts';
import { integer } from './integers.ts';

/** How two vectors of partial results become one, and what no elements fold to. */
export interface Fold {
  /** The formula, with the dtype where that is not f32. */
  readonly name: string;
  readonly element: Element;
  readonly op: string;
  readonly start: string;
  /** An extreme of floats: `op` is exact, and slow. */
  readonly extreme?: 'max' | 'min';
}

function named(formula: string, element: Element, op: string, start: string): Fold {
  const name = element === f32 ? formula : `${formula}_${element.name}`;
  return { name, element, op, start };
}

const sums = [f32, f64, word32, word64].flatMap((element) => [
  named('sum', element, `${element.simd}.add`, '0'),
  named('prod', element, `${element.simd}.mul`, '1'),
]);
/** The greatest and the least of each element type that they are found in. */
export const extremes: readonly (Fold & { readonly extreme: 'max' | 'min' })[] = [
  ...[f32, f64].flatMap((element) =>
    (['max', 'min'] as const).map((extreme) => ({
      ...named(
        extreme,
        element,
        `${element.simd}.${extreme}`,
        extreme === 'max' ? '-Infinity' : 'Infinity',
      ),
      extreme,
    })),
  ),
  ...[i32, i64, u32, u64].flatMap((element) =>
    (['max', 'min'] as const).map((extreme) => ({
      ...named(
        extreme,
        element,
        integer(element.simd, `${extreme}_${element.name[0]}`.replace('_i', '_s')),
        `${element.scalar}.${extreme === 'max' ? 'MIN' : 'MAX'}_VALUE`,
      ),
      extreme,
    })),
  ),
];
const truths = [named('any', bool, 'v128.or', '0'), named('all', bool, 'v128.and', '1')];

/** Folds by pairs: the error of sums grows with the logarithm of the length. */
export function reduce(): string {
  return [
    exactly(),
    ...[...sums, ...extremes, ...truths].map(fold),
    // Of rows alone. The greatest for those who see in what follows that something is no number;
    // squares for what needs the variance.
    pairwise(named('peak', f32, 'f32x4.pmax', '-Infinity')),
    pairwise(named('squares', f32, 'f32x4.add', '0'), (v) => `f32x4.mul(${v}, ${v})`),
  ].join('\n');
}

/** As many elements as are folded one after the other, in sixteen lanes; longer rows are halved. */
const LEAF = 512;
/** Rows up to here are folded several at a time. */
const SHORT = 16;
/** As many rows as are folded one after the other, by eights; more are halved. */
const ROWS = 64;

function fold(which: Fold): string {
  const { name, element, op } = which;
  const { bytes, lanes, simd } = element;
  const shift = Math.log2(bytes);
  const divides = element === f32 || element === f64;
  const by = divides ? element.scalar : 'f64';
  const divided = (v: string) =>
    divides ? `if (by != 1) ${v} = ${simd}.div(${v}, ${simd}.splat(by));` : '';
  const combine = which.extreme !== undefined && divides ? together(which) : plainly(op);
  return `
${pairwise(which)}
/** out[i] = the fold of the i-th of m rows of n, divided by by. */
export function last_${name}(o: usize, x: usize, m: i32, n: i32, by: ${by}): void {
  ${bytes === 1 ? '' : `if (n <= ${SHORT}) return short_${name}(o, x, m, n, by);`}
  for (; m > 0; m--) {
    let v = foldRow_${name}(x, n);
    ${divided('v')}
    v128.store${8 * bytes}_lane(o, v, 0);
    o += ${bytes}; x += n << ${shift};
  }
}
/** A row that comes in parts: what a part of it folds to, in one vector; and a vector of all parts together folded, divided by by. */
export function part_${name}(o: usize, x: usize, n: i32): void { v128.store(o, fold_${name}(x, n)); }
export function end_${name}(o: usize, x: usize, by: ${by}): void {
  let v = folded_${name}(v128.load(x));
  ${divided('v')}
  v128.store${8 * bytes}_lane(o, v, 0);
}
${bytes === 1 ? '' : shortRows(which, by, divided('v'))}
function foldRows_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, work: usize): void {
  if (m > ${ROWS}) {
    const half = ((m >> 1) + 7) & ~7;
    foldRows_${name}(o, x, half, n, s, work);
    foldRows_${name}(work, x + half * s, m - half, n, s, work + (n << ${shift}) + 16);
    one_${name}(o, work, n);
    return;
  }
  const odd = m & 7;
  if (odd == 0) { eight_${name}(o, x, n, s, 0); x += 8 * s; m -= 8; }
  else {
    copyRows(o, x, n << ${shift}, 1, 0, 0);
    x += s;
    for (let row = 1; row < odd; row++) { one_${name}(o, x, n); x += s; }
    m -= odd;
  }
  for (; m > 0; m -= 8) { eight_${name}(o, x, n, s, 1); x += 8 * s; }
}
function one_${name}(o: usize, x: usize, n: i32): void {
  for (; n >= ${lanes}; n -= ${lanes}) { v128.store(o, ${op}(v128.load(o), v128.load(x))); o += 16; x += 16; }
  if (n > 0) storeTail_${bytes}(o, n, ${op}(loadTail_${bytes}(o, n), loadTail_${bytes}(x, n)));
}
function eight_${name}(o: usize, x: usize, n: i32, s: i32, more: i32): void {
  ${lines(8, (i) => `let x${i} = x + ${i} * s;`)}
  for (; n >= ${lanes}; n -= ${lanes}) {
    ${lines(8, (i) => `const r${i} = v128.load(x${i});`)}
    let v = ${combine};
    if (more) v = ${op}(v128.load(o), v);
    v128.store(o, v);
    o += 16;
    ${lines(8, (i) => `x${i} += 16;`)}
  }
  if (n > 0) {
    ${lines(8, (i) => `const r${i} = loadTail_${bytes}(x${i}, n);`)}
    let v = ${combine};
    if (more) v = ${op}(loadTail_${bytes}(o, n), v);
    storeTail_${bytes}(o, n, v);
  }
}
/**
 * For each of outer blocks of m rows of n: the fold of its rows, divided by
 * by. Columns go in panels that stay in the first cache; work has room
 * for one panel per halving of m.
 */
export function first_${name}(o: usize, x: usize, outer: i32, m: i32, n: i32, by: ${by}, work: usize): void {
  for (; outer > 0; outer--) {
    columns_${name}(o, x, m, n, n << ${shift}, by, work);
    o += n << ${shift}; x += (m * n) << ${shift};
  }
}
/** The same for n columns of m rows that lie s bytes apart. */
export function columns_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, by: ${by}, work: usize): void {
  for (let j = 0; j < n; j += ${PANEL / bytes}) {
    const wide = min(${PANEL / bytes}, n - j), p = o + (j << ${shift});
    foldRows_${name}(p, x + (j << ${shift}), m, wide, s, work);
    ${divides ? `if (by != 1) for (let k = 0; k < wide; k++) store<${by}>(p + (k << ${shift}), load<${by}>(p + (k << ${shift})) / by);` : ''}
  }
}`;
}

/** Rows of a few elements: as many at a time as a vector has lanes. */
function shortRows({ name, element, op }: Fold, by: string, divided: string): string {
  const { bytes, lanes } = element;
  const shift = Math.log2(bytes);
  const folded = (read: (p: string) => string) =>
    `let v = ${read('x')};
    for (let k = 1; k < n; k++) v = ${op}(v, ${read(`x + (k << ${shift})`)});
    ${divided}`;
  return `
function short_${name}(o: usize, x: usize, m: i32, n: i32, by: ${by}): void {
  const s = n << ${shift};
  for (; m >= ${lanes}; m -= ${lanes}) {
    ${folded((p) => `gather_${bytes}(${p}, s)`)}
    v128.store(o, v);
    o += 16; x += s * ${lanes};
  }
  if (m > 0) {
    ${folded((p) => `gatherTail_${bytes}(${p}, s, m)`)}
    storeTail_${bytes}(o, m, v);
  }
}`;
}

/** The fold of n elements in a row, or of what `of` makes of them, in the first lane. */
function pairwise(which: Fold, of = (v: string) => v): string {
  const { name, element, op } = which;
  const { lanes, scalar, simd } = element;
  const float = element === f32 || element === f64;
  const halves = Array.from({ length: Math.log2(lanes) }, (_, i) => 8 >> i);
  const turned = (by: number) => Array.from({ length: 16 }, (_, i) => (i + by) % 16).join(', ');
  const read = float || lanes < 8 ? `${simd}.extract_lane(v, 0)` : `${simd}.extract_lane_u(v, 0)`;
  return `
${which.extreme !== undefined && float ? extremeRow(which) : summedRow(which, of)}
function foldRow_${name}(x: usize, n: i32): v128 {
  return folded_${name}(fold_${name}(x, n));
}
// @ts-ignore: decorator
@inline function folded_${name}(v: v128): v128 {
  ${halves.map((by) => `v = ${op}(v, i8x16.shuffle(v, v, ${turned(by)}));`).join('\n  ')}
  return v;
}
function ${name}Of(x: usize, n: i32): ${scalar} {
  const v = foldRow_${name}(x, n);
  return <${scalar}>${read};
}`;
}

function summedRow({ name, element, op, start }: Fold, of: (v: string) => string): string {
  const { bytes, lanes, simd } = element;
  const shift = Math.log2(bytes);
  const neutral = `${simd}.splat(${start})`;
  return `
function fold_${name}(x: usize, n: i32): v128 {
  if (n > ${LEAF}) {
    const half = ((n >> 1) + 15) & ~15;
    return ${op}(fold_${name}(x, half), fold_${name}(x + (half << ${shift}), n - half));
  }
  ${lines(4, (i) => `let v${i} = ${neutral};`)}
  let a: v128;
  for (; n >= ${4 * lanes}; n -= ${4 * lanes}) {
    ${lines(4, (i) => `a = v128.load(x, ${16 * i}); v${i} = ${op}(v${i}, ${of('a')});`)}
    x += 64;
  }
  for (; n >= ${lanes}; n -= ${lanes}) { a = v128.load(x); v0 = ${op}(v0, ${of('a')}); x += 16; }
  for (; n > 0; n--) {
    a = v128.load${8 * bytes}_lane(x, ${neutral}, 0);
    v1 = ${op}(v1, ${of('a')});
    x += ${bytes};
  }
  return ${op}(${op}(v0, v1), ${op}(v2, v3));
}`;
}

/**
 * The greatest or the least of floats, by the one instruction that knows
 * neither not-a-number nor which of two zeros is the greater: whether the first
 * was met, and whether all signs were minus (any, for the least), is kept
 * beside it.
 */
function extremeRow({ name, element, op, start, extreme }: Fold): string {
  const { bytes, lanes, simd } = element;
  const neutral = `${simd}.splat(${start})`;
  const signs = extreme === 'max' ? 'v128.and' : 'v128.or';
  const step = (i: number) =>
    `v${i} = ${simd}.p${extreme}(v${i}, a); strange${i & 1} = v128.or(strange${i & 1}, ${simd}.ne(a, a)); sign = ${signs}(sign, a);`;
  return `
function fold_${name}(x: usize, n: i32): v128 {
  ${lines(4, (i) => `let v${i} = ${neutral};`)}
  let strange0 = i32x4.splat(0), strange1 = i32x4.splat(0), sign = ${neutral};
  let a: v128;
  for (; n >= ${4 * lanes}; n -= ${4 * lanes}) {
    ${lines(4, (i) => `a = v128.load(x, ${16 * i}); ${step(i)}`)}
    x += 64;
  }
  for (; n >= ${lanes}; n -= ${lanes}) { a = v128.load(x); ${step(0)} x += 16; }
  for (; n > 0; n--) {
    a = v128.load${8 * bytes}_lane(x, ${neutral}, 0);
    ${step(1)}
    x += ${bytes};
  }
  const v = ${op}(${op}(v0, v1), ${op}(v2, v3));
  return v128.or(${zeros(element, extreme!, 'v', 'sign')}, v128.or(strange0, strange1));
}`;
}

/** Which zero an extreme is, that being the extreme itself where it is none. */
function zeros({ simd }: Element, extreme: 'max' | 'min', v: string, sign: string): string {
  const zero = `${simd}.splat(0)`;
  return extreme === 'max'
    ? `v128.and(${v}, v128.or(${sign}, ${simd}.ne(${v}, ${zero})))`
    : `v128.or(${v}, v128.and(v128.and(${sign}, ${simd}.splat(-0.0)), ${simd}.eq(${v}, ${zero})))`;
}

/** Eight vectors r0 to r7 as one. */
function plainly(op: string): string {
  return tree(op, (i) => `r${i}`);
}

function together({ element, extreme }: Fold): string {
  const { simd } = element;
  const value = tree(`${simd}.p${extreme}`, (i) => `r${i}`);
  const sign = tree(extreme === 'max' ? 'v128.and' : 'v128.or', (i) => `r${i}`);
  const strange = tree('v128.or', (i) => `${simd}.ne(r${i}, r${i})`);
  return `exactly_${extreme}_${element.name}(${value}, ${sign}, ${strange})`;
}

/** What `together` calls. */
function exactly(): string {
  return [f32, f64]
    .flatMap((element) =>
      (['max', 'min'] as const).map(
        (extreme) => `
// @ts-ignore: decorator
@inline function exactly_${extreme}_${element.name}(v: v128, sign: v128, strange: v128): v128 {
  return v128.or(${zeros(element, extreme, 'v', 'sign')}, strange);
}`,
      ),
    )
    .join('');
}

/** Bytes of columns that are folded together. */
export const PANEL = 4096;
/** Bytes that `first_*` works on: a panel for each of at most 26 halvings. */
export const foldBytes = 26 * (PANEL + 16);

function tree(op: string, at: (i: number) => string): string {
  const pair = (i: number) => `${op}(${at(i)}, ${at(i + 1)})`;
  return `${op}(${op}(${pair(0)}, ${pair(2)}), ${op}(${pair(4)}, ${pair(6)}))`;
}
