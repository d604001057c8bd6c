/** Colours behind the elements: two hues that part at nought, the fuller the further. */
import type { Stats } from '../../debug-adapter/protocol.ts';
import { toNumber } from '../text.ts';
import { reachOf } from './format.ts';

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';
export type Rgb = readonly [red: number, green: number, blue: number];

interface Scale {
  readonly below: Rgb;
  readonly above: Rgb;
  /** The opacity at the far end, low enough that text on it keeps a contrast of 4.5. */
  readonly most: number;
}

/** Blue and orange: told apart by the colour-blind too. */
export const SCALES: { readonly [T in Theme]: Scale } = {
  dark: { below: [50, 110, 200], above: [190, 85, 30], most: 0.66 },
  light: { below: [90, 160, 255], above: [255, 150, 70], most: 0.65 },
  'hc-dark': { below: [30, 100, 230], above: [200, 80, 0], most: 0.8 },
  'hc-light': { below: [90, 160, 255], above: [255, 150, 70], most: 0.65 },
};

/** Where the colours are full: three deviations, so that one far value does not bleach the rest. */
export function heatReach(stats: Stats): number {
  const far = Math.abs(toNumber(stats.mean)) + 3 * toNumber(stats.sd);
  const reach = reachOf(stats);
  return far > 0 && far < reach ? far : reach;
}

/** A CSS colour, or nothing where the value has none. */
export function heat(theme: Theme, value: number, reach: number): string {
  if (!Number.isFinite(value) || value === 0 || reach === 0) return '';
  const { below, above, most } = SCALES[theme];
  const part = Math.min(1, Math.abs(value) / reach);
  return `rgb(${(value < 0 ? below : above).join(' ')} / ${(part * most).toFixed(3)})`;
}
