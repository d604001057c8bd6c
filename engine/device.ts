import type { Complex } from './complex.ts';
import type { DType } from './dtype.ts';
import type { LoggedValue } from './op-log/values.ts';
import type { Spec } from './op.ts';
import type { Shape } from './shape.ts';
import type { Sliding } from './sliding.ts';
import type { Tensor } from './tensor.ts';

/**
 * What a device supplies: memory, a small set of kernels that suffice for every
 * op, and overrides for the ops it can do better. Devices implement kernels,
 * never the table.
 */
export interface Device {
  readonly name: DeviceName;
  /** How it multiplies matrices (`simd`), and how it finds what the program has dropped; null where it does not. */
  readonly tier: string;
  readonly liveness: string | null;
  readonly kernels: Kernels;
  /** Ops this device computes in its own way; each is tested against the row's own forward and backward. */
  readonly overrides: Overrides;
  /** Room for that many bytes, not cleared. */
  allocate(bytes: number): Bytes;
  /** Takes the room back; the bytes must have neither owner nor pins. */
  release(bytes: Bytes): void;
  /**
   * The whole storage of a buffer as the device's own typed array of the buffer's dtype (16-bit
   * floats as their bits): its `offset` and `strides` index it. Only to be read or written at once.
   */
  array(buf: Buf): Elements;
  /** The kernels of a formula for operands of one dtype that are dense and of equal shape, or null where there are none. */
  dense?(f: MapFormula | ZipFormula, inputs: 1 | 2, dtype: DType): Dense | null;
  /** The same for two operands that are dense, where one repeats along the other. */
  rows?(f: ZipFormula, dtype: DType): Rows | null;
  /** The ways to multiply matrices, where there are several. */
  readonly tiers?: TierChoice;
  /** Whether it multiplies and adds in one step, with one rounding. */
  readonly fused?: boolean;
  /** How many threads compute there; to be written where the device has a say in it. */
  threads?: number;
  /** How many may be asked for. */
  readonly mostThreads?: number;
  /** Waits for what a thread still does for an op that V8 cut off, and calls off the rest. */
  settle?(): void;
  /** Whether all numbers of a dense buffer are finite, where it knows a quicker way than to read them one by one. */
  finite?(buf: Buf): boolean | null;
  /** Storages in use and their bytes, as far as they were given back or swept. */
  usage(): Usage;
}

export interface TierChoice {
  /** That way from here on; `who` asks, and is told by an error where there is none. */
  choose(name: string, who: string): void;
  /** All of them by name, with what computes or why it cannot. */
  list(): { readonly [name: string]: TierInfo };
}
/** A way to multiply matrices, as a program is told of it. */
export interface TierInfo {
  readonly available: boolean;
  /** What computes, or why it does not. */
  readonly about: string;
}

/** A kernel over elements in a row: the bare one for up to `most` elements, and one for more. */
export interface Dense {
  readonly bare: DenseKernel;
  readonly most: number;
  readonly large: DenseKernel;
}
/**
 * Called with addresses (`at` of the bytes plus the offset, in bytes), result
 * first, and the number of elements: with one input that is `y`, and `n` is not passed.
 */
export type DenseKernel = (out: number, x: number, y: number, n?: number) => void;

/** out[i, j] over m rows of n elements. Steps count elements: from row to row, and within one (1, or 0 where it repeats). */
export type Rows = (
  out: number,
  x: number,
  y: number,
  m: number,
  n: number,
  xRow: number,
  xStep: number,
  yRow: number,
  yStep: number,
) => void;

export interface Usage {
  /** Storages that hold bytes. */
  readonly storages: number;
  readonly bytes: number;
  /** Memory taken from the system, whether in use or free. */
  readonly reserved: number;
  /** How much of that is not in the device's own memory, where its kernels are fast. */
  readonly outside: number;
}

export type DeviceName = 'cpu' | 'gpu' | 'plain';

/**
 * A strided window on bytes of a device: what kernels read and write. A Tensor
 * is one. Offset and strides count elements; `strides` is null where the
 * elements lie row-major with no gap, the case every fast path tests for.
 */
