import { f32, f64, i32, i64, lines, u32, u64, type Element } from './element.ts';
import { orderedKey } from './sort.ts';

/**
 * Where values belong in sorted rows: by halves and without a branch, several
 * values at a time, over keys, which are unsigned words in the order of the
 * elements with not-a-number as the greatest.
 */
export function search(): string {
  return [f32, f64, i32, i64, u32, u64].map(keys).concat([4, 8].map(places)).join('\n');
}

/** How many searches go on together: none waits for what another one loads. */
const TOGETHER = 4;

const keys = (element: Element): string => `
export function keys_${element.name}(o: usize, x: usize, n: i32): void {
  for (const end = o + <usize>n * ${element.bytes}; o < end; o += ${element.bytes}) {
    ${orderedKey(element)}
    store<u${element.bytes * 8}>(o, key);
    x += ${element.bytes};
  }
}`;

function places(bytes: number): string {
  const word = `u${bytes * 8}`;
  const at = (i: number) => `load<${word}>(row + <usize>(b${i} + half - 1) * ${bytes})`;
  const before = (key: string, value: string, test: string) => `<i32>(${key} ${test} ${value})`;
  const loop = (count: number, test: string) => `
      for (; i + ${count} <= m; i += ${count}) {
        ${lines(count, (j) => `const v${j} = load<${word}>(values, ${j * bytes}); let b${j} = 0;`)}
        let length = n;
        while (length > 1) {
          const half = length >> 1;
          ${lines(count, (j) => `b${j} += half & -${before(at(j), `v${j}`, test)};`)}
          length -= half;
        }
        ${lines(count, (j) => `store<i32>(o, n == 0 ? 0 : b${j} + ${before(`load<${word}>(row + <usize>b${j} * ${bytes})`, `v${j}`, test)}, ${4 * j});`)}
        values += ${count * bytes}; o += ${4 * count};
      }`;
  return `
/** For \`rows\` rows of n keys and m values each; before equals, or behind them where \`right\`. */
export function search_${bytes}(o: usize, row: usize, values: usize, rows: i32, m: i32, n: i32, right: i32): void {
  for (; rows > 0; rows--) {
    let i = 0;
    if (right) {${loop(TOGETHER, '<=')}${loop(1, '<=')}
    } else {${loop(TOGETHER, '<')}${loop(1, '<')}
    }
    row += <usize>n * ${bytes};
  }
}`;
}
