/**
 * Element types: their names and sizes, and what becomes of two that meet.
 *
 * Promotion is that of the Python array API standard, and JAX's where the
 * standard leaves a pair open (an integer and a float give the float). A bare
 * JavaScript number is weak: it takes the dtype of the tensor it meets.
 */
export const dtypes = {
  bool: { bytes: 1, kind: 'bool', array: Uint8Array, long: 'bool' },
  u8: { bytes: 1, kind: 'unsigned', array: Uint8Array, long: 'uint8' },
  i8: { bytes: 1, kind: 'signed', array: Int8Array, long: 'int8' },
  i16: { bytes: 2, kind: 'signed', array: Int16Array, long: 'int16' },
  u16: { bytes: 2, kind: 'unsigned', array: Uint16Array, long: 'uint16' },
  i32: { bytes: 4, kind: 'signed', array: Int32Array, long: 'int32' },
  u32: { bytes: 4, kind: 'unsigned', array: Uint32Array, long: 'uint32' },
  i64: { bytes: 8, kind: 'signed', array: BigInt64Array, long: 'int64' },
  u64: { bytes: 8, kind: 'unsigned', array: BigUint64Array, long: 'uint64' },
  f16: { bytes: 2, kind: 'float', array: Uint16Array, long: 'float16' },
  bf16: { bytes: 2, kind: 'float', array: Uint16Array, long: 'bfloat16' },
  f32: { bytes: 4, kind: 'float', array: Float32Array, long: 'float32' },
  f64: { bytes: 8, kind: 'float', array: Float64Array, long: 'float64' },
  c64: { bytes: 8, kind: 'complex', array: Float32Array, long: 'complex64' },
  c128: { bytes: 16, kind: 'complex', array: Float64Array, long: 'complex128' },
  string: { bytes: 0, kind: 'string', array: null, long: 'string' },
} as const satisfies Record<string, Facts>;

export type DType = keyof typeof dtypes;
/** The names TensorFlow.js and NumPy use; taken wherever a dtype is. */
export type LongName = (typeof dtypes)[DType]['long'];
/** A dtype as a user may write it. */
export type DTypeLike = DType | LongName;

/**
 * `array` holds the elements: the bits of f16 and bf16, and of a complex number the real part and after it the imaginary
 * one. Null for text, which lies in no typed array.
 */
interface Facts {
  readonly bytes: number;
  readonly kind: 'bool' | 'signed' | 'unsigned' | 'float' | 'complex' | 'string';
  readonly array: (abstract new (...args: never[]) => object) | null;
  readonly long: string;
}

/** The dtype of that name, short or long. */
export function dtypeOf(op: string, name: DTypeLike): DType {
  const dtype = Object.hasOwn(dtypes, name) ? (name as DType) : longNames().get(name);
  if (dtype === undefined) {
    const meant = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
    const hint = meant === undefined ? '' : ` ('${meant}' will be meant)`;
    throw new Error(`${op}: no dtype is called '${name}'${hint}; there are ${names.join(', ')}`);
  }
  return dtype;
}

/** What dtypes are called in other places. */
const elsewhere: { readonly [name: string]: DType | undefined } = {
  number: 'f32',
  float: 'f32',
  double: 'f64',
  half: 'f16',
  int: 'i32',
  integer: 'i32',
  long: 'i64',
  bigint: 'i64',
  short: 'i16',
  byte: 'u8',
  boolean: 'bool',
  complex: 'c64',
  str: 'string',
};

/** The dtype in which two meet; throws where none holds the values of both. */
export function promote(op: string, a: DType, b: DType): DType {
  if (a === b || b === 'bool') return a;
  if (a === 'bool') return b;
  const [x, y] = [dtypes[a], dtypes[b]];
  if (x.kind === y.kind && x.kind !== 'string') {
    if (x.bytes !== y.bytes) return x.bytes > y.bytes ? a : b;
    return 'f32'; // f16 and bf16: neither holds the other.
  }
  const kinds = [x.kind, y.kind];
  if (kinds.includes('string')) throw new Error(`${op}: ${a} and ${b} have no common dtype`);
  if (kinds.includes('complex')) {
    return a === 'c128' || b === 'c128' || a === 'f64' || b === 'f64' ? 'c128' : 'c64';
  }
  if (kinds.includes('float')) return x.kind === 'float' ? a : b;
  const [signed, unsigned] = x.kind === 'signed' ? [a, b] : [b, a];
  if (dtypes[signed].bytes > dtypes[unsigned].bytes) return signed;
  const wider = ({ 1: 'i16', 2: 'i32', 4: 'i64', 8: null } as const)[dtypes[unsigned].bytes as 1];
  if (wider === null) {
    throw new Error(`${op}: no integer holds the values of ${a} and ${b}; cast one of them`);
  }
  return wider;
}

