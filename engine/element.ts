import { isComplexValue, type Complex } from './complex.ts';
import type { Buf, Elements } from './device.ts';
import { isBig, isComplex, isInteger, range, realOf } from './dtype.ts';
import type { DType } from './dtype.ts';
import { named } from './given.ts';
import { textsOf } from './texts.ts';
import { fromBf16, fromF16, toBf16, toF16 } from './half.ts';

/**
 * Single elements of a tensor: reading and writing them where they lie, as
 * text, and from what a user typed.
 */
export type Element = number | bigint | Complex | string;

/** Reads by position in the storage. Use it at once: the memory may move. */
export function reader(buf: Buf): (position: number) => Element {
  if (buf.dtype === 'string') {
    const texts = textsOf(buf);
    return (i) => texts[i] ?? '';
  }
  const elements = buf.storage.bytes.device.array(buf);
  if (buf.dtype === 'f16') return (i) => fromF16(elements[i] as number);
  if (buf.dtype === 'bf16') return (i) => fromBf16(elements[i] as number);
  if (!isComplex(buf.dtype)) return (i) => elements[i]!;
  return (i) => ({ re: elements[2 * i] as number, im: elements[2 * i + 1] as number });
}

/** A real element as the elements of that dtype are stored; see `parse` for what fits. */
export function stored(value: number | bigint, dtype: DType): number | bigint {
  if (dtype === 'f16') return toF16(Number(value));
  if (dtype === 'bf16') return toBf16(Number(value));
  return value;
}

export function write(elements: Elements, position: number, value: Element, dtype: DType): void {
  const list = elements as { [i: number]: number | bigint | string };
  if (typeof value === 'string') list[position] = value;
  else if (typeof value === 'object') {
    list[2 * position] = value.re;
    list[2 * position + 1] = value.im;
  } else list[position] = stored(value, dtype);
}

/** The shortest text that means this element and no other of its dtype. */
export function show(value: Element, dtype: DType): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object') {
    const [re, im] = [show(value.re, realOf(dtype)), show(value.im, realOf(dtype))];
    return `${re}${im.startsWith('-') ? '' : '+'}${im}j`;
  }
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

/** What a user typed for one element: `1.5`, `NaN`, `-Infinity`, `true`, `1+2j`, `"text"`. Throws what would fit. */
export function parse(text: string, dtype: DType): Element {
  if (dtype === 'string') return unquoted(text);
  const typed = text.trim();
  const value = simple(typed) ?? (isComplex(dtype) ? sumOfParts(typed) : null);
  if (value === null) {
    throw new Error(`'${typed}' is not a value of ${dtype}: ${examples(dtype)} would be`);
  }
  return fit(value, dtype);
}

/** A JavaScript value as an element of that dtype. Throws what would fit: nothing is rounded to an integer or cut off. */
export function fit(value: unknown, dtype: DType): Element {
  if (dtype === 'string') {
    if (typeof value === 'string') return value;
    throw new Error(`${named(value)} is not a value of string: ${examples(dtype)} would be`);
  }
  if (isComplex(dtype)) {
    if (isComplexValue(value)) return { re: value.re, im: value.im };
    return { re: Number(fit(value, realOf(dtype))), im: 0 };
  }
  if (isComplexValue(value)) {
    throw new Error(
      `${show(value, 'c128')} is not a value of ${dtype}: ${examples(dtype)} would be`,
    );
  }
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

/** Text in quotes as JavaScript reads it; any other stands for itself. */
function unquoted(text: string): string {
  const [, quote, inner] = /^\s*(["'])(.*)\1\s*$/s.exec(text) ?? [];
  if (quote === undefined) {
    if (!/^\s*["']/.test(text)) return text;
    throw new Error(`${text.trim()} is not a value of string: its quotes do not match`);
  }
  const escaped: { readonly [found: string]: string } = { "\\'": "'", '"': '\\"' };
  const json =
    quote === '"' ? inner : inner!.replace(/\\.|"/gs, (found) => escaped[found] ?? found);
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    throw new Error(
      `${text.trim()} is not a value of string: inside quotes, quotes and backslashes take a backslash`,
    );
  }
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

function simple(text: string): number | bigint | null {
  return words[text] ?? numeral(text);
}

/** `1+2j`, `-j`, `2.5e3i`: a real part, an imaginary one, or both in this order. */
function sumOfParts(text: string): Complex | null {
  const parts =
    /^(.*?(?<![eE]))([+-]?(?:[\d._]+(?:[eE][+-]?\d+)?|NaN|nan|Infinity|inf|∞)?)[ij]$/.exec(
      text.replace(/\s*([+-])\s*/g, '$1'),
    );
  if (parts === null) return null;
  const [, first, second] = parts as unknown as [string, string, string];
  const unsigned = second === '' || second === '+' || second === '-' ? `${second}1` : second;
  const [re, im] = [first === '' ? 0 : simple(first), simple(unsigned.replace(/^\+/, ''))];
  if (re === null || im === null || (first !== '' && !/^[+-]/.test(second))) return null;
  return { re: Number(re), im: Number(im) };
}

function numeral(text: string): number | bigint | null {
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
  if (dtype === 'string') return `'text'`;
  if (isComplex(dtype)) return '1+2j, 3 or NaN+0j';
  return isInteger(dtype) ? '3' : '1.5, NaN or -Infinity';
}
