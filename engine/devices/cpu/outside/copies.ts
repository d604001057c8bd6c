import type { Buf, Bytes } from '../../../device.ts';
import { dtypes } from '../../../dtype.ts';
import { stridesOf } from '../../../shape.ts';
import type { ArenaBytes } from '../arena.ts';

/** Stretches of up to so many elements are copied one by one: a copy of the machine's takes longer to start. */
const SHORT = 8;

/** Elements that lie side by side, and how such stretches repeat; distances count elements. */
interface Lay {
  /** Where the first stretch begins. */
  readonly low: number;
  readonly run: number;
  /** From the nearest repetition to the farthest. */
  readonly repeats: readonly { readonly count: number; readonly step: number }[];
  /** Where the window begins in a copy that has the stretches one after the other, and its strides there. */
  readonly offset: number;
  readonly strides: readonly number[];
  /** Elements in that copy. */
  readonly size: number;
}

/** How a window lies in its storage; small gaps are taken along, unless it is to be written. */
function layOf(x: Buf, gaps: boolean): Lay {
  const strides = stridesOf(x);
  const axes = x.shape.map((_, axis) => axis);
  const moving = axes.filter((axis) => x.shape[axis]! > 1 && strides[axis] !== 0);
  moving.sort((a, b) => Math.abs(strides[a]!) - Math.abs(strides[b]!) || b - a);
  const own = x.shape.map(() => 0);
  const repeats: { count: number; step: number }[] = [];
  let [low, run, size, offset] = [x.offset, 1, 0, 0];
  for (const axis of moving) {
    const count = x.shape[axis]!;
    // What is written comes in the order of its own axes, also where they run backwards.
    const step = gaps ? Math.abs(strides[axis]!) : strides[axis]!;
    const joins = repeats.length === 0 && (gaps ? step <= 2 * run : step === run);
    if (joins) run += step * (count - 1);
    else {
      repeats.push({ count, step });
      size = (size === 0 ? run : size) * (repeats.length > 1 ? repeats.at(-2)!.count : 1);
    }
    const apart = joins ? step : size;
    own[axis] = Math.sign(strides[axis]!) * apart;
    if (strides[axis]! >= 0 || !gaps) continue;
    low -= step * (count - 1);
    offset += apart * (count - 1);
  }
  const all = repeats.reduce((total, { count }) => total * count, run);
  return { low, run, repeats, offset, strides: own, size: all };
}

/** Calls back with the beginning of every stretch, in their order. */
function each({ low, repeats }: Lay, visit: (from: number) => void): void {
  const enter = (i: number, from: number): void => {
    if (i < 0) return visit(from);
    const { count, step } = repeats[i]!;
    for (let j = 0; j < count; j++) enter(i - 1, from + j * step);
  };
  enter(repeats.length - 1, low);
}

/** The bytes of a copy of a window. */
export function bytesOf(x: Buf): number {
  return x.size === 0 ? 0 : layOf(x, true).size * dtypes[x.dtype].bytes;
}

/** The bytes that hold a storage, in the kernels' memory or outside. */
function bufferOf(
  memory: WebAssembly.Memory,
  { storage }: Buf,
): readonly [ArrayBufferLike, number] {
  const { buffer, at } = storage.bytes as ArenaBytes;
  return at < 0 ? [buffer!, 0] : [memory.buffer, at];
}

/** Elements at an address of the kernels' memory, as a buffer of that shape. */
export function placed(x: Buf, at: number, length: number): Bytes {
  // In the memory of the kernels, as those of the arena say by having no buffer of their own.
  const { device } = x.storage.bytes;
  return { device, at, length, buffer: null, pins: 0, owned: false, version: 0 } as Bytes;
}

/** The same window on a copy at an address of the kernels' memory. */
export function copyIn(memory: WebAssembly.Memory, x: Buf, at: number): Buf {
  const lay = layOf(x, true);
  const { bytes } = dtypes[x.dtype];
  copy(memory, x, lay, at, true);
  const storage = { bytes: placed(x, at, lay.size * bytes) };
  const strides = x.strides === null ? null : lay.strides;
  return { ...x, offset: lay.offset, strides, storage };
}

/** Writes elements that lie row-major at an address into a window without repetition. */
export function copyOut(memory: WebAssembly.Memory, at: number, out: Buf): void {
  copy(memory, out, layOf(out, false), at, false);
}

function copy(memory: WebAssembly.Memory, x: Buf, lay: Lay, at: number, inward: boolean): void {
  const { bytes, array: Elements } = dtypes[x.dtype];
  const [buffer, base] = bufferOf(memory, x);
  const { run } = lay;
  if (run <= SHORT) {
    const count = Math.floor((buffer.byteLength - base) / bytes);
    const far = new Elements!(buffer as ArrayBuffer, base, count);
    const near = new Elements!(memory.buffer as never, at, lay.size);
    let i = 0;
    each(lay, (from) => {
      if (inward) for (let j = 0; j < run; j++) near[i++] = far[from + j]!;
      else for (let j = 0; j < run; j++) far[from + j] = near[i++]!;
    });
    return;
  }
  const far = new Uint8Array(buffer);
  const near = new Uint8Array(memory.buffer);
  const length = run * bytes;
  let to = at;
  each(lay, (from) => {
    const begin = base + from * bytes;
    if (inward) near.set(far.subarray(begin, begin + length), to);
    else far.set(near.subarray(to, to + length), begin);
    to += length;
  });
}
