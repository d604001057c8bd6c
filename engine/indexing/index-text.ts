/**
 * Indices as people write them between brackets: `1:, ::-1, ..., newaxis`. Only
 * the writing: what an index means for a tensor is said in at.ts.
 */
export type IndexItem = (
  | { readonly is: 'position'; readonly at: number }
  | {
      readonly is: 'slice';
      readonly from: number | null;
      readonly to: number | null;
      readonly step: number;
    }
  | { readonly is: 'ellipsis' }
  | { readonly is: 'newAxis' }
  | { readonly is: 'list'; readonly values: IndexList }
) & { readonly source: Source };

/** Lists in lists of positions, or of conditions. */
export type IndexList = readonly (number | boolean | IndexList)[];

/** The text that an item stands in, and where. */
export interface Source {
  readonly text: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * The items of an index: whole numbers, slices `from:to:step` with any of the
 * three left out, `...`, `newaxis` (or `None`), and lists of whole numbers or
 * of `true` and `false`. Throws, pointing at the place, where it is none; `op`
 * is named in the error.
 */
export function parseIndex(op: string, text: string): readonly IndexItem[] {
  const items: IndexItem[] = [];
  let at = 0;
  const blank = (): void => {
    while (at < text.length && text[at]!.trim() === '') at++;
  };
  blank();
  while (at < text.length) {
    const begin = at;
    at = endOf(op, text, begin);
    const end = begin + text.slice(begin, at).trimEnd().length;
    items.push(itemOf(op, { text, begin, end }));
    // Behind the last item there may be a comma, as in Python.
    at++;
    blank();
  }
  return items;
}

/** An error that shows where in the text of an index it is. */
export function pointed(message: string, { text, begin, end }: Source): Error {
  const line = text.replace(/\s/g, ' ');
  const mark = ' '.repeat(begin) + '^'.repeat(Math.max(end - begin, 1));
  return new Error(`${message}\n  ${line}\n  ${mark}`);
}

/** Where an item ends: at the next comma outside brackets. */
function endOf(op: string, text: string, begin: number): number {
  let depth = 0;
  for (let i = begin; i < text.length; i++) {
    if (text[i] === '[') depth++;
    if (text[i] === ']' && --depth < 0) {
      throw pointed(`${op}: a bracket that was not opened`, { text, begin: i, end: i + 1 });
    }
    if (text[i] === ',' && depth === 0) return i;
  }
  if (depth === 0) return text.length;
  throw pointed(`${op}: a bracket is not closed`, { text, begin, end: text.length });
}

function itemOf(op: string, source: Source): IndexItem {
  const written = source.text.slice(source.begin, source.end);
  if (written === '...') return { is: 'ellipsis', source };
  if (/^(newaxis|None|null)$/.test(written)) return { is: 'newAxis', source };
  if (INTEGER.test(written)) return { is: 'position', at: Number(written), source };
  if (written.startsWith('[')) return { is: 'list', values: listOf(op, written, source), source };
  const bounds = written.split(':').map((bound) => bound.trim());
  const numbers = bounds.every((bound) => bound === '' || INTEGER.test(bound));
  if (bounds.length >= 2 && bounds.length <= 3 && numbers) {
    const [from, to, step] = bounds.map((bound) => (bound === '' ? null : Number(bound)));
    if (step === 0) throw pointed(`${op}: a step of 0 never arrives`, source);
    return { is: 'slice', from: from!, to: to!, step: step ?? 1, source };
  }
  const what = written === '' ? 'nothing stands here' : `'${written}' is no index`;
  throw pointed(
    `${op}: ${what}; there are whole numbers, slices (1:, ::-1), ..., newaxis and lists`,
    source,
  );
}

function listOf(op: string, written: string, source: Source): IndexList {
  const wrong = (): Error =>
    pointed(`${op}: '${written}' is no list of whole numbers, or of true and false`, source);
  const check = (value: unknown): boolean =>
    Array.isArray(value)
      ? value.every(check)
      : typeof value === 'boolean' || Number.isSafeInteger(value);
  try {
    // What JSON calls a list is one here; Python's names and its comma behind the last are, too.
    const spelled = written
      .replace(/\bTrue\b/g, 'true')
      .replace(/\bFalse\b/g, 'false')
      .replace(/,\s*\]/g, ']');
    const values: unknown = JSON.parse(spelled);
    if (check(values)) return values as IndexList;
  } catch {
    throw wrong();
  }
  throw wrong();
}

const INTEGER = /^[+-]?\d+$/;
