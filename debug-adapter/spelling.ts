/** What somebody meant who typed something else. */

/** The name that a misspelt one is nearest to; null where none is near. */
export function meant(given: string, names: readonly string[]): string | null {
  const far = Math.max(1, Math.floor(given.length / 4));
  const near = names
    .map((name) => ({ name, off: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ off }) => off <= far)
    .sort((a, b) => a.off - b.off);
  return near[0]?.name ?? null;
}

/** How many letters must be put in, left out, changed or swapped with the next one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        above[j]! + 1,
        row[j - 1]! + 1,
        above[j - 1]! + same,
        swapped ? before[j - 2]! + 1 : Infinity,
      );
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
