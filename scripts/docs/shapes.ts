/** What the documents say of shapes, and of inputs that nothing flows back to, from the samples of a row. */
import { isFloat, isComplex, type DType } from '../../engine/dtype.ts';
import type { Given, Spec } from '../../engine/op.ts';
import type { DocumentedRow } from './dtypes.ts';

type Sample = DocumentedRow['samples'][number];

/** The first samples as calls by shapes; an f32 is not called so. */
export function shapesOf(name: string, row: DocumentedRow): readonly string[] {
  const calls = row.samples.slice(0, 2).flatMap((sample) => callOf(name, row, sample) ?? []);
  return [...new Set(calls)];
}

/** Why nothing flows back to some inputs, where dtypes say it: these are no floats, or the results are not. */
export function flatOf(row: DocumentedRow): string {
  const [sample] = row.samples;
  if (sample === undefined || row.compose !== undefined || row.backward !== undefined) return '';
  const none = Object.keys(row.inputs).filter((input) => row.grad?.[input] === null);
  if (none.length === 0) return '';
  const results = madeBy(row, sample);
  if (results?.every(({ dtype }) => !isSmooth(dtype))) {
    const dtypes = new Set(results.map(({ dtype }) => dtype));
    return dtypes.has('bool') ? 'it gives true or false' : 'it gives whole numbers';
  }
  const whole = none.every((input) =>
    specsOf(sample.in[input]!).every(({ dtype }) => !isSmooth(dtype)),
  );
  return whole ? `${none.join(' and ')} ${none.length > 1 ? 'are' : 'is'} not of floats` : '';
}

function callOf(name: string, row: DocumentedRow, sample: Sample): string | null {
  const inputs = Object.keys(row.inputs);
  const given = inputs.map((input) => sample.in[input]);
  while (given.length > 0 && given.at(-1) === undefined) given.pop();
  const args = [...given.map(shown), ...(sample.args ?? []).map(literal)];
  const made = madeBy(row, sample);
  if (made === null || given.length === 0) return null;
  const names = Object.keys(row.outputs instanceof Object ? row.outputs : {});
  const results = made.map((spec, i) => (names[i] ? `${names[i]}: ${brief(spec)}` : brief(spec)));
  const result = names.length > 0 ? `{ ${results.join(', ')} }` : results.join(', ');
  return `${name}(${args.join(', ')}) → ${row.outputs === 'many' ? `[${result}]` : result}`;
}

/** What a sample gives; null where that is a matter of values. */
function madeBy(row: DocumentedRow, sample: Sample): readonly Spec[] | null {
  const inputs = Object.fromEntries(
    Object.entries(sample.in).map(([name, given]) => {
      const specs = specsOf(given);
      return [name, row.inputs[name] === 'many' ? specs : specs[0]];
    }),
  );
  try {
    const attrs = row.attrs?.(inputs, ...(sample.args ?? [])) ?? {};
    const made = row.spec(inputs, attrs) as Partial<Spec>;
    return made.dtype === undefined ? Object.values(made as object) : [made as Spec];
  } catch {
    return null;
  }
}

interface Sized extends Spec {
  readonly size: number;
  readonly rank: number;
}

function specsOf(given: Given | readonly Given[]): readonly Sized[] {
  return (isList(given) ? given : [given]).map((one) => {
    const { shape, dtype = 'f32' } = 'shape' in one ? one : { shape: one };
    return { shape, dtype, size: shape.reduce((a, b) => a * b, 1), rank: shape.length };
  });
}

function shown(given: Given | readonly Given[] | undefined): string {
  if (given === undefined) return 'undefined';
  const specs = specsOf(given).map(brief);
  return isList(given) ? `[${specs.join(', ')}]` : specs[0]!;
}

function brief({ shape, dtype }: Spec): string {
  return `${dtype === 'f32' ? '' : dtype}[${shape.join(',')}]`;
}

function literal(value: unknown): string {
  if (value === undefined || typeof value === 'number' || typeof value === 'bigint') {
    return String(value);
  }
  return JSON.stringify(value)
    .replaceAll('"', "'")
    .replaceAll(/'(\w+)':/g, '$1: ');
}

function isSmooth(dtype: DType): boolean {
  return isFloat(dtype) || isComplex(dtype);
}

function isList(given: Given | readonly Given[]): given is readonly Given[] {
  return Array.isArray(given) && given.some((part: unknown) => typeof part === 'object');
}
