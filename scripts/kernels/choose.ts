import { lines, type Element } from './element.ts';
import { extremes, PANEL } from './reduce.ts';

/** Where the greatest or the least lies: the first of several, not-a-number before any number. */
export function choose(): string {
  return extremes.map((which) => last(which) + first(which)).join('\n');
}

type Extreme = (typeof extremes)[number];
/** As many elements as are looked through for what was found to be the extreme of them. */
const BLOCK = 4096;

function isFloat({ scalar }: Element): boolean {
  return scalar.startsWith('f');
}

/** Along rows: the extreme of a block at a time, and then its place in the block that has it. */
function last({ name, element, extreme }: Extreme): string {
  const { scalar, simd, bytes, lanes } = element;
  const shift = Math.log2(bytes);
  const float = isFloat(element);
  const mask = (hit: string) => `${simd.replace('f', 'i')}.bitmask(${hit})`;
  const scan = (hit: string, one: string) => `
  for (; at + ${lanes} <= n; at += ${lanes}) {
    const v = v128.load(x + (at << ${shift}));
    const hits = ${mask(hit)};
    if (hits != 0) return at + ctz(hits);
  }
  for (; at < n; at++) { const e = load<${scalar}>(x + (at << ${shift})); if (${one}) return at; }
  return 0;`;
  return `
function find_${name}(x: usize, n: i32, value: ${scalar}): i32 {
  let at = 0;
  ${float ? `if (value != value) return strange_${name}(x, n);` : ''}
  const sought = ${simd}.splat(value);${scan(`${simd}.eq(v, sought)`, 'e == value')}
}
${float ? `function strange_${name}(x: usize, n: i32): i32 { let at = 0;${scan(`${simd}.ne(v, v)`, 'e != e')} }` : ''}
/** The place in each of m rows of n. */
export function argLast_${name}(o: usize, x: usize, m: i32, n: i32): void {
  for (; m > 0; m--) {
    let from = 0, best: ${scalar} = ${name}Of(x, min(n, ${BLOCK}));
    for (let at = ${BLOCK}; at < n${float ? ' && best == best' : ''}; at += ${BLOCK}) {
      const value = ${name}Of(x + (at << ${shift}), min(n - at, ${BLOCK}));
      if (value ${extreme === 'max' ? '>' : '<'} best${float ? ' || value != value' : ''}) { best = value; from = at; }
    }
    store<i32>(o, from + find_${name}(x + (from << ${shift}), min(n - from, ${BLOCK}), best));
    o += 4; x += n << ${shift};
  }
}`;
}

/** Rows that are looked through at once. */
const TOGETHER = 8;

/** Along columns, in panels whose extremes so far lie in `work` and their places in out. */
function first({ name, element, extreme }: Extreme): string {
  const { scalar, simd, bytes } = element;
  const shift = Math.log2(bytes);
  const float = isFloat(element);
  const wide = PANEL / bytes;
  const by = extreme === 'max' ? '>' : '<';
  const worse = extreme === 'max' ? 'le' : 'ge';
  const better = extreme === 'max' ? 'gt' : 'lt';
  const sign = float ? '' : element.name.startsWith('i') ? '_s' : '_u';
  // What is not-a-number stays, and is taken over any number.
  const takes = float
    ? `v128.andnot(${simd}.eq(best, best), ${simd}.${worse}(v, best))`
    : `${simd}.${better}${sign}(v, best)`;
  const one = float
    ? `best == best && !(v ${extreme === 'max' ? '<=' : '>='} best)`
    : `v ${by} best`;
  const kept = (v: string) => `${simd}.${worse}${sign}(${v}, best)`;
  const vectors =
    bytes === 4
      ? `for (; k + 4 <= n; k += 4) {
        let best = v128.load(work + (k << 2)), p = x + (k << 2);
        if (row + ${TOGETHER} <= m) {
          // Most rows have nothing to take, which is seen with half the work.
          let none = ${kept('v128.load(p)')};
          ${lines(TOGETHER - 1, (i) => `none = v128.and(none, ${kept(`v128.load(p + ${i + 1} * s)`)});`)}
          ${float ? `none = v128.or(none, ${simd}.ne(best, best));` : ''}
          if (i32x4.all_true(none)) continue;
        }
        let at = v128.load(o + (k << 2));
        ${lines(TOGETHER, (i) => `if (row + ${i} < to) { const v = v128.load(p), takes = ${takes}; best = v128.bitselect(v, best, takes); at = v128.bitselect(i32x4.splat(row + ${i}), at, takes); p += s; }`)}
        v128.store(work + (k << 2), best);
        v128.store(o + (k << 2), at);
      }`
      : '';
  return `
function argPanel_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, work: usize): void {
  copyRows(work, x, n << ${shift}, 1, 0, 0);
  memory.fill(o, 0, n << 2);
  for (let row = 1; row < m; row += ${TOGETHER}) {
    x += s;
    const to = min(row + ${TOGETHER}, m);
    let k = 0;
    ${vectors}
    for (; k < n; k++) {
      let best = load<${scalar}>(work + (k << ${shift})), p = x + (k << ${shift});
      for (let r = row; r < to; r++) {
        const v = load<${scalar}>(p);
        if (${one}) { best = v; store<i32>(o + (k << 2), r); }
        p += s;
      }
      store<${scalar}>(work + (k << ${shift}), best);
    }
    x += ${TOGETHER - 1} * s;
  }
}
/** The place in each of n columns of m rows that lie s bytes apart. */
export function argColumns_${name}(o: usize, x: usize, m: i32, n: i32, s: i32, work: usize): void {
  for (let j = 0; j < n; j += ${wide})
    argPanel_${name}(o + (j << 2), x + (j << ${shift}), m, min(${wide}, n - j), s, work);
}
/** The same in each of outer blocks of m rows of n. */
export function argFirst_${name}(o: usize, x: usize, outer: i32, m: i32, n: i32, work: usize): void {
  for (; outer > 0; outer--) {
    argColumns_${name}(o, x, m, n, n << ${shift}, work);
    o += n << 2; x += (m * n) << ${shift};
  }
}`;
}
