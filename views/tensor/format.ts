/** How elements are written in the cells: all alike, so that points and digits stand in columns. */
import type { Stats } from '../../debug-adapter/protocol.ts';
import { infinite, toNumber } from '../text.ts';
import type { Value } from './tiles.ts';

export interface Format {
  show(value: Value): string;
  /** Characters that the widest value takes. */
  readonly width: number;
}

const FLOATS = new Set(['f16', 'bf16', 'f32', 'f64']);
const NARROWEST = 8;

export function formatOf(dtype: string, stats?: Stats): Format {
  if (dtype === 'bool')
    return { show: (value) => (Number(value) ? 'true' : 'false'), width: NARROWEST };
  if (dtype === 'string') return { show: String, width: 24 };
  if (isComplex(dtype)) return complex(decimal(stats));
  if (!FLOATS.has(dtype)) return { show: String, width: integerWidth(dtype, stats) };
  return decimal(stats);
}

export const isComplex = (dtype: string): boolean => dtype.startsWith('c');

/** The real and the imaginary part of `1.5-2e-7j`, as the program writes complex numbers. */
export function partsOf(text: string): readonly [re: number, im: number] {
  const [, re, im] = /^(.+?(?<!e))([+-][^+-]+(?:e[+-]?\d+)?)j$/.exec(text)!;
  return [Number(re), Number(im)];
}

/** Of complex numbers the statistics are of their distance from nought, which no part is beyond. */
function complex(part: Format): Format {
  return {
    // Two parts with the sign between them, and the letter.
    width: 2 * part.width + 1,
    show(value) {
      const [re, im] = partsOf(String(value)).map((number) => part.show(number)) as [
        string,
        string,
      ];
      return `${re}${im.startsWith('-') ? '' : '+'}${im}j`;
    },
  };
}

function decimal(stats?: Stats): Format {
  const size = stats ? reachOf(stats) : 1;
  const exponent = size > 0 ? Math.floor(Math.log10(size)) : 0;
  return exponent > 6 || exponent < -4 ? scientific() : fixed(exponent);
}

/** The largest finite distance from nought. */
export function reachOf(stats: Stats): number {
  const ends = [toNumber(stats.min), toNumber(stats.max)].filter(Number.isFinite);
  return ends.reduce((reach, end) => Math.max(reach, Math.abs(end)), 0);
}

/**
 * Five digits of the largest value; what is too small for them is written with
 * an exponent, and so is what is larger: the largest is not known where there
 * is an infinity or the statistics come from a sample.
 */
function fixed(exponent: number): Format {
  const decimals = Math.max(0, 4 - exponent);
  const smallest = 10 ** -decimals / 2;
  const most = 1 + Math.max(1, exponent + 1) + (decimals > 0 ? 1 + decimals : 0);
  const width = Math.max(NARROWEST, most);
  return {
    width,
    show(value) {
      const number = Number(value);
      if (!Number.isFinite(number)) return infinite(number);
      if (number === 0) return Object.is(number, -0) ? '-0' : '0';
      const size = Math.abs(number);
      const text = size < smallest || size >= 1e21 ? '' : number.toFixed(decimals);
      if (text && text.length <= width) return text;
      return short(number.toExponential(size < 1e-99 || size >= 1e99 ? 0 : 1));
    },
  };
}

function scientific(): Format {
  return {
    width: 11,
    show(value) {
      const number = Number(value);
      if (!Number.isFinite(number)) return infinite(number);
      return number === 0 ? '0' : short(number.toExponential(3));
    },
  };
}

const short = (text: string): string => text.replace('e+', 'e');

function integerWidth(dtype: string, stats?: Stats): number {
  const widest: { [dtype: string]: number } = { u8: 3, i8: 4, u16: 5, i16: 6, u32: 10, i32: 11 };
  const most = widest[dtype] ?? 20;
  if (!stats) return Math.max(NARROWEST, Math.min(most, 12));
  const ends = [stats.min, stats.max].map((end) => String(toNumber(end)).length);
  return Math.max(NARROWEST, Math.min(most, ...[Math.max(...ends)]));
}

/** All digits that tell the value from its neighbours, as one would type it. */
export function exactText(dtype: string, value: Value): string {
  if (typeof value === 'string') return value;
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0';
  if (dtype === 'f32') {
    for (let digits = 6; digits < 9; digits++) {
      const text = value.toPrecision(digits);
      if (Math.fround(Number(text)) === value) return String(Number(text));
    }
    return String(Number(value.toPrecision(9)));
  }
  const digits: { [dtype: string]: number } = { f16: 5, bf16: 4 };
  const few = digits[dtype];
  return few === undefined ? String(value) : String(Number(value.toPrecision(few)));
}
