/** What is said of a box: in the tooltip, and aloud when the keyboard reaches it. */
import type { PlacedProfile } from '../../debug-adapter/protocol.ts';
import { bytesText, plural, shareText, threeDigits, timeText } from '../text.ts';
import { placeText } from '../trees/model.ts';
import type { Box } from './model.ts';

export interface About {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}

/** `whole` is the time of all ops together, in milliseconds. */
export function about(box: Box, profile: PlacedProfile, whole: number): About {
  const record = profile.records[box.record];
  const time = box.end - box.start;
  const share = whole > 0 ? shareText(time / whole) : '';
  if (!record)
    return {
      title: box.name,
      facts: [
        ['time', timeText(time)],
        ['ops', plural(box.ops, 'op')],
        ['share', share],
      ],
    };
  const place = profile.places[record.site];
  const facts: [string, string | undefined][] = [
    ['shapes', record.shapes],
    ['time', timeText(time)],
    ['share', share],
    ['bytes', record.bytes > 0 ? bytesText(record.bytes) : undefined],
    ['speed', speed(record.flops, time)],
    ['layer', record.path || undefined],
    ['line', place ? placeText(place) : undefined],
  ];
  return { title: box.name, facts: facts.filter((fact): fact is [string, string] => !!fact[1]) };
}

/** Floating-point operations a second; milliseconds make the billions thousands. */
function speed(flops: number, milliseconds: number): string | undefined {
  if (flops === 0 || milliseconds === 0) return undefined;
  return `${threeDigits(flops / milliseconds / 1e6)} Gflop/s`;
}

export const spoken = ({ title, facts }: About): string =>
  [title, ...facts.map(([term, value]) => `${term} ${value}`)].join(', ');
