/** Numbers and shapes as people read them, the same in every tree and page. */
import type { Num } from '../debug-adapter/protocol.ts';

/** `12.3 KB`: three digits, in steps of 1024. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : threeDigits(value)} ${units[unit]}`;
}

/** From milliseconds: `420 ns`, `1.37 ms`, `12.4 s`. */
export function timeText(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size === 0) return '0';
  if (size < 0.0009995) return `${threeDigits(milliseconds * 1e6)} ns`;
  if (size < 0.9995) return `${threeDigits(milliseconds * 1e3)} µs`;
  if (size < 999.5) return `${threeDigits(milliseconds)} ms`;
  return `${threeDigits(milliseconds / 1e3)} s`;
}

/** Three digits, more only before the point: `0.314`, `31.4`, `3142`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95 || size === 0) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995) return value.toFixed(2);
  return value.toPrecision(3);
}

/** A part of a whole in percent: `48.2 %`. */
export function shareText(part: number): string {
  const percent = part * 100;
  return percent > 0 && percent < 0.05 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

/** A statistic in at most ten characters: `0.131`, `-1.2e-7`, `NaN`. */
export function numText(num: Num): string {
  const value = toNumber(num);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  if (!Number.isFinite(value)) return infinite(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e');
  return String(Number(value.toPrecision(4)));
}

export const toNumber = (num: Num): number => Number(num);

/** `NaN`, `∞`, `-∞`. */
export function infinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
}

/** `f32[32,784]`, a scalar `f32[]`. */
export const shapeText = (dtype: string, shape: readonly number[]): string =>
  `${dtype}[${shape.join(',')}]`;

/** A large count with thin gaps: `1 797`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** The last part of a path, of any platform. */
export const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export const plural = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
