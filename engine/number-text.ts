import type { Complex } from './complex.ts';
import { dtypes, isComplex, realOf, type DType } from './dtype.ts';
import type { Element } from './element.ts';
import { fromBf16, fromF16, toBf16, toF16 } from './half.ts';

/** Numbers as NumPy writes them: the fewest digits that tell a number from its neighbours of the same dtype. */

/** One number by itself. */
export function digits(value: Element, dtype: DType): string {
  if (typeof value === 'string')
    return `'${value.replace(/[\\'\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}'`;
  if (typeof value === 'object') {
    const [re, im] = [digits(value.re, realOf(dtype)), digits(value.im, realOf(dtype))];
    return `${re}${plus(im)}j`;
  }
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (typeof value === 'bigint' || dtypes[dtype].kind !== 'float') return String(value);
  return Number.isFinite(value) ? String(Number(shortest(value, dtype))) : special(value);
}

/** Numbers that stand in columns: all with the point in the same place. */
export function columns(values: readonly Element[], dtype: DType): string[] {
  if (dtype === 'string') return values.map((value) => digits(value, dtype));
  if (isComplex(dtype)) return sums(values as readonly Complex[], realOf(dtype));
  if (dtypes[dtype].kind === 'float') return floats(values as readonly number[], dtype);
  const words = values.map((value) => digits(value, dtype));
  const width = Math.max(...words.map(({ length }) => length));
  return words.map((text) => text.padStart(width));
}

/** `1. +2.5j`: the parts in two columns, the second with its sign. */
function sums(values: readonly Complex[], dtype: DType): string[] {
  const real = floats(
    values.map(({ re }) => re),
    dtype,
  );
  const imaginary = floats(
    values.map(({ im }) => im),
    dtype,
  ).map((text) => plus(text.trimStart()));
  const width = Math.max(...imaginary.map(({ length }) => length));
  // The letter follows the last digit; the blanks that fill the column come behind it.
  return real.map((text, i) => {
    const part = imaginary[i]!.padStart(width);
    const end = part.trimEnd().length;
    return `${text}${part.slice(0, end)}j${part.slice(end)}`;
  });
}

/** With its sign. */
function plus(text: string): string {
  return text.startsWith('-') ? text : `+${text}`;
}

/** At most so many digits after the point. */
const PRECISION = 8;

function floats(values: readonly number[], dtype: DType): string[] {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const round = rounding(dtype);
  const powers = sizes.length > 0 && (most >= 1e8 || least < 1e-4 || round(most / least) > 1000);
  const write = powers ? scientific(finite, dtype) : positional(finite, dtype);
  const words = values.map((value) => (Number.isFinite(value) ? write(value) : special(value)));
  const width = Math.max(...words.map(({ length }) => length));
  return words.map((text) => text.padStart(width));
}

/** `12.5 `: as many places after the point as the longest has, filled with blanks. */
function positional(finite: readonly number[], dtype: DType): (value: number) => string {
  const write = (value: number): string => {
    const text = shortest(value, dtype);
    const places = plain(text).split('.')[1]?.length ?? 0;
    const fixed = places > PRECISION ? value.toFixed(PRECISION).replace(/0+$/, '') : plain(text);
    return fixed.includes('.') ? fixed : `${fixed}.`;
  };
  const right = Math.max(0, ...finite.map((value) => write(value).split('.')[1]!.length));
  return (value) => {
    const text = write(value);
    return text + ' '.repeat(right - text.split('.')[1]!.length);
  };
}

/** `1.25e-07`: as many places in each as the longest needs. */
function scientific(finite: readonly number[], dtype: DType): (value: number) => string {
  const places = Math.max(
    ...finite.map((value) => {
      const [fraction] = exponential(value, dtype);
      return fraction.split('.')[1]?.length ?? 0;
    }),
  );
  const width = Math.max(...finite.map((value) => exponential(value, dtype)[1].length - 1));
  return (value) => {
    // Digits beyond the shortest are those of the number itself.
    const [fraction, exponent] = value.toExponential(places).split('e') as [string, string];
    const sign = Object.is(value, -0) ? '-' : '';
    const point = places === 0 ? '.' : '';
    return `${sign}${fraction}${point}e${exponent[0]}${exponent.slice(1).padStart(width, '0')}`;
  };
}

/** Fraction and exponent, the exponent with its sign and at least two digits. */
function exponential(value: number, dtype: DType): readonly [fraction: string, exponent: string] {
  const short = Number(shortest(value, dtype)).toExponential();
  const places = short.split('e')[0]!.split('.')[1]?.length ?? 0;
  const text = places > PRECISION ? value.toExponential(PRECISION) : short;
  const [fraction, exponent] = text.split('e') as [string, string];
  return [
    fraction.includes('.') ? fraction.replace(/0+$/, '') : fraction,
    exponent[0] + exponent.slice(1).padStart(2, '0'),
  ];
}

/** The shortest text that is this number and no other of its dtype. */
function shortest(value: number, dtype: DType): string {
  if (Object.is(value, -0)) return '-0';
  if (dtype === 'f64') return String(value);
  const round = rounding(dtype);
  for (let count = 1; count < 10; count++) {
    const text = value.toPrecision(count);
    if (round(Number(text)) === value) return text;
  }
  return String(value);
}

/** To the nearest number of the dtype. */
function rounding(dtype: DType): (value: number) => number {
  if (dtype === 'f32') return Math.fround;
  if (dtype === 'f16') return (value) => fromF16(toF16(value));
  if (dtype === 'bf16') return (value) => fromBf16(toBf16(value));
  return (value) => value;
}

/** Without an exponent and without zeros that say nothing. */
function plain(text: string): string {
  const value = Number(text);
  if (!text.includes('e')) return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  const [fraction, exponent] = text.split('e') as [string, string];
  const places = (fraction.split('.')[1]?.length ?? 0) - Number(exponent);
  return value.toFixed(Math.min(100, Math.max(0, places)));
}

function special(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}
