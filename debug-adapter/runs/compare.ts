/** Whether an op made what it made in another run. */
import type { Num } from '../../engine/protocol.ts';
import type { RunOutput } from './format.ts';

/**
 * How far numbers of a dtype may be apart, as a part of the larger of the
 * number and the root of the mean square of its tensor: sums in another order
 * differ by parts of the terms, whatever becomes of the sum.
 */
export const TOLERANCES: { readonly [dtype: string]: number } = {
  f64: 1e-9,
  c128: 1e-9,
  f32: 1e-4,
  c64: 1e-4,
  f16: 1e-2,
  bf16: 5e-2,
};
/** What stands for the size of a tensor that is all zeros, as a part of the tolerance. */
const NOTHING = 1e-6;

export interface Difference {
  /** Not what is tolerated. */
  readonly beyond: boolean;
  /** The largest difference of two numbers, and as a part of their size; `Infinity` where no number tells. */
  readonly abs: number;
  readonly rel: number;
  /** What differs, where that is more than numbers. */
  readonly what?: string;
}
export const NONE: Difference = { beyond: false, abs: 0, rel: 0 };

/** What was made, as it is now. */
export interface Made extends Omit<RunOutput, 'values'> {
  readonly values?: Uint8Array | null;
}

/** The outputs of one op. Null where they are the same to the bit. */
export function compare(
  now: readonly Made[],
  then: readonly RunOutput[],
  tolerances: { readonly [dtype: string]: number },
): Difference | null {
  let largest: Difference | null = null;
  if (now.length !== then.length)
    return apart(`made ${count(now.length)}; the reference made ${then.length}`);
  for (let i = 0; i < now.length; i++) {
    const [made, known] = [now[i]!, then[i]!];
    const [kind, expected] = [kindOf(made), kindOf(known)];
    if (kind !== expected) return apart(`made ${kind}; the reference made ${expected}`);
    if (made.checksum === known.checksum) continue;
    const found = difference(made, known, tolerances);
    if (largest === null || found.rel > largest.rel || (found.beyond && !largest.beyond))
      largest = found;
  }
  return largest;
}

export function kindOf({ dtype, shape }: Pick<RunOutput, 'dtype' | 'shape'>): string {
  return `${dtype}[${shape.join(',')}]`;
}

function count(outputs: number): string {
  return `${outputs} ${outputs === 1 ? 'tensor' : 'tensors'}`;
}

function apart(what: string): Difference {
  return { beyond: true, abs: Infinity, rel: Infinity, what };
}

function difference(
  made: Made,
  known: RunOutput,
  tolerances: { readonly [dtype: string]: number },
): Difference {
  const { dtype } = made;
  if (dtype === 'string') return apart('made other texts than the reference');
  const tolerance = tolerances[dtype] ?? TOLERANCES[dtype] ?? 0;
  const [mean, sd] = [value(known.stats.mean), value(known.stats.sd)];
  const size = Math.sqrt(mean * mean + sd * sd) || 0;
  const all = made.values && known.values !== undefined ? decoded(known.values, dtype) : null;
  const own = all && made.values ? elements(made.values, dtype) : null;
  let [abs, rel] = [0, 0];
  const look = (a: number, b: number, scale = size) => {
    if (a === b || (a !== a && b !== b)) return;
    const apart = Math.abs(a - b);
    const part = apart / Math.max(Math.abs(b), scale, Number.MIN_VALUE);
    abs = Math.max(abs, apart === apart ? apart : Infinity);
    // Beside nothing the smallest noise is infinitely large.
    const counts = apart <= tolerance * NOTHING ? 0 : part;
    rel = Math.max(rel, counts === counts ? counts : Infinity);
  };
  if (all && own) for (let i = 0; i < all.length; i++) look(own[i]!, all[i]!);
  else {
    made.sample.forEach((each, i) => look(value(each), value(known.sample[i]!)));
    for (const name of ['mean', 'sd', 'min', 'max'] as const)
      look(value(made.stats[name]), value(known.stats[name]));
  }
  const { nan, inf } = made.stats;
  const broken = nan !== known.stats.nan || inf !== known.stats.inf;
  if (broken) return apart(`holds ${bad(made)}; that of the reference ${bad(known)}`);
  return { beyond: tolerance === 0 || rel > tolerance, abs, rel };
}

function bad({ stats: { nan, inf } }: Pick<RunOutput, 'stats'>): string {
  return `${nan} NaN and ${inf} infinities`;
}

function value(num: Num): number {
  return Number(num);
}

/** Bytes of a file as numbers; what 64-bit integers lose then, their checksum does not. */
function decoded(base64: string, dtype: string): ArrayLike<number> {
  return elements(new Uint8Array(Buffer.from(base64, 'base64')), dtype);
}

function elements(bytes: Uint8Array, dtype: string): ArrayLike<number> {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const reader = arrays[dtype as keyof typeof arrays] ?? Float32Array;
  const all = new reader(buffer as ArrayBuffer, byteOffset, byteLength / reader.BYTES_PER_ELEMENT);
  return /64$/.test(dtype) && /^[iu]/.test(dtype)
    ? Array.from(all as BigInt64Array, Number)
    : (all as Float32Array);
}

/** How elements lie in a file; halves and complex numbers as f32, or as f32 and f64 in pairs. */
export const arrays = {
  bool: Uint8Array,
  u8: Uint8Array,
  i8: Int8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f16: Float32Array,
  bf16: Float32Array,
  f32: Float32Array,
  f64: Float64Array,
  c64: Float32Array,
  c128: Float64Array,
} as const;