/** The dtype of the parts of a complex number; others stay as they are. */
export function realOf(dtype: DType): DType {
  return dtype === 'c64' ? 'f32' : dtype === 'c128' ? 'f64' : dtype;
}

/** The dtype of complex numbers with such parts: `c128` for f64, else `c64`. */
export function complexOf(op: string, dtype: DType): DType {
  if (isComplex(dtype)) return dtype;
  return numeric(op, dtype) && dtype === 'f64' ? 'c128' : 'c64';
}

/** The dtype of `exp` and its like: floats stay, the rest becomes f32. */
export function floatOf(op: string, dtype: DType): DType {
  return numeric(op, dtype) && dtypes[dtype].kind === 'float' ? dtype : 'f32';
}

/** The dtype arithmetic happens in: as it is, but booleans count as i32. */
export function numberOf(op: string, dtype: DType): DType {
  return numeric(op, dtype) && dtype === 'bool' ? 'i32' : dtype;
}

/** Throws for dtypes that an op for real numbers does not take. */
export function numeric(op: string, dtype: DType): true {
  const { kind } = dtypes[dtype];
  if (kind === 'complex') {
    throw new Error(
      `${op}: it is not made for complex numbers, and this is ${dtype}; real(), imag() and abs() give real ones`,
    );
  }
  if (kind !== 'string') return true;
  throw new Error(`${op}: no arithmetic on ${dtype}; there is on ${real.join(', ')}`);
}

/** The dtype a bare value takes beside a tensor of dtype `partner` (null where there is none). */
export function weakOf(op: string, value: number | bigint | boolean, partner: DType | null): DType {
  if (typeof value === 'boolean') return partner ?? 'bool';
  if (partner === null || partner === 'bool') {
    if (typeof value === 'bigint') return 'i64';
    return partner === null || !Number.isInteger(value) ? 'f32' : 'i32';
  }
  if (!isInteger(partner)) return partner;
  if (typeof value === 'number' && !Number.isInteger(value)) return 'f32';
  const [low, high] = range(partner);
  if (value >= low && value <= high) return partner;
  throw new Error(
    `${op}: ${value} does not fit ${partner} (${low} to ${high}); cast the tensor first`,
  );
}

/** Bytes of an element; asked for every tensor made, so the commonest dtype goes first. */
export function widthOf(dtype: DType): number {
  return dtype === 'f32' ? 4 : dtypes[dtype].bytes;
}

/** Can carry a gradient. */
export function isSmooth(dtype: DType): boolean {
  return isFloat(dtype) || isComplex(dtype);
}

/** c64 and c128: their elements are two numbers each. */
export function isComplex(dtype: DType): boolean {
  return dtype === 'c64' || dtype === 'c128';
}

/** A real number that has fractions. */
export function isFloat(dtype: DType): boolean {
  return dtype === 'f32' || dtypes[dtype].kind === 'float';
}

export function isInteger(dtype: DType): boolean {
  return dtypes[dtype].kind === 'signed' || dtypes[dtype].kind === 'unsigned';
}

/** Throws where something is to be a position and is no integer. */
export function checkIndices(op: string, dtype: DType): void {
  if (isInteger(dtype)) return;
  throw new Error(`${op}: the indices are ${dtype}; they must be integers (cast them to i32)`);
}

/** i64 and u64: their elements are bigints. */
export function isBig(dtype: DType): boolean {
  return dtype === 'i64' || dtype === 'u64';
}

/** The least and the greatest value of an integer dtype. */
export function range(dtype: DType): readonly [low: bigint, high: bigint] {
  const bits = BigInt(dtypes[dtype].bytes * 8);
  return dtypes[dtype].kind === 'signed'
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
}

const names = Object.keys(dtypes) as DType[];
const real = names.filter((name) => dtypes[name].array !== null);
const longNames = (): ReadonlyMap<string, DType> =>
  new Map(names.map((name) => [dtypes[name].long, name]));
