import type { Buf } from '../../../device.ts';
import { dtypes } from '../../../dtype.ts';
import { sizeOf, type Shape } from '../../../shape.ts';
import type { Room } from '../room.ts';
import { address, away, type Workshop } from '../workshop.ts';
import { halves, whole, type Box } from './box.ts';
import { bytesOf, copyIn, copyOut, placed } from './copies.ts';
import { again } from './guard.ts';

/** Tiles begin at multiples of it. */
const LINE = 64;

/** Products take a larger work area than other ops, where there is room: what is copied is used the oftener. */
const LARGE = 2 ** 26;
/** An op that is done box by box. */
export interface Task {
  /** What the boxes are cut from. */
  readonly shape: Shape;
  /** The results; null where one is not asked for. */
  readonly results: readonly (Buf | null)[];
  /** How far apart the elements of the result lie along each axis, where they leave others between them. */
  readonly steps?: readonly number[];
  /** The windows of the results that a box is about, and those of the operands. */
  windows(box: Box): readonly [results: readonly (Buf | null)[], operands: readonly Buf[]];
  /** Where to cut a box that is too large; -1 where it has to stay whole. */
  cut(box: Box): number;
  /** The op on buffers in the kernels' memory, results dense. */
  perform(results: readonly (Buf | null)[], operands: readonly Buf[], box: Box): void;
}

/**
 * Ops on storages outside the kernels' memory: what a part of the result takes
 * is copied to a work area there, computed by the compiled kernels, and the
 * part copied back. The area is kept free for this alone, so that it is there
 * when the arena is full; then the kernels find working memory in its second
 * half.
 */
export class Tiles {
  readonly #shop: Workshop;
  readonly #memory: WebAssembly.Memory;

  readonly #room: Room;

  constructor(shop: Workshop, memory: WebAssembly.Memory, room: Room) {
    this.#shop = shop;
    this.#memory = memory;
    this.#room = room;
  }

  /** Does all of a task; false where a part that may not be cut is too large. */
  perform(task: Task, work: WorkArea = this.#room.area): boolean {
    if (sizeOf(task.shape) === 0) return true;
    return this.#part(task, work, whole(task.shape));
  }

  /** On copies of what lies outside; false where there is no room for them. */
  brought(
    results: readonly (Buf | null)[],
    operands: readonly Buf[],
    kernel: (results: readonly (Buf | null)[], operands: readonly Buf[]) => void,
  ): boolean {
    const held: [at: number, bytes: number][] = [];
    const take = (bytes: number): number => {
      const at = this.#room.take(bytes);
      held.push([at, bytes]);
      return at;
    };
    try {
      // Results leave no gaps, and some kernels add to what is there.
      const made = results.map((x) =>
        x !== null && away(x)
          ? {
              ...copyIn(this.#memory, rowOf(x), take(bytesOf(x))),
              shape: x.shape,
              strides: x.strides,
            }
          : x,
      );
      const copies = operands.map((x) => (away(x) ? copyIn(this.#memory, x, take(bytesOf(x))) : x));
      kernel(made, copies);
      results.forEach((x, i) => {
        if (x !== null && away(x)) copyOut(this.#memory, address(made[i]!), rowOf(x));
      });
      return true;
    } catch (error) {
      again(error, this.#shop.temporaries);
      return false;
    } finally {
      for (const [at, bytes] of held) this.#room.give(at, bytes);
    }
  }

  /** The same task in a larger work area, or in the smaller one. */
  inLarge(task: Task): boolean {
    let at: number;
    try {
      at = this.#room.take(LARGE);
    } catch (error) {
      again(error, this.#shop.temporaries);
      return this.perform(task);
    }
    try {
      return this.perform(task, { at, bytes: LARGE });
    } finally {
      this.#room.give(at, LARGE);
    }
  }

  #part(task: Task, work: WorkArea, box: Box): boolean {
    const [results, operands] = task.windows(box);
    if (this.#bytes(results, operands) <= work.bytes) {
      try {
        this.#tile(task, work, box, results, operands);
        return true;
      } catch (error) {
        again(error, this.#shop.temporaries);
      }
    }
    const axis = task.cut(box);
    if (axis < 0) return false;
    const [first, second] = halves(box, axis);
    return this.#part(task, work, first) && this.#part(task, work, second);
  }

  /** The bytes that tiles of these windows take. */
  #bytes(results: readonly (Buf | null)[], operands: readonly Buf[]): number {
    let bytes = 0;
    for (const result of results)
      if (result !== null && !direct(result))
        bytes += LINE + result.size * dtypes[result.dtype].bytes;
    for (const x of operands) if (away(x)) bytes += LINE + bytesOf(x);
    return bytes;
  }

  #tile(
    task: Task,
    work: WorkArea,
    box: Box,
    results: readonly (Buf | null)[],
    operands: readonly Buf[],
  ): void {
    const memory = this.#memory;
    let next = work.at;
    const place = (length: number): number => {
      const at = next;
      next += Math.ceil(length / LINE) * LINE;
      return at;
    };
    const made = results.map((result) => {
      if (result === null || direct(result)) return result;
      const length = result.size * dtypes[result.dtype].bytes;
      return {
        ...result,
        offset: 0,
        strides: null,
        storage: { bytes: placed(result, place(length), length) },
      };
    });
    const inside = operands.map((x) => (away(x) ? copyIn(memory, x, place(bytesOf(x))) : x));
    task.perform(made, inside, box);
    results.forEach((result, i) => {
      const tile = made[i]!;
      if (result === null || tile === result) return;
      if (away(result)) copyOut(memory, address(tile), result);
      else
        this.#shop.place(address(result), result.shape, task.results[i]!.shape, tile, task.steps);
    });
  }
}

/** Memory that tiles lie in. */
export interface WorkArea {
  readonly at: number;
  readonly bytes: number;
}

/** Whether kernels may write there at once. */
function direct(result: Buf): boolean {
  return !away(result) && result.strides === null;
}

/** All elements of a buffer without gaps, in the order of memory. */
function rowOf(x: Buf): Buf {
  return { ...x, shape: [x.size], strides: null };
}
