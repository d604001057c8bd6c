import type { Shape } from '../../shape.ts';
import type { Sliding } from '../../sliding.ts';

/** Kernels slide over three axes; fewer get further ones of length 1 in front. */
export const AXES = 3;

/**
 * How a window slides, written into the memory that kernels read: the lengths
 * of the image, of the result and of the window, strides, dilations, padding
 * in front, then channels and groups. scripts/kernels/windows.ts reads it.
 */
export class SlidingPlan {
  readonly at: number;
  readonly #words: Int32Array;

  constructor(memory: WebAssembly.Memory, at: number) {
    this.at = at;
    this.#words = new Int32Array(memory.buffer, at, 6 * AXES + 2);
  }

  /** `image` and `result` are [batch, ..space, channels]. */
  write(image: Shape, result: Shape, window: Shape, how: Sliding, groups: number): void {
    const { strides, dilations, padding } = how;
    const rank = window.length;
    for (let axis = 0; axis < AXES; axis++) {
      const i = axis - AXES + rank;
      this.#words[axis] = i < 0 ? 1 : image[i + 1]!;
      this.#words[AXES + axis] = i < 0 ? 1 : result[i + 1]!;
      this.#words[2 * AXES + axis] = i < 0 ? 1 : window[i]!;
      this.#words[3 * AXES + axis] = i < 0 ? 1 : strides[i]!;
      this.#words[4 * AXES + axis] = i < 0 ? 1 : dilations[i]!;
      this.#words[5 * AXES + axis] = i < 0 ? 0 : padding[i]![0];
    }
    this.#words[6 * AXES] = image[rank + 1]!;
    this.#words[6 * AXES + 1] = groups;
  }
}
