/** What the documents say of dtypes: which an op takes, and what becomes of two that meet. */
import { dtypes, isFloat, promote, isComplex, type DType } from '../../engine/dtype.ts';
import type { Given, Spec } from '../../engine/op.ts';
import type { Row } from '../../engine/ready.ts';

const all = (Object.keys(dtypes) as DType[]).filter((dtype) => dtypes[dtype].array !== null);

interface Sample {
  readonly in: { readonly [input: string]: Given | readonly Given[] };
  readonly args?: readonly unknown[];
}
export type DocumentedRow = Row & { readonly samples: readonly Sample[] };

/** The dtypes that an op takes, in words: those in which the row's own samples are not refused. */
export function dtypesOf(row: DocumentedRow): string {
  const inputs = Object.keys(row.inputs);
  if (inputs.length === 0) return '';
  const taken = all.filter((dtype) => row.samples.some((sample) => takes(row, sample, dtype)));
  const kinds = groups.filter(({ of }) => all.filter(of).every((dtype) => taken.includes(dtype)));
  const rest = taken.filter((dtype) => !kinds.some(({ of }) => of(dtype)));
  const texts = row.texts || row.view !== undefined ? ['text'] : [];
  return [...kinds.map(({ name }) => name), ...rest, ...texts].join(', ');
}

const integer = (dtype: DType) => ['signed', 'unsigned'].includes(dtypes[dtype].kind);
const groups: readonly { readonly name: string; readonly of: (dtype: DType) => boolean }[] = [
  { name: 'bool', of: (dtype) => dtype === 'bool' },
  { name: 'integers', of: integer },
  { name: 'floats', of: isFloat },
  { name: 'complex numbers', of: isComplex },
];

/** Whether the op says nothing against a sample with that dtype in place of floats, or where there are none of all. */
function takes(row: Row, sample: Sample, dtype: DType): boolean {
  const parts = Object.values(sample.in).flatMap((given) => (isList(given) ? given : [given]));
  const floats = parts.some((given) => isSmooth(dtypeOf(given)));
  const one = (given: Given): Spec => {
    const own = dtypeOf(given);
    const changes = floats ? isSmooth(own) : !isPosition(row, own);
    return { shape: 'shape' in given ? given.shape : given, dtype: changes ? dtype : own };
  };
  const specs = Object.fromEntries(
    Object.entries(sample.in).map(([name, given]) => [
      name,
      isList(given) ? given.map(one) : one(given),
    ]),
  );
  try {
    const args = sample.args ?? [];
    row.spec(specs, row.attrs === undefined ? {} : row.attrs(specs, ...args));
    return true;
  } catch {
    return false;
  }
}

/** A dtype of indices or conditions, which an op asks for beside its floats. */
function isPosition(row: Row, dtype: DType): boolean {
  return Object.keys(row.inputs).length > 1 && row.literals !== undefined && !isSmooth(dtype);
}

function isSmooth(dtype: DType): boolean {
  return isFloat(dtype) || isComplex(dtype);
}

function dtypeOf(given: Given): DType {
  return 'shape' in given ? (given.dtype ?? 'f32') : 'f32';
}

function isList(given: Given | readonly Given[]): given is readonly Given[] {
  return Array.isArray(given) && given.some((part: unknown) => typeof part === 'object');
}

/** The chapter of docs/ops.md. */
export function dtypesChapter(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = (cells: readonly string[]) => `${row(cells)}\n${row(cells.map(() => '---'))}`;
  const list = all.map((dtype) => {
    const { long, bytes, array } = dtypes[dtype];
    const half = dtype === 'f16' || dtype === 'bf16';
    const comes = half ? 'Float32Array' : (array as unknown as { name: string }).name;
    return row([dtype, long, String(bytes), isComplex(dtype) ? `${comes}, parts in turn` : comes]);
  });
  const table = all.map((a) => row([`**${a}**`, ...all.map((b) => meeting(a, b))]));
  return `## Dtypes

${head(['dtype', 'long name', 'bytes', '`data()` gives'])}
${list.join('\n')}

Integers of 64 bits are exact: their elements are bigints. f16 and bf16 are stored in two bytes and computed in f32: every op reads them as f32, and sums, means and products of matrices are rounded once, at the end. Complex numbers are \`{ re, im }\` in \`item()\`, \`array()\` and wherever a value may be written.

A tensor of \`string\` (the long name is the same) holds text outside the memory of the device; \`tf.tensor(['a', 'b'])\` makes one, \`data()\` gives a list. Text is moved and compared: by views, \`concat\`, \`stack\`, \`split\`, \`gather\`, \`where\`, \`equal\` and the others that say so below. Ops of numbers refuse it, and \`cast\` too.

**Two that meet** are promoted as in the Python array API standard, and as in JAX where that leaves a pair open. A dash is an error: no integer holds the values of both.

${head(['', ...all])}
${table.join('\n')}

**A bare value is weak**: it takes the dtype of the tensor beside it. A fraction beside integers makes f32, a number beside booleans i32, and \`{ re, im }\` the complex dtype of its partner; an integer that does not fit its partner is an error. By themselves numbers are f32, bigints i64, booleans bool.

**Arithmetic** on integers wraps around, on booleans it counts in i32; \`sum\` and \`prod\` of 8 and 16 bits are made in 32. What has fractions (\`div\`, \`exp\`, \`mean\`) makes f32 of integers and booleans.

**\`cast\`** keeps values where it can. To integers fractions are cut toward zero, what lies outside stays at the end of the range, and not-a-number is 0, from other integers too (\`300\` is 255 as u8; arithmetic would make it 44). To floats the nearest one is taken, ties to the even one, and beyond the greatest is infinity. To booleans everything but zero is true, not-a-number too. Of complex numbers the real part is left; to booleans both parts count.

**\`bitcast\`** reads the same bits as another dtype and changes nothing.
`;
}

function meeting(a: DType, b: DType): string {
  try {
    return promote('promote', a, b);
  } catch {
    return '–';
  }
}
