import { runs as code } from '../devices/cpu/wasm.generated.ts';

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

const PAGES = 2 ** 11;
/** Below this many elements JavaScript is as fast. */
const LEAST = 24 ** 2;

/** Null where the system gives no such memory: then all is done by JavaScript. */
let made: { readonly buffer: ArrayBufferLike; readonly runs: Runs } | null | undefined;
/** How far it is taken; null while nobody works there. */
let top: number | null = null;

/** Runs `work`, whose matrices have so many elements, with what it takes by `room` in that memory; all of it is free afterwards. */
export function inWorkspace<T>(size: number, work: () => T): T {
  if (size < LEAST || top !== null || made === null) return work();
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

function open(): typeof made {
  try {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { buffer: memory.buffer, runs: exports as unknown as Runs };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
