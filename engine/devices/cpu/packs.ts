import type { Bytes } from '../../device.ts';
import type { Matrix } from './product.ts';
import type { Room } from './room.ts';
import type { Multiplier } from './wasm.ts';

/** So many right sides are remembered, */
const MOST = 8;
/** and so many bytes of them kept packed. */
const BYTES = 2 ** 23;

/** A right side as it was met, and where it lies packed: 0 where it does not, as it was met only once. */
interface Pack {
  readonly bytes: Bytes;
  readonly version: number;
  readonly y: Matrix;
  readonly k: number;
  readonly n: number;
  readonly length: number;
  at: number;
  whole: boolean;
}

/**
 * Right sides of products in the panels that kernels multiply, kept while they
 * come again unchanged, as the weights of a recurrent network do in each of
 * its steps. What was met twice is kept, each in one layout; bytes and the
 * count of what was written over them say that it is the same. The least recently used goes
 * first, and everything before it is asked what is alive: nothing here keeps a tensor.
 */
export class Packs {
  readonly #room: Pick<Room, 'take' | 'give'>;
  /** The last used at the end. */
  readonly #met: Pack[] = [];
  #kept = 0;
  #kernels: Multiplier | null = null;

  constructor(room: Pick<Room, 'take' | 'give'>) {
    this.#room = room;
  }

  /** Where y, k by n, lies packed: blocks one after the other, as `eachBlock` visits them. 0 where it is not kept. */
  find(kernels: Multiplier, bytes: Bytes, y: Matrix, k: number, n: number): number {
    if (kernels !== this.#kernels) this.clear();
    this.#kernels = kernels;
    const met = this.#met;
    const { version } = bytes;
    for (let i = met.length - 1; i >= 0; i--) {
      const pack = met[i]!;
      if (pack.bytes !== bytes || pack.y.at !== y.at) continue;
      if (pack.version !== version || pack.k !== k || pack.n !== n || !lieAlike(pack.y, y)) {
        // Whoever walks back needs what was needed on the way no more.
        this.#drop(i);
        continue;
      }
      met.splice(i, 1);
      met.push(pack);
      if (!pack.whole) this.#pack(pack, kernels);
      return pack.at;
    }
    if (met.length === MOST) this.#drop(0);
    const { width } = kernels.blocks;
    const length = 4 * k * Math.ceil(n / width) * width;
    met.push({ bytes, version, y, k, n, length, at: 0, whole: false });
    return 0;
  }

  /** Bytes that go back to their device. */
  forget(bytes: Bytes): void {
    for (let i = this.#met.length - 1; i >= 0; i--)
      if (this.#met[i]!.bytes === bytes) this.#drop(i);
  }

  /** Forgets all of them. */
  clear(): void {
    while (this.#met.length > 0) this.#drop(this.#met.length - 1);
  }

  #pack(pack: Pack, kernels: Multiplier): void {
    const { y, k, n, length } = pack;
    if (length > BYTES / 2) return;
    for (let i = 0; i < this.#met.length && this.#kept + length > BYTES;) {
      if (this.#met[i]!.at > 0 && this.#met[i] !== pack) this.#drop(i);
      else i++;
    }
    if (pack.at === 0) {
      try {
        pack.at = this.#room.take(length);
      } catch {
        return;
      }
      this.#kept += length;
    }
    eachBlock(kernels, k, n, (column, row, columns, rows, behind) => {
      const from = y.at + row * y.row + column * y.column;
      kernels.exports.packY(rows, columns, from, y.row, y.column, pack.at + behind);
      return true;
    });
    pack.whole = true;
  }

  #drop(i: number): void {
    const [{ at, length }] = this.#met.splice(i, 1) as [Pack];
    if (at === 0) return;
    this.#kept -= length;
    this.#room.give(at, length);
  }
}

function lieAlike(a: Matrix, b: Matrix): boolean {
  return a.row === b.row && a.column === b.column;
}

/** The blocks of a right side in the order of their products, and how many bytes lie before each where all are packed; until one is refused. */
export function eachBlock(
  { blocks }: Multiplier,
  k: number,
  n: number,
  visit: (column: number, row: number, columns: number, rows: number, behind: number) => boolean,
): boolean {
  const { depth, columns, width } = blocks;
  let behind = 0;
  for (let column = 0; column < n; column += columns) {
    const wide = Math.min(columns, n - column);
    for (let row = 0; row < k; row += depth) {
      const rows = Math.min(depth, k - row);
      if (!visit(column, row, wide, rows, behind)) return false;
      behind += 4 * rows * Math.ceil(wide / width) * width;
    }
  }
  return true;
}
