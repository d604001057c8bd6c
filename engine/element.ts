import type { Buf, Elements } from './device.ts';
import { isBig, isInteger, range } from './dtype.ts';
import type { DType } from './dtype.ts';
import { named } from './given.ts';
import { fromBf16, fromF16, toBf16, toF16 } from './half.ts';

/**
 * Single elements of a tensor: reading and writing them where they lie, as
 * text, and from what a user typed.
 */
export type Element = number | bigint;

/** Reads by position in the storage. Use it at once: the memory may move. */
export function reader(buf: Buf): (position: number) => Element {
  const elements = buf.storage.bytes.device.array(buf);
  if (buf.dtype === 'f16') return (i) => fromF16(elements[i] as number);
  if (buf.dtype === 'bf16') return (i) => fromBf16(elements[i] as number);
  return (i) => elements[i]!;
}

/** An element as the elements of that dtype are stored; see `parse` for what fits. */
export function stored(value: Element, dtype: DType): Element {
  if (dtype === 'f16') return toF16(Number(value));
  if (dtype === 'bf16') return toBf16(Number(value));
  return value;
}

export function write(elements: Elements, position: number, value: Element, dtype: DType): void {
  (elements as { [i: number]: Element })[position] = stored(value, dtype);
}

/** The shortest text that means this element and no other of its dtype. */
export function show(value: Element, dtype: DType): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint' || !Number.isFinite(value)) return String(value);
  const narrow = narrowing[dtype];
  if (narrow === undefined) return String(value);
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (narrow(short) === value) return String(short);
  }
  return String(value);
}

/** What a user typed for one element: `1.5`, `NaN`, `-Infinity`, `true`. Throws what would fit. */
export function parse(text: string, dtype: DType): Element {
  const typed = text.trim();
  const value = words[typed] ?? numeral(typed);
  if (value === null) {
    throw new Error(`'${typed}' is not a value of ${dtype}: ${examples(dtype)} would be`);
  }
  return fit(value, dtype);
}

/** A JavaScript value as an element of that dtype. Throws what would fit: nothing is rounded to an integer or cut off. */
export function fit(value: unknown, dtype: DType): Element {
  if (typeof value === 'boolean') return isBig(dtype) ? BigInt(value) : Number(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new Error(`${named(value)} is not a value of ${dtype}: ${examples(dtype)} would be`);
  }
  if (dtype === 'bool') {
    if (Number(value) === 0 || Number(value) === 1) return Number(value);
    throw new Error(`${value} does not fit bool: true, false, 1 or 0 would`);
  }
  if (!isInteger(dtype)) return Number(value);
  const [low, high] = range(dtype);
  const whole = typeof value === 'bigint' || Number.isInteger(value);
  if (!whole || value < low || value > high) {
    throw new Error(`${value} does not fit ${dtype}: whole numbers from ${low} to ${high} do`);
  }
  return isBig(dtype) ? BigInt(value) : Number(value);
}

const narrowing: { readonly [dtype: string]: ((value: number) => number) | undefined } = {
  f32: Math.fround,
  f16: (value) => fromF16(toF16(value)),
  bf16: (value) => fromBf16(toBf16(value)),
};

const words: { readonly [text: string]: number | undefined } = {
  true: 1,
  false: 0,
  NaN: NaN,
  nan: NaN,
  Infinity: Infinity,
  '+Infinity': Infinity,
  '-Infinity': -Infinity,
  inf: Infinity,
  '-inf': -Infinity,
  '∞': Infinity,
  '-∞': -Infinity,
};

function numeral(text: string): Element | null {
  if (/^[+-]?\d+n?$/.test(text)) {
    const big = BigInt(text.replace(/^\+|n$/g, ''));
    return Number.isSafeInteger(Number(big)) && big !== 0n ? Number(big) : big || Number(text);
  }
  return /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
    ? Number(text.replace(/_/g, ''))
    : null;
}

function examples(dtype: DType): string {
  if (dtype === 'bool') return 'true or false';
  return isInteger(dtype) ? '3' : '1.5, NaN or -Infinity';
}