export interface Buf {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The number of elements. */
  readonly size: number;
  readonly offset: number;
  readonly strides: readonly number[] | null;
  readonly storage: { readonly bytes: Bytes };
}

/** Bytes on a device. What `at` means is the device's business: for the CPU it is the address in its memory. */
export interface Bytes {
  readonly device: Device;
  readonly at: number;
  readonly length: number;
  /** How many hold these bytes as they are (tape, op log, running kernel). Bytes are immutable while pinned. */
  pins: number;
  /** A storage holds them. Bytes without owner and pins go back to the device. */
  owned: boolean;
  /** Counts how often what they held was written over. */
  version: number;
  /** What the op log knows of what they held at some time. */
  logged?: LoggedValue | null;
}

export type Elements =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/**
 * The kernels. Inputs may be strided in any way (0 and negative strides too);
 * `out` is always dense. It never overlaps an input, except that of `map` and
 * `zip` it may be an input itself. Inputs of `zip` and `select` come with their
 * own shapes: the kernel broadcasts. The row's spec has chosen the dtype of
 * `out`: a kernel converts each input to the dtype it computes in, which is
 * that of `out`, or where `out` is bool the one in which its inputs meet.
 * Integer arithmetic wraps around; a cast to integers cuts toward zero and
 * stays in range, not-a-number becomes 0.
 */
export interface Kernels {
  /** Every element of out becomes `value`; a complex one only where out is complex. */
  fill(out: Buf, value: number | bigint | Complex): void;
  /** Every row along the last axis becomes start, start + step, start + 2 step, ... */
  range(out: Buf, start: number, step: number): void;
  /** out = f(x), broadcasting. `identity` is a copy, and a cast where the dtypes differ. `p` and `q` are the formula's constants. */
  map(f: MapFormula, out: Buf, x: Buf, p?: number, q?: number): void;
  /** out = f(x, y), broadcasting. */
  zip(f: ZipFormula, out: Buf, x: Buf, y: Buf): void;
  /** out = condition ? x : y, broadcasting. */
  select(out: Buf, condition: Buf, x: Buf, y: Buf): void;
  /** Reduces the given axes of x; out has the rest (kept axes of length 1 make no difference). Sums are pairwise or better. */
  reduce(f: ReduceFormula, out: Buf, x: Buf, axes: readonly number[]): void;
  /** Position of the extreme along one axis, the first where several tie; NaN counts as extreme. */
  argReduce(f: 'argMax' | 'argMin', out: Buf, x: Buf, axis: number): void;
  /** out = x @ y over the last two axes; leading axes broadcast. */
  matMul(out: Buf, x: Buf, y: Buf): void;
  /**
   * One side of a convolution out of the other two: `y` from x and filter, or the gradient of a sum of products with
   * it, `x` from y and filter, `filter` from x and y. Axes are [batch, ..space, channels] for x and y and
   * [..window, channels of x / groups, channels of y] for the filter. Here out may be strided, but leaves no gaps.
   */
  conv(
    side: 'y' | 'x' | 'filter',
    out: Buf,
    a: Buf,
    b: Buf,
    how: Sliding & { readonly groups: number },
  ): void;
  /**
   * The greatest in each window of [batch, ..space, channels], each of which has an element in the image, and if asked
   * for its place, row-major, in its image or in the whole batch. NaN is greater than all, the first wins.
   */
  maxPool(
    out: Buf,
    places: Buf | null,
    x: Buf,
    window: Shape,
    how: Sliding,
    inBatch: boolean,
  ): void;
  /**
   * Writes x into the window of out that starts at `begin` (concat, pad, the gradient of slice), and goes on by `steps`,
   * backwards where they are negative; without them every step is 1.
   */
  place(out: Buf, x: Buf, begin: readonly number[], steps?: readonly number[]): void;
  /** out[.., i.., ..] = x[.., indices[i..], ..] along one axis; indices are checked. The first `batch` axes are shared by x and indices. */
  gather(out: Buf, x: Buf, indices: Buf, axis: number, batch: number): void;
  /** out[.., indices[i..], ..] += x[.., i.., ..] along one axis, in the order of x: the gradient of gather. */
  scatterAdd(out: Buf, x: Buf, indices: Buf, axis: number, batch: number): void;
  /** Along out's last axis `on` at the position indices says, `off` elsewhere. */
  oneHot(out: Buf, indices: Buf, on: number, off: number): void;
  /** x in order along one axis, stable, NaN the greatest: the elements, where they lay as i32, or both; null is not asked for. */
  sort(values: Buf | null, places: Buf | null, x: Buf, axis: number, descending: boolean): void;
  /**
   * What sums, products and extremes of x come to on the way along an axis, each element in or, where `exclusive`, what
   * comes before it alone (of sums and products); from the end where `reverse`. Floats of 32 bits and fewer are summed
   * and multiplied in f64. `places` gets where an extreme lies, as i32: the last of several, and of not-a-numbers.
   */
  scan(
    f: ScanFormula,
    out: Buf,
    places: Buf | null,
    x: Buf,
    axis: number,
    exclusive: boolean,
    reverse: boolean,
  ): void;
  /** Random numbers as a function of key and position alone: the same on every device and for any number of threads. */
  random(
    f: 'uniform' | 'normal',
    out: Buf,
    key: readonly [number, number],
    p: number,
    q: number,
  ): void;
  /**
   * What no other kernel says (a decomposition, a search): `calculate` gets every buffer's elements alone and row-major,
   * those of `outs` to be written, all of them, and those of `ins` only to be read, and runs at once. Floats of 16 bits
   * come and go as f32; booleans are 0 and 1; of complex numbers there go the `pairs` (engine/complex.ts).
   */
  calculate(outs: readonly Buf[], ins: readonly Buf[], calculation: Calculation): void;
}

