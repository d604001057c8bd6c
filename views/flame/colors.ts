/** The colours of ops: one each while they last, the same for an op and its gradient. */
import type { OpRecord } from '../../debug-adapter/protocol.ts';

/** As many as the editor has colours for charts; ops beyond them share. */
export const COLORS = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;

/** The position in `COLORS` for each op: in the order in which ops first ran, so that a colour never changes while a profile grows. */
export function colorOfOps(records: readonly OpRecord[]): ReadonlyMap<string, number> {
  const colors = new Map<string, number>();
  for (const { op } of records) {
    const plain = forward(op);
    if (!colors.has(plain)) colors.set(plain, colors.size % COLORS.length);
  }
  return colors;
}

/** What a person calls it: `matMul`, and `∇matMul` where it is the gradient's. */
export const opText = ({ op, direction }: Pick<OpRecord, 'op' | 'direction'>): string =>
  direction === 'backward' ? `∇${forward(op)}` : op;

/** `matMul` of `∇matMul`. */
export const forward = (op: string): string => op.replace(/^∇/, '');

/** Without what would shine through: some themes lend charts a colour that is made to lie over text. */
export function opaque(color: string): string {
  const text = color.trim();
  const parts = /^rgba?\((\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(text)?.slice(1);
  if (!parts) return text.replace(/^(#[0-9a-f]{6})[0-9a-f]{2}$/i, '$1');
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Black or white, whichever stands out more on a colour given as `#rrggbb`; white for what is not one. */
export function inkOn(color: string): string {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(color.trim());
  if (!parts) return '#ffffff';
  const [red, green, blue] = parts.slice(1).map((part) => linear(parseInt(part, 16) / 255));
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** Relative luminance of a channel, as WCAG 2 defines it. */
const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
