import type { Buf } from '../../device.ts';
import type { Shape } from '../../shape.ts';

/** More axes than any plan has after neighbours have grown together: each one left has two elements or more. */
const AXES = 32;
/** More than any tensor has; beyond it there is an error. */
const RANK = 128;
/** Where the further axes begin, in words; elementwise.ts in scripts/kernels says what lies where. */
const FURTHER = 16;

/**
 * The walk over two strided operands that a kernel makes on one call, written
 * into the memory it reads: axes that lie in one another without gap are one,
 * and axes of length 1 are none.
 */
export class Plan {
  static readonly bytes = 4 * (FURTHER + 4 * AXES);
  readonly at: number;
  readonly words: Int32Array;

  constructor(memory: WebAssembly.Memory, at: number) {
    this.at = at;
    this.words = new Int32Array(memory.buffer, at, Plan.bytes / 4);
  }

  /** x and y of a zip, each read as if it had `shape`; their elements have as many bytes as said. */
  zip(shape: Shape, x: Buf, y: Buf, bytes: number): void {
    spread(shape, x, bytes, first);
    spread(shape, y, bytes, second);
    this.#write(join(shape));
  }

  /**
   * x, read as if it had `shape`, into a window of that shape on rows that
   * have the shape `out`, in steps of 1 or of `steps`. Rows run along out's
   * fastest axis; the next is x's fastest one, so that a matrix on its side is
   * copied in blocks.
   */
  copy(shape: Shape, out: Shape, x: Buf, bytes: number, steps?: readonly number[]): void {
    let step = bytes;
    for (let i = shape.length - 1; i >= 0; i--) {
      first[i] = steps === undefined ? step : step * steps[i]!;
      step *= out[i]!;
    }
    spread(shape, x, bytes, second);
    const axes = join(shape);
    let near = 1;
    for (let i = 2; i < axes; i++) if (second[i] === bytes) near = i;
    if (near !== 1 && second[0] !== bytes) swap(1, near);
    this.#write(axes);
  }

  /** m rows of n; steps in bytes from row to row, and within one. */
  rows(m: number, n: number, xRow: number, xStep: number, yRow: number, yStep: number): void {
    const words = this.words;
    words[0] = n;
    words[1] = xStep;
    words[2] = yStep;
    words[3] = m;
    words[4] = xRow;
    words[5] = yRow;
    words[6] = 0;
    words[8] = 1;
  }

  /** How far the two operands have moved, in bytes, where that window begins. */
  offsets(window: number): readonly [number, number] {
    const { words } = this;
    let offsets: readonly [number, number] = [0, 0];
    for (let axis = 0, w = FURTHER; axis < words[6]!; axis++, w += 4) {
      const at = window % words[w]!;
      window = (window - at) / words[w]!;
      offsets = [offsets[0] + at * words[w + 2]!, offsets[1] + at * words[w + 3]!];
    }
    return offsets;
  }

  #write(axes: number): void {
    const { words } = this;
    if (axes > AXES) throw tooMany(axes);
    words[0] = axes > 0 ? lengths[0]! : 1;
    words[1] = axes > 0 ? first[0]! : 0;
    words[2] = axes > 0 ? second[0]! : 0;
    words[3] = axes > 1 ? lengths[1]! : 1;
    words[4] = axes > 1 ? first[1]! : 0;
    words[5] = axes > 1 ? second[1]! : 0;
    words[6] = Math.max(axes - 2, 0);
    let windows = 1;
    for (let i = 2, w = FURTHER; i < axes; i++, w += 4) {
      windows *= lengths[i]!;
      words[w] = lengths[i]!;
      words[w + 1] = 0;
      words[w + 2] = first[i]!;
      words[w + 3] = second[i]!;
    }
    words[8] = windows;
  }
}

// The axes of the plan in the making, the fastest first; kept, so that no op allocates.
const lengths = new Int32Array(RANK);
const first = new Int32Array(RANK);
const second = new Int32Array(RANK);

/** Steps in bytes for reading x as if it had `shape`, by axis. */
function spread(shape: Shape, x: Buf, bytes: number, to: Int32Array): void {
  if (shape.length > RANK) throw tooMany(shape.length);
  const lead = shape.length - x.shape.length;
  let step = bytes;
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = i < lead ? 1 : x.shape[i - lead]!;
    to[i] =
      n !== shape[i] || i < lead ? 0 : x.strides === null ? step : x.strides[i - lead]! * bytes;
    step *= n;
  }
}

/** Joins axes from the last to the first, in place; returns how many are left. */
function join(shape: Shape): number {
  // What is read lies at the front of the lists, what is written too: so the steps are copied first.
  for (let i = 0; i < shape.length; i++) {
    steps[2 * i] = first[i]!;
    steps[2 * i + 1] = second[i]!;
  }
  let axes = 0;
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i]!;
    if (n === 1) continue;
    const a = steps[2 * i]!;
    const b = steps[2 * i + 1]!;
    const last = axes - 1;
    if (last >= 0 && a === first[last]! * lengths[last]! && b === second[last]! * lengths[last]!) {
      lengths[last]! *= n;
    } else {
      lengths[axes] = n;
      first[axes] = a;
      second[axes++] = b;
    }
  }
  return axes;
}
const steps = new Int32Array(2 * RANK);

function tooMany(axes: number): Error {
  return new Error(
    `a tensor of ${axes} axes is more than the kernels walk over; 16 are for certain`,
  );
}

function swap(i: number, j: number): void {
  for (const list of [lengths, first, second]) [list[i], list[j]] = [list[j]!, list[i]!];
}
