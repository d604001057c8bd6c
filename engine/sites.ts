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
 * starts. `entry` is the one that a user mostly calls to get there, if that is known.
 */
export function here(above: Function, entry: Function | null = null): number {
  const found = search(entry ?? above, NEAR);
  return found === NOWHERE ? search(above, FAR) : found;
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

// Above the function of an op stands its method, or the line that called it, and each frame takes its time. Optimizers,
// layers and transforms stand deeper; those pay for two searches.
const NEAR = 2;
const FAR = 100;

const places: Site[] = [];
const known = new Map<string, Map<number, number>>();
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

const capture = Error as unknown as Capture;
let frames: readonly Frame[] = [];
const keep = (_: unknown, list: readonly Frame[]): string => {
  frames = list;
  return '';
};

function search(above: Function, limit: number): number {
  const { stackTraceLimit, prepareStackTrace } = capture;
  const holder: { stack?: string } = {};
  try {
    capture.stackTraceLimit = limit;
    capture.prepareStackTrace = keep;
    capture.captureStackTrace(holder, above);
    void holder.stack;
  } finally {
    capture.stackTraceLimit = stackTraceLimit;
    capture.prepareStackTrace = prepareStackTrace;
  }
  const stack = frames;
  frames = [];
  for (const frame of stack) {
    const url = frame.getScriptNameOrSourceURL();
    if (url && !isOurs(url)) return intern(url, frame);
  }
  return NOWHERE;
}

function isOurs(url: string): boolean {
  return url.startsWith(root) || url.startsWith('node:') || url.startsWith('wasm:');
}

function intern(url: string, frame: Frame): number {
  let positions = known.get(url);
  if (positions === undefined) known.set(url, (positions = new Map()));
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
