import { f32, f64, i32, i64, lines, u32, u64, type Element } from './element.ts';

/**
 * Positions that sort rows, stably: by digits from the lowest on, each digit
 * counted and dealt out; a digit that all keys share is left out. Keys are
 * unsigned words in the order of the elements, not-a-number the greatest, both
 * zeros the same; inverted where the order falls. A key and its position move
 * together. Short rows are sorted by insertion.
 */
export function argSort(): string {
  return [...[4, 8].map(deal), ...[f32, f64, i32, i64, u32, u64].map(argSortOf)].join('\n');
}

/** Rows up to here are sorted by insertion. */
const FEW = 24;
/** Bits of a digit: of few keys, and of many. */
const DIGITS = [8, 11] as const;

/** Bytes of the counts of all digits of the widest key. */
export const COUNT_BYTES = 8 * 2 ** 11 * 4;

/** Makes \`key\` of the element at x: an unsigned word in the order of elements, not-a-number the greatest, both zeros the same. */
export function orderedKey({ scalar, bytes }: Element): string {
  const word = `u${bytes * 8}`;
  const top = bytes === 4 ? '0x80000000' : '0x8000000000000000';
  return scalar.startsWith('f')
    ? `const e = load<${scalar}>(x);
      let key: ${word} = reinterpret<${word}>(e == 0 ? 0 : e);
      key = e != e ? <${word}>-1 : key ^ (<${word}>(<i${bytes * 8}>key >> ${bytes * 8 - 1}) | ${top});`
    : `let key = load<${word}>(x)${scalar.startsWith('i') ? ` ^ ${top}` : ''};`;
}

function argSortOf(element: Element): string {
  const { name, bytes } = element;
  const word = `u${bytes * 8}`;
  return `
/** For m rows of n; work has room for two records of every element of a row, and the counts behind them. */
export function argSort_${name}(o: usize, x: usize, m: i32, n: i32, falling: i32, work: usize): void {
  const turn: ${word} = falling ? <${word}>-1 : 0;
  for (; m > 0; m--) {
    let p = work;
    for (let i = 0; i < n; i++) {
      ${orderedKey(element)}
      store<${word}>(p, key ^ turn);
      store<u32>(p, i, ${bytes});
      p += ${2 * bytes}; x += ${bytes};
    }
    let sorted = work;
    if (n <= ${FEW}) insert_${bytes}(work, n);
    else if (n < 4096) sorted = deal_${bytes}_${DIGITS[0]}(work, n);
    else sorted = deal_${bytes}_${DIGITS[1]}(work, n);
    for (let i = 0; i < n; i++) { store<i32>(o, load<i32>(sorted, ${bytes})); o += 4; sorted += ${2 * bytes}; }
  }
}`;
}

function deal(bytes: number): string {
  const word = `u${bytes * 8}`;
  const record = 2 * bytes;
  const move = (to: string, from: string) =>
    bytes === 4
      ? `store<u64>(${to}, load<u64>(${from}));`
      : `v128.store(${to}, v128.load(${from}));`;
  const byDigits = (bits: number): string => {
    const digits = Math.ceil((bytes * 8) / bits);
    const size = 2 ** bits;
    const of = (key: string, digit: number) => `((${key} >> ${digit * bits}) & ${size - 1})`;
    return `
/** Sorts records at work, with as many free ones behind them and counts behind those; returns where they are. */
function deal_${bytes}_${bits}(work: usize, n: i32): usize {
  const length = n * ${record};
  let from = work, to = work + length;
  const counts = to + length;
  memory.fill(counts, 0, ${digits * size * 4});
  for (let p = from, i = 0; i < n; i++) {
    const key = load<${word}>(p);
    ${lines(digits, (d) => `{ const c = counts + (${d * size} + <usize>${of('key', d)}) * 4; store<u32>(c, load<u32>(c) + 1); }`)}
    p += ${record};
  }
  for (let digit = 0; digit < ${digits}; digit++) {
    const own = counts + digit * ${size * 4}, shift = digit * ${bits};
    // All keys have the same digit here.
    if (load<u32>(own + <usize>((load<${word}>(from) >> shift) & ${size - 1}) * 4) == n) continue;
    let at: u32 = 0;
    for (let c = own; c < own + ${size * 4}; c += 4) { const count = load<u32>(c); store<u32>(c, at); at += count; }
    for (let p = from, i = 0; i < n; i++) {
      const c = own + <usize>((load<${word}>(p) >> shift) & ${size - 1}) * 4;
      const place = load<u32>(c);
      store<u32>(c, place + 1);
      ${move(`to + place * ${record}`, 'p')}
      p += ${record};
    }
    const other = from;
    from = to; to = other;
  }
  return from;
}`;
  };
  return `
function insert_${bytes}(work: usize, n: i32): void {
  const end = work + n * ${record};
  for (let p = work + ${record}; p < end; p += ${record}) {
    const key = load<${word}>(p), at = load<u32>(p, ${bytes});
    let q = p;
    for (; q > work && load<${word}>(q - ${record}) > key; q -= ${record}) { ${move('q', `q - ${record}`)} }
    store<${word}>(q, key);
    store<u32>(q, at, ${bytes});
  }
}
${DIGITS.map(byDigits).join('\n')}`;
}
