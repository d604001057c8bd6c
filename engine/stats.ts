import type { Complex } from './complex.ts';
import type { Buf, Elements } from './device.ts';
import { isBig, isComplex } from './dtype.ts';
import { reader } from './element.ts';
import type { Element } from './element.ts';
import type { Num, Stats } from './protocol.ts';
import { denseStrides } from './shape.ts';

/**
 * What a row of the debugger says of a tensor's values, in one pass. Mean and
 * standard deviation (the population's) are over the finite values; the
 * extremes leave out only what is not a number. Of complex numbers it is
 * their distance from 0 that is looked at.
 */

/** Above this, only a sample is read unless `exact` is asked for: no pane waits for a full pass. */
export const SAMPLED_ABOVE = 10_000_000;

/** Nothing is allocated on the device and no op runs. */
export function statsOf(buf: Buf, exact: boolean): Stats {
  const sampled = !exact && buf.size > SAMPLED_ABOVE;
  const { dtype } = buf;
  if (dtype === 'string') return new Tally(() => 0, null).result(buf.size, false);
  const plain = !isBig(dtype) && !isComplex(dtype) && dtype !== 'f16' && dtype !== 'bf16';
  const tally = new Tally(reader(buf), plain ? buf.storage.bytes.device.array(buf) : null);
  if (sampled) {
    // An odd step that shares no factor with the usual row lengths walks over all columns.
    const step = Math.floor(buf.size / SAMPLE) | 1;
    const at = locate(buf);
    for (let i = 0; i < buf.size; i += step) tally.add(at(i));
  } else {
    eachRun(buf, (start, step, count) => tally.run(start, step, count));
  }
  return tally.result(buf.size, sampled);
}

/** As JSON can carry it. */
export function num(value: number): Num {
  return Number.isFinite(value) ? value : (String(value) as Num);
}

const SAMPLE = 200_000;
const BLOCK = 2048;

class Tally {
  private seen = 0;
  private finite = 0;
  private mean = 0;
  private squares = 0;
  private min = Infinity;
  private max = -Infinity;
  private nan = 0;
  private inf = 0;
  private zeros = 0;

  private readonly read: (position: number) => Element;
  private readonly plain: ArrayLike<number> | null;

  /** `plain` is the storage, where its elements are numbers as they lie. */
  constructor(read: (position: number) => Element, plain: Elements | null) {
    this.read = read;
    this.plain = plain as ArrayLike<number> | null;
  }

  /**
   * A run of elements. Sums are taken block by block around the mean so far, which keeps them exact
   * where values are far from zero; a block with anything in it that is not finite is done one by one.
   */
  run(start: number, step: number, count: number): void {
    for (let done = 0; done < count; done += BLOCK) {
      const n = Math.min(BLOCK, count - done);
      if (!this.plain || !this.block(this.plain, start + done * step, step, n)) {
        for (let i = 0; i < n; i++) this.add(start + (done + i) * step);
      }
    }
  }

  private block(elements: ArrayLike<number>, start: number, step: number, count: number): boolean {
    const shift = this.mean;
    let sum = 0;
    let squares = 0;
    let zeros = 0;
    let { min, max } = this;
    for (let i = 0, at = start; i < count; i++, at += step) {
      const value = elements[at]!;
      const d = value - shift;
      sum += d;
      squares += d * d;
      if (value < min) min = value;
      if (value > max) max = value;
      if (value === 0) zeros++;
    }
    if (squares - squares !== 0) return false;
    const mean = sum / count;
    const all = this.finite + count;
    this.squares += squares - mean * sum + ((mean * this.finite) / all) * sum;
    this.mean += (mean * count) / all;
    this.seen += count;
    this.finite = all;
    this.zeros += zeros;
    this.min = min;
    this.max = max;
    return true;
  }

  /** One element, by Welford's update. */
  add(position: number): void {
    const element = this.read(position);
    const value = typeof element === 'object' ? sizeOf(element) : Number(element);
    this.seen++;
    if (value !== value) {
      this.nan++;
      return;
    }
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value === 0) this.zeros++;
    if (value - value !== 0) {
      this.inf++;
      return;
    }
    const delta = value - this.mean;
    this.mean += delta / ++this.finite;
    this.squares += delta * (value - this.mean);
  }

  result(count: number, sampled: boolean): Stats {
    const none = this.finite === 0;
    const known = this.seen - this.nan > 0;
    const scale = this.seen ? count / this.seen : 1;
    const all = (part: number) => Math.round(part * scale);
    return {
      count,
      mean: num(none ? NaN : this.mean),
      sd: num(none ? NaN : Math.sqrt(this.squares / this.finite)),
      min: num(known ? this.min : NaN),
      max: num(known ? this.max : NaN),
      nan: all(this.nan),
      inf: all(this.inf),
      zeros: all(this.zeros),
      sampled,
    };
  }
}

/** Not-a-number in either part counts as that, also beside an infinite one. */
function sizeOf({ re, im }: Complex): number {
  return re !== re || im !== im ? NaN : Math.hypot(re, im);
}

/** The elements row by row, as runs of positions in the storage. */
function eachRun(buf: Buf, visit: (start: number, step: number, count: number) => void): void {
  const { shape, strides, offset, size } = buf;
  if (strides === null || shape.length === 0) return visit(offset, 1, size);
  const last = shape.length - 1;
  const walk = (axis: number, at: number): void => {
    const step = strides[axis]!;
    const n = shape[axis]!;
    if (axis === last) visit(at, step, n);
    else for (let i = 0; i < n; i++) walk(axis + 1, at + i * step);
  };
  if (size > 0) walk(0, offset);
}

/** From the row-major number of an element to its position in the storage. */
function locate({ shape, strides, offset }: Buf): (i: number) => number {
  if (strides === null) return (i) => offset + i;
  const dense = denseStrides(shape);
  return (i) => {
    let at = offset;
    for (let axis = 0; axis < shape.length; axis++) {
      at += (Math.floor(i / dense[axis]!) % shape[axis]!) * strides[axis]!;
    }
    return at;
  };
}
