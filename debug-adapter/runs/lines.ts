/** Which lines of a text are those of another: the longest common run of lines, apart from how they are indented. */
export interface LineMap {
  /**
   * What stands for a line in both texts, counted from 1: `=7` for one that is line 7 of the older text,
   * `~3` for one that is only in one of them, in the third of the gaps between lines that are in both.
   */
  older(line: number): string;
  newer(line: number): string;
}

/** More pairs of lines than this are not compared: what was changed so much is one gap. */
const PAIRS = 4_000_000;

export function lineMap(older: string, newer: string): LineMap {
  const [a, b] = [linesOf(older), linesOf(newer)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const pairs: (readonly [older: number, newer: number])[] = [
    ...Array.from({ length: head }, (_, i) => [i, i] as const),
    ...common(a.slice(head, a.length - tail), b.slice(head, b.length - tail)).map(
      ([i, j]) => [i + head, j + head] as const,
    ),
    ...Array.from({ length: tail }, (_, i) => [a.length - tail + i, b.length - tail + i] as const),
  ];
  const [inOlder, inNewer] = [names(a.length, pairs, 0), names(b.length, pairs, 1)];
  return {
    older: (line) => inOlder[line - 1] ?? `=${line}`,
    newer: (line) => inNewer[line - 1] ?? `=${line}`,
  };
}

/** For positions that are the same in both. */
export const unchanged: LineMap = { older: (line) => `=${line}`, newer: (line) => `=${line}` };

function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.trim());
}

/** The longest common subsequence, by the table of lengths from each pair of places on. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const width = b.length + 1;
  if (a.length * b.length > PAIRS) return [];
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

function names(
  count: number,
  pairs: readonly (readonly [number, number])[],
  side: 0 | 1,
): readonly string[] {
  let next = 0;
  return Array.from({ length: count }, (_, line) =>
    pairs[next]?.[side] === line ? `=${pairs[next++]![0] + 1}` : `~${next}`,
  );
}
