import { dtypes, type DType } from '../../dtype.ts';
import type { Elements } from '../../device.ts';
import { bigWriter, caster } from '../plain/elements.ts';

type WriteFirst = (at: number, value: number) => void;
type WriteFirstBig = (at: number, value: bigint) => void;

/** One element in the kernels' memory, for a kernel that reads it from there. */
export class Constant {
  readonly at: number;
  readonly #memory: WebAssembly.Memory;
  readonly #numbers: { [dtype: string]: WriteFirst | undefined } = {};
  readonly #bigs: { [dtype: string]: WriteFirstBig | undefined } = {};

  constructor(memory: WebAssembly.Memory, at: number) {
    this.#memory = memory;
    this.at = at;
  }

  /** Writes a value as an element of that dtype; integers stay in range, bigints wrap around. */
  write(dtype: DType, value: number | bigint): void {
    if (typeof value === 'bigint') {
      (this.#bigs[dtype] ??= bigWriter(this.#place(dtype), dtype))(0, value);
    } else {
      (this.#numbers[dtype] ??= caster(this.#place(dtype), dtype))(0, value);
    }
  }

  #place(dtype: DType): Elements {
    const { array: Elements } = dtypes[dtype];
    return new Elements!(this.#memory.buffer, this.at, 1);
  }
}
