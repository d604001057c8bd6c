/** A program's tensors, for pages: any shape and values, without an engine. */
import type { LiveTensor, Num, Stats, Window } from '../../debug-adapter/protocol.ts';
import type { HostOf } from '../../views/rpc.ts';

export interface Fake {
  readonly tensor: LiveTensor;
  /** The element at an index; also what `write` changes. */
  at(index: readonly number[]): number | string;
  readonly host: HostOf<'tensor'>;
  /** How many elements have been read so far. */
  read(): number;
}

/** A tensor of which nothing is said but this. */
export function bareTensor(
  about: Partial<LiveTensor> & Pick<LiveTensor, 'id' | 'shape'>,
): LiveTensor {
  return {
    storage: about.id,
    dtype: 'f32',
    device: 'cpu',
    bytes: 4 * about.shape.reduce((a, b) => a * b, 1),
    view: false,
    variable: false,
    version: 1,
    disposed: false,
    saved: false,
    readOnly: false,
    text: '',
    group: 'other',
    ...about,
  };
}

export function fakeTensor(
  about: Partial<LiveTensor> & { readonly shape: readonly number[] },
  value: (index: readonly number[]) => number | string,
): Fake {
  const written = new Map<string, number>();
  const at = (index: readonly number[]) => written.get(String(index)) ?? value(index);
  const stats = about.stats ?? statsOf(about.shape, at);
  let tensor = bareTensor({ id: 7, name: 'h', ...(stats && { stats }), ...about });
  let count = 0;
  const host: HostOf<'tensor'> = {
    open: async () => ({ tensor, paused: true, title: tensor.name ?? 'h', expression: 'h' }),
    async window(_, window) {
      const values = cells(window, at);
      count += values.length;
      if (values.some((cell) => typeof cell === 'string')) return { text: values.map(String) };
      const bytes = Buffer.from(Float64Array.from(values as number[]).buffer);
      return { base64: bytes.toString('base64') };
    },
    stats: async () => statsOf(tensor.shape, at)!,
    async write(_, index, text) {
      const number = Number(text);
      if (text === '' || (Number.isNaN(number) && text !== 'NaN'))
        throw new Error(`${text} is not a number; ${tensor.dtype} takes one, NaN or Infinity.`);
      written.set(String(index), number);
      tensor = { ...tensor, version: tensor.version + 1, stats: statsOf(tensor.shape, at)! };
      return tensor;
    },
  };
  return {
    get tensor() {
      return tensor;
    },
    at,
    host,
    read: () => count,
  };
}

function cells(
  { rowAxis, columnAxis, at, rows, columns }: Window,
  value: (index: readonly number[]) => number | string,
): (number | string)[] {
  const found = [];
  for (let row = rows[0]; row < rows[1]; row++)
    for (let column = columns[0]; column < columns[1]; column++)
      found.push(
        value(
          at.map((fixed, axis) => (axis === rowAxis ? row : axis === columnAxis ? column : fixed)),
        ),
      );
  return found;
}

/** Of small tensors; none of large ones. */
function statsOf(
  shape: readonly number[],
  value: (index: readonly number[]) => number | string,
): Stats | undefined {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size > 1e5) return undefined;
  const all = Array.from({ length: size }, (_, flat) => {
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return Number(value(index));
  });
  const finite = all.filter(Number.isFinite);
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const sd = Math.sqrt(finite.reduce((sum, x) => sum + (x - mean) ** 2, 0) / finite.length);
  const num = (x: number): Num => (Number.isNaN(x) ? 'NaN' : x);
  return {
    count: size,
    mean: num(mean),
    sd: num(sd),
    min: num(finite.reduce((a, b) => Math.min(a, b), Infinity)),
    max: num(finite.reduce((a, b) => Math.max(a, b), -Infinity)),
    nan: all.filter(Number.isNaN).length,
    inf: all.filter((x) => !Number.isNaN(x) && !Number.isFinite(x)).length,
    zeros: all.filter((x) => x === 0).length,
    sampled: false,
  };
}
