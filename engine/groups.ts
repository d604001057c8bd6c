import type { Elements } from './device.ts';
import { sizeOf, type Shape } from './shape.ts';

/** Slices that are equal to one another. */
export interface Groups {
  /** The first of each kind, in their order. */
  readonly firsts: Int32Array;
  /** Of which kind each slice is. */
  readonly group: Int32Array;
}

/** Which slices along an axis are equal: not-a-number to itself, and -0 to 0. */
export function groups(values: Elements | readonly string[], shape: Shape, axis: number): Groups {
  const n = shape[axis]!;
  if (isTexts(values)) return ofTexts(values, shape, axis);
  if (values.length !== n) return ofSlices(values, shape, axis);
  if (values.BYTES_PER_ELEMENT === 8) return ofPairs(...wordsOf(values));
  return ofWords(wordOf(values));
}

/** One word for every value, the same for equal ones. */
function wordOf(values: Elements): Int32Array {
  if (!(values instanceof Float32Array)) return new Int32Array(values as Int32Array);
  const words = new Int32Array(values.length);
  words.set(new Int32Array(values.buffer, values.byteOffset, values.length));
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === TOP) words[i] = 0;
    else if ((word & ~TOP) > 0x7f800000) words[i] = 0x7fc00000;
  }
  return words;
}

/** The same of two, the lower one and the upper one. */
function wordsOf(values: Elements): readonly [low: Int32Array, high: Int32Array] {
  const n = values.length;
  const all = new Int32Array(values.buffer, values.byteOffset, 2 * n);
  const [low, high] = [new Int32Array(n), new Int32Array(n)];
  for (let i = 0; i < n; i++) {
    low[i] = all[2 * i]!;
    high[i] = all[2 * i + 1]!;
  }
  if (!(values instanceof Float64Array)) return [low, high];
  for (let i = 0; i < n; i++) {
    const size = high[i]! & ~TOP;
    if (size === 0 && low[i] === 0) high[i] = 0;
    else if (size > 0x7ff00000 || (size === 0x7ff00000 && low[i] !== 0)) {
      high[i] = 0x7ff80000;
      low[i] = 0;
    }
  }
  return [low, high];
}

/** The bit of the sign. */
const TOP = -(2 ** 31);

/**
 * A table of kinds, twice as long as there are at least: of each its word and
 * its number and 1, which is 0 where a place is free. It starts small, so that
 * few kinds stay in the cache.
 */
function ofWords(words: Int32Array): Groups {
  const n = words.length;
  const group = new Int32Array(n);
  const firsts = new Int32Array(n);
  let count = 0;
  let bits = 8;
  let table = new Int32Array(2 << bits);
  for (let i = 0; i < n; i++) {
    const word = words[i]!;
    const mask = table.length - 1;
    let at = placeOf(word, bits);
    let kind = table[at + 1]!;
    while (kind !== 0 && table[at] !== word) {
      at = (at + 2) & mask;
      kind = table[at + 1]!;
    }
    if (kind === 0) {
      firsts[count++] = i;
      table[at] = word;
      table[at + 1] = kind = count;
      if (4 * count > table.length) table = spread(words, firsts, count, ++bits);
    }
    group[i] = kind - 1;
  }
  return { firsts: firsts.slice(0, count), group };
}

/** A table of so many kinds, larger than the one before. */
function spread(
  words: Int32Array,
  firsts: Int32Array,
  count: number,
  bits: number,
): Int32Array<ArrayBuffer> {
  const table = new Int32Array(2 << bits);
  const mask = table.length - 1;
  for (let k = 0; k < count; k++) {
    const word = words[firsts[k]!]!;
    let at = placeOf(word, bits);
    while (table[at + 1] !== 0) at = (at + 2) & mask;
    table[at] = word;
    table[at + 1] = k + 1;
  }
  return table;
}

/** Where a word is looked for first, among 2 ** bits places. */
function placeOf(word: number, bits: number): number {
  return (Math.imul(word ^ (word >>> 16), MIX) >>> (32 - bits)) << 1;
}

/** The same for two words each: pairs of numbers of kinds are numbered in turn. */
function ofPairs(low: Int32Array, high: Int32Array): Groups {
  const [a, b] = [ofWords(low), ofWords(high)];
  const kinds = b.firsts.length;
  if (a.firsts.length * kinds < 2 ** 32) {
    return ofWords(a.group.map((one, i) => Math.imul(one, kinds) + b.group[i]!));
  }
  // As many as need numbers of more than 32 bits.
  return ofKeys(low.length, (i) => a.group[i]! * kinds + b.group[i]!);
}

function ofSlices(values: Elements, shape: Shape, axis: number): Groups {
  const n = shape[axis]!;
  const width = values.length / sizeOf(shape.slice(0, axis + 1));
  return ofKeys(n, (i) => {
    const parts: string[] = [];
    for (let start = i * width; start < values.length; start += n * width) {
      parts.push(values.subarray(start, start + width).join());
    }
    return parts.join();
  });
}

function isTexts(values: Elements | readonly string[]): values is readonly string[] {
  return Array.isArray(values);
}

function ofTexts(values: readonly string[], shape: Shape, axis: number): Groups {
  const n = shape[axis]!;
  if (values.length === n) return ofKeys(n, (i) => values[i]);
  const width = values.length / sizeOf(shape.slice(0, axis + 1));
  return ofKeys(n, (i) => {
    const parts: string[] = [];
    for (let start = i * width; start < values.length; start += n * width) {
      parts.push(...values.slice(start, start + width));
    }
    return JSON.stringify(parts);
  });
}

function ofKeys(n: number, keyOf: (i: number) => unknown): Groups {
  const group = new Int32Array(n);
  const firsts: number[] = [];
  const known = new Map<unknown, number>();
  for (let i = 0; i < n; i++) {
    const key = keyOf(i);
    let at = known.get(key);
    if (at === undefined) known.set(key, (at = firsts.push(i) - 1));
    group[i] = at;
  }
  return { firsts: Int32Array.from(firsts), group };
}

/** The golden ratio of 2 ** 32, which spreads numbers evenly (Knuth, The Art of Computer Programming, 6.4). */
const MIX = 0x9e3779b1 | 0;
