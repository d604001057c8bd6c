import type { Num } from './protocol.ts';

/** A number as short as a row wants it: three digits that count. */
export function brief(value: Num): string {
  const n = Number(value);
  if (!Number.isFinite(n)) return String(value);
  if (Number.isInteger(n) && Math.abs(n) < 1e6) return String(n);
  const size = Math.abs(n);
  return size >= 1e6 || size < 1e-4
    ? n
        .toExponential(2)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e')
    : String(Number(n.toPrecision(3)));
}
