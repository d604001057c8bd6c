import type { Buf } from './device.ts';
import { isComplex, isSmooth } from './dtype.ts';
import { statsOf } from './stats.ts';

/** Whether no element is NaN or infinite: quick, as it may be asked of every result. */
export function allFinite(buf: Buf): boolean {
  const { dtype, size, strides, storage, offset } = buf;
  if (!isSmooth(dtype) || size === 0) return true;
  if (strides !== null) {
    const { nan, inf } = statsOf(buf, true);
    return nan + inf === 0;
  }
  const { device } = storage.bytes;
  const quick = device.finite?.(buf) ?? null;
  if (quick !== null) return quick;
  const elements = device.array(buf) as ArrayLike<number>;
  const parts = isComplex(dtype) ? 2 : 1;
  const from = parts * offset;
  const to = from + parts * size;
  if (dtype === 'f16' || dtype === 'bf16') {
    const exponent = dtype === 'f16' ? 0x7c00 : 0x7f80;
    for (let i = from; i < to; i++) if ((elements[i]! & exponent) === exponent) return false;
    return true;
  }
  // Zero times what is not finite is no number, and stays that in the sum.
  let sum = 0;
  for (let i = from; i < to; i++) sum += elements[i]! * 0;
  return sum === 0;
}

/** What of a tensor is not finite, in words: `2 NaN and 1 Infinity`. */
export function badness(buf: Buf): {
  readonly nan: number;
  readonly inf: number;
  readonly text: string;
} {
  const { nan, inf } = statsOf(buf, true);
  const parts = [];
  if (nan > 0) parts.push(`${nan} NaN`);
  if (inf > 0) parts.push(`${inf} ${infinities(buf)}`);
  return { nan, inf, text: parts.join(' and ') };
}

/** How the infinities of a tensor are called: those of one sign by it. */
function infinities(buf: Buf): string {
  const { min, max } = statsOf(buf, true);
  if (isComplex(buf.dtype) || (min === '-Infinity' && max === 'Infinity')) return '±Infinity';
  return min === '-Infinity' ? '-Infinity' : 'Infinity';
}