/** Plain loops over elements: results first, as in every kernel. */
export type Calculation = (outs: readonly Elements[], ins: readonly Elements[]) => void;

export type ScanFormula = 'sum' | 'prod' | 'max' | 'min';

// The lists of formulas are the keys of engine/formulas.ts.
export type { MapFormula, ReduceFormula, ZipFormula } from './formulas.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from './formulas.ts';

/**
 * An op as a device does it: on whole tensors, gradient included. Inputs and
 * results are in the row's order.
 */
export interface Override {
  /**
   * Says no (false) where this dtype, size or layout is not its business; the
   * row's own way is taken then, as it is where there is no `forward` and only
   * the gradient is the device's own.
   */
  forward?(inputs: readonly Buf[], attrs: unknown, out: readonly Buf[]): boolean;
  /**
   * The gradients straight into `to`, which is like the inputs and null where
   * nobody waits. To those of inputs in `adds` it adds what came `before`, dense and like the input, where
   * that is not null: with the bits of the gradient and a sum. No tape can see into this: where one records the backward
   * pass, for a gradient of the gradient, the formulas are asked, `backward`
   * or the row's own; a row written in other ops is run once more for that,
   * so its inputs must be among `saves`.
   */
  gradients?(
    g: readonly (Buf | undefined)[],
    inputs: readonly Buf[],
    out: readonly Buf[],
    attrs: unknown,
    to: readonly (Buf | null)[],
    before: readonly (Buf | null)[],
  ): boolean;
  /** The places of those inputs; none unless said. */
  readonly adds?: readonly number[];
  /** The gradients as formulas, in the order of the inputs, or null to leave it to the row. */
  backward?(
    g: readonly (Tensor | undefined)[],
    inputs: readonly Tensor[],
    out: readonly Tensor[],
    attrs: unknown,
    need: readonly boolean[],
  ): readonly (Tensor | null)[] | null;
  /** What this override's gradients read, where it differs from the row's `saves`. */
  readonly saves?: readonly string[];
  /**
   * What its gradients read beside that, by name: results that only a tape gets
   * to see. While one records, `forward` and `gradients` find them behind the
   * results of the row; without one they are not there.
   */
  readonly hidden?: {
    readonly names: readonly string[];
    specs(inputs: readonly Buf[], attrs: unknown): readonly Spec[];
  };
}
export type Overrides = { readonly [op: string]: Override };
