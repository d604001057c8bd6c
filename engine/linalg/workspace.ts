/**
 * Memory that decompositions work in, and the compiled runs over it: what lies
 * there is computed several times as fast, with the same bits. It is no part of
 * the arena; its pages are the system's until they are written to.
 */
export interface Runs {
  add(a: number, by: number, b: number, n: number): void;
  dot(a: number, b: number, n: number): number;
  rotate(a: number, b: number, n: number, c: number, s: number): void;
  lessTwo(a: number, x: number, p: number, y: number, q: number, n: number): void;
  combine(
    a: number,
    by: number,
    factors: number,
    factorNext: number,
    b: number,
    next: number,
    count: number,
    n: number,
    skip: number,
  ): void;
}

/** That memory. */
export interface Workspace {
  readonly buffer: ArrayBufferLike;
  readonly runs: Runs;
}

/** Below this many elements JavaScript is as fast. */
const LEAST = 24 ** 2;

/** Null where the system gives no such memory, or there is no device that has one: then all is done by JavaScript. */
let made: Workspace | null | undefined = null;
let open: () => Workspace | null;
/** How far it is taken; null while nobody works there. */
let top: number | null = null;

/** Tells where such memory comes from; it is opened when it is first worked in. */
export function supplyWorkspace(from: () => Workspace | null): void {
  open = from;
  made = undefined;
}

/** Runs `work`, whose matrices have so many elements, with what it takes by `room` in that memory; all of it is free afterwards. One does not stand in another: what V8 cut off is left behind. */
export function inWorkspace<T>(size: number, work: () => T): T {
  if (size < LEAST || made === null) return work();
  made ??= open();
  if (made === null) return work();
  top = 0;
  try {
    return work();
  } finally {
    top = null;
  }
}

/** Zeros, in that memory where there is room. */
export function room(n: number): Float64Array {
  if (top === null || !made || top + 8 * n > made.buffer.byteLength) {
    return new Float64Array(n);
  }
  const array = new Float64Array(made.buffer, top, n).fill(0);
  top += 8 * n + (n % 2) * 8;
  return array;
}

/** The same elements once more. */
export function copied(a: Float64Array): Float64Array {
  const to = room(a.length);
  to.set(a);
  return to;
}

/** The compiled runs where all that lies there; null elsewhere. */
export function runsFor(a: Float64Array, b: Float64Array): Runs | null {
  const { buffer } = made ?? {};
  return buffer !== undefined && a.buffer === buffer && b.buffer === buffer ? made!.runs : null;
}
