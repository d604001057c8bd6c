import { threefry } from './devices/plain/random.ts';
import { state } from './state.ts';

/** The key of one random op: two words of 32 bits. */
export type Key = readonly [number, number];

/**
 * The same seed gives the same random numbers, op for op. The generator is
 * the seed and a count of the random ops since; numbers are a function of
 * that pair and of their position alone.
 *
 *     tf.setSeed(7);
 *     const same = tf.randomUniform([3]).array();
 */
export function setSeed(seed: number): void {
  state.seed = seedOf('setSeed', seed);
  state.draws = 0;
}

/**
 * What the generator behind random ops without a seed is at: to be kept in a checkpoint.
 *
 *     const before = tf.getRandomState();
 *     const noise = tf.randomNormal([3]);
 *     tf.setRandomState(before);
 *     const again = tf.randomNormal([3]); // the same numbers
 */
export function getRandomState(): RandomState {
  state.seed ??= fresh();
  return { seed: state.seed, draws: state.draws };
}

/**
 * Goes on from there: the random ops that follow draw what they drew then.
 *
 *     tf.setRandomState({ seed: 7, draws: 0 });
 */
export function setRandomState(to: RandomState): void {
  [state.seed, state.draws] = checked('setRandomState', to);
}

/** A generator as data: its seed, and how many random ops it has served. */
export interface RandomState {
  readonly seed: number;
  readonly draws: number;
}

/**
 * A generator of one's own, to be given to random ops in place of a seed: each
 * op takes its next key. What others draw does not change what it gives. Without
 * a seed it begins anywhere.
 *
 *     const generator = new tf.Generator(7);
 *     const noise = tf.randomNormal([2, 3], 0, 1, 'f32', generator);
 */
export class Generator {
  #seed: number;
  #draws = 0;

  constructor(seed?: number) {
    this.#seed = seed === undefined ? fresh() : seedOf('Generator', seed);
  }

  /** The key for one random op; no two are the same. */
  nextKey(): Key {
    this.#note();
    return [this.#seed, this.#draws++ >>> 0];
  }

  /** What it is at, as plain data for a checkpoint. */
  getState(): RandomState {
    return { seed: this.#seed, draws: this.#draws };
  }

  /** Goes on from there. */
  setState(to: RandomState): void {
    this.#note();
    [this.#seed, this.#draws] = checked('Generator.setState', to);
  }

  #note(): void {
    if (noted !== null && !noted.has(this)) noted.set(this, this.getState());
  }
}

/** Generators that draw, each with what it was at before. */
export type Noted = Map<Generator, RandomState>;
let noted: Noted | null = null;

/** Notes the generators that draw while `f` runs. */
export function noteDraws<R>(to: Noted, f: () => R): R {
  const outer = noted;
  noted = to;
  try {
    return f();
  } finally {
    noted = outer;
    if (outer !== null)
      for (const [generator, at] of to) if (!outer.has(generator)) outer.set(generator, at);
  }
}

/** Runs `f` with generators at what was noted of them, from where they then go on as if it had not run. */
export function drawAgain<R>(before: Noted, f: () => R): R {
  const now = [...before.keys()].map((generator) => [generator, generator.getState()] as const);
  for (const [generator, at] of before) generator.setState(at);
  try {
    return f();
  } finally {
    for (const [generator, at] of now) generator.setState(at);
  }
}

/**
 * A key from a seed, for random ops that are functions of it alone; the same op with the same key draws the same.
 *
 *     const key = tf.randomKey(7);
 *     const noise = tf.randomNormal([3], 0, 1, 'f32', key);
 */
export function randomKey(seed: number): Key {
  return [seedOf('randomKey', seed), 0];
}

/**
 * So many keys out of one, which is not to be used itself any more. They are independent of each other.
 *
 *     const [forWeights, forDropout] = tf.splitKey(tf.randomKey(7));
 */
export function splitKey(key: Key, count = 2): readonly Key[] {
  if (!(Number.isInteger(count) && count >= 0)) {
    throw new Error(`splitKey: ${count} keys; their number must be whole, from 0 on`);
  }
  return Array.from({ length: count }, (_, i) => threefry(keyOf('splitKey', key), SPLIT + i));
}

/**
 * A key out of one and a number (a step, a layer), of which every one gives another.
 *
 *     const key = tf.foldIn(tf.randomKey(7), tf.step());
 */
export function foldIn(key: Key, data: number): Key {
  if (!(Number.isInteger(data) && data >= 0 && data < 2 ** 32)) {
    throw new Error(`foldIn: ${data}; take a whole number from 0 up to, but without, 2^32`);
  }
  return threefry(keyOf('foldIn', key), FOLD + data);
}

/** Positions of numbers that no tensor reaches. */
const [SPLIT, FOLD] = [2 ** 51, 2 ** 52];

/** What a random op may be given: a number, a key, or a generator, whose next key it takes. */
export type Seed = number | Key | Generator;

/** The key that a random op draws by. */
export function keyOf(op: string, seed: Seed | undefined): Key {
  if (seed === undefined) return nextKey();
  if (seed instanceof Generator) return seed.nextKey();
  if (Array.isArray(seed) && seed.length === 2 && seed.every(Number.isInteger)) {
    return seed as unknown as Key;
  }
  if (Number.isSafeInteger(seed)) {
    return [(seed as number) | 0, Math.floor((seed as number) / 2 ** 32) | 0];
  }
  if (Number.isFinite(seed)) {
    // Of a fraction, or what is greater, all bits count.
    const [low, high] = new Int32Array(Float64Array.of(seed as number).buffer);
    return [low!, high!];
  }
  throw new Error(`${op}: ${String(seed)} is no seed; take a finite number, a key or a Generator`);
}

/** The key for the next random op. */
export function nextKey(): Key {
  state.seed ??= fresh();
  return [state.seed, state.draws++ >>> 0];
}

function fresh(): number {
  return folded(Math.random() * 2 ** 53);
}

function seedOf(op: string, seed: number): number {
  if (Number.isFinite(seed)) return folded(seed);
  throw new Error(`${op}: ${seed} is no seed; take a finite number`);
}

function checked(op: string, to: RandomState | undefined): [seed: number, draws: number] {
  const { seed, draws } = to ?? {};
  if (Number.isInteger(draws) && draws! >= 0 && isWord(seed)) return [seed!, draws!];
  throw new Error(`${op}: a seed of ${seed} after ${draws} draws is no state that getState gave`);
}

/** 32 bits, as every seed is once it is taken. */
function isWord(seed: number | undefined): boolean {
  return Number.isInteger(seed) && seed! >= 0 && seed! < 2 ** 32;
}

/** A number as 32 bits: whole numbers below 2^32 are their own. */
function folded(seed: number): number {
  if (isWord(seed)) return seed;
  const [low, high] = new Uint32Array(Float64Array.of(seed).buffer);
  return (Math.imul(high!, 0x9e3779b1) ^ low!) >>> 0;
}
