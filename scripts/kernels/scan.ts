import { f32, f64, i32, i64, lines, u32, u64, type Element } from './element.ts';

/**
 * What sums, products and extremes come to on the way along an axis, in blocks
 * of n rows of `inner` columns, of which the first `width` are done: floats of
 * 32 bits are added up and multiplied in f64. Extremes also leave where they
 * lie (the last of several, the last not-a-number), unless `places` is 0.
 */
export function scan(): string {
  return [f32, f64, i32, u32, i64, u64]
    .flatMap((element) => [
      folds('sum', element, (a, v) => `${a} + ${v}`, '0'),
      folds('prod', element, (a, v) => `${a} * ${v}`, '1'),
      extremes('max', element, '>='),
      extremes('min', element, '<='),
    ])
    .join('\n');
}

/** Columns that go along together: their additions do not wait for one another. */
const COLUMNS = 8;

const ways = 'o: usize, places: usize, x: usize, outer: i32, n: i32, inner: i32, width: i32';

/** Rows that go along together where there are no columns beside. */
const ROWS = 4;

/** Walks every column, the last `several` of them together, and before them \`rows\` of one column each; \`p\` reads and \`q\` writes. */
function walk(bytes: number, body: (several: number) => string, rows = ''): string {
  const each = (several: number) => `
    for (; c + ${several} <= width; c += ${several}) {
      const begin = (reverse ? (n - 1) * inner : 0) + c;
      const first = block + <usize>begin * ${bytes};
      let p = x + first, q = o + first, at = places + (first / ${bytes}) * 4;
      ${body(several)}
    }`;
  return `
  const step = (reverse ? -inner : inner) * ${bytes};
  let b = 0;
  ${rows}
  for (; b < outer; b++) {
    const block = <usize>b * <usize>n * <usize>inner * ${bytes};
    let c = 0;
    ${each(COLUMNS)}
    ${each(1)}
  }`;
}

function folds(
  name: string,
  { name: dtype, scalar, bytes }: Element,
  fold: (a: string, v: string) => string,
  start: string,
): string {
  const wide = scalar === 'f32' ? 'f64' : scalar;
  const beside = (i: number) => {
    const put = `store<${scalar}>(q + ${i} * row, <${scalar}>a${i});`;
    const take = `a${i} = ${fold(`a${i}`, `<${wide}>load<${scalar}>(p + ${i} * row)`)};`;
    return { put, take };
  };
  // Each row waits for its own sum alone.
  const rows = `
  if (inner == 1) for (; b + ${ROWS} <= outer; b += ${ROWS}) {
    const row = <usize>n * ${bytes}, first = <usize>b * row + (reverse ? row - ${bytes} : 0);
    let p = x + first, q = o + first;
    ${lines(ROWS, (i) => `let a${i}: ${wide} = ${start};`)}
    if (exclusive) for (let i = 0; i < n; i++) {
      ${lines(ROWS, (i) => `${beside(i).put} ${beside(i).take}`)}
      p += step; q += step;
    }
    else for (let i = 0; i < n; i++) {
      ${lines(ROWS, (i) => `${beside(i).take} ${beside(i).put}`)}
      p += step; q += step;
    }
  }`;
  const store = (i: number) => `store<${scalar}>(q, <${scalar}>a${i}, ${i * bytes});`;
  const take = (i: number) =>
    `a${i} = ${fold(`a${i}`, `<${wide}>load<${scalar}>(p, ${i * bytes})`)};`;
  return `
export function scan_${name}_${dtype}(${ways}, exclusive: i32, reverse: i32): void {${walk(
    bytes,
    (several) => `${lines(several, (i) => `let a${i}: ${wide} = ${start};`)}
      if (exclusive) for (let i = 0; i < n; i++) {
        ${lines(several, (i) => `${store(i)} ${take(i)}`)}
        p += step; q += step;
      }
      else for (let i = 0; i < n; i++) {
        ${lines(several, (i) => `${take(i)} ${store(i)}`)}
        p += step; q += step;
      }`,
    rows,
  )}
}`;
}

function extremes(
  name: string,
  { name: dtype, scalar, bytes }: Element,
  beats: '>=' | '<=',
): string {
  const isNumber = scalar.startsWith('f');
  const wins = (i: number) =>
    isNumber
      ? `!(v${i} ${beats === '>=' ? '<' : '>'} a${i}) && (v${i} != v${i} || a${i} == a${i})`
      : `v${i} ${beats} a${i}`;
  return `
export function scan_${name}_${dtype}(${ways}, exclusive: i32, reverse: i32): void {${walk(
    bytes,
    (
      several,
    ) => `${lines(several, (i) => `let a${i} = load<${scalar}>(p, ${i * bytes}), w${i} = 0;`)}
      for (let i = 0; i < n; i++) {
        const place = reverse ? n - 1 - i : i;
        ${lines(
          several,
          (i) => `const v${i} = load<${scalar}>(p, ${i * bytes});
        if (i == 0 || (${wins(i)})) { a${i} = v${i}; w${i} = place; }
        store<${scalar}>(q, a${i}, ${i * bytes});
        if (places) store<i32>(at, w${i}, ${4 * i});`,
        )}
        p += step; q += step; at += <usize>((reverse ? -inner : inner) * 4);
      }`,
  )}
}`;
}
