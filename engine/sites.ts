import type { Site } from './protocol.ts';

/**
 * Call sites: which line of the user's program called an op. A site is known
 * by a small number, so that a tape node or an op record costs four bytes.
 *
 * A captured but unformatted Error would be cheaper to take by a quarter, but
 * it keeps every `this` of its frames alive: `x = x.add(1)` in a loop would
 * then hold all the tensors it dropped. So the stack is read at once, only as
 * far as the first line that is the user's.
 */

/** No site: the line is not known. */
export const NOWHERE = -1;

/**
 * The line of the user's program that is calling; `above` is the engine's function where the search
 * starts. `entry` is the one that a user mostly calls to get there, if that is known. All of it is
 * one function: each that stands on the stack makes it dearer to read.
 */
export function here(above: Function, entry: Function | null = null): number {
  const { stackTraceLimit, prepareStackTrace } = capture;
  try {
    capture.prepareStackTrace = nearest;
    capture.stackTraceLimit = entry === null ? 1 : NEAR;
    const near: Holder = {};
    capture.captureStackTrace(near, entry ?? above);
    if (typeof near.stack === 'number') return near.stack;
    capture.stackTraceLimit = FAR;
    const far: Holder = {};
    capture.captureStackTrace(far, above);
    return typeof far.stack === 'number' ? far.stack : NOWHERE;
  } finally {
    capture.stackTraceLimit = stackTraceLimit;
    capture.prepareStackTrace = prepareStackTrace;
  }
}

export function place(site: number): Site | undefined {
  return places[site];
}

/** How many places there are; their positions are the sites. */
export function placesSeen(): number {
  return places.length;
}

/** The places from that one on. */
export function placesFrom(site: number): readonly Site[] {
  return places.slice(site);
}

// Between the function of an op and the line that called it may stand its method, and each frame takes its time. What
// stands deeper, like the ops of a layer, pays for two searches.
const NEAR = 2;
const FAR = 100;

const places: Site[] = [];
/** By script: the sites of its positions; null where it is none of the user's. */
const known = new Map<string, Map<number, number> | null>();
const root = new URL('.', import.meta.url).href;

interface Frame {
  getScriptNameOrSourceURL(): string | null;
  getPosition(): number;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
}
interface Capture {
  stackTraceLimit: number;
  prepareStackTrace: unknown;
  captureStackTrace(target: object, above: Function): void;
}

interface Holder {
  stack?: unknown;
}

const capture = Error as unknown as Capture;

/** The site of the innermost frame that is the user's; V8 gives what this returns as the stack. */
function nearest(_: unknown, frames: readonly Frame[]): number | null {
  for (const frame of frames) {
    const url = frame.getScriptNameOrSourceURL();
    if (!url) continue;
    let positions = known.get(url);
    if (positions === undefined) known.set(url, (positions = isOurs(url) ? null : new Map()));
    if (positions !== null) return intern(url, positions, frame);
  }
  return null;
}

function isOurs(url: string): boolean {
  return url.startsWith(root) || url.startsWith('node:') || url.startsWith('wasm:');
}

function intern(url: string, positions: Map<number, number>, frame: Frame): number {
  const position = frame.getPosition();
  let site = positions.get(position);
  if (site === undefined) {
    const name = frame.getFunctionName();
    site = places.length;
    positions.set(position, site);
    places.push({
      url,
      line: frame.getLineNumber() ?? 1,
      column: frame.getColumnNumber() ?? 1,
      ...(name ? { name } : {}),
    });
  }
  return site;
}
