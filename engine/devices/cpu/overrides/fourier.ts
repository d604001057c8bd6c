import { numbersOf } from '../../../complex.ts';
import type { Buf, Override, Overrides } from '../../../device.ts';
import { dtypes } from '../../../dtype.ts';
import { sizeOf } from '../../../shape.ts';
import { Fourier } from '../../../special/fourier.ts';
import { buf } from '../conv.ts';
import { BENCH_AT } from '../room.ts';
import { address, away } from '../workshop.ts';
import type { Kernel, Tools } from './tools.ts';

// What scripts/kernels/fourier.ts reads: layouts of elements, and what a plan has where.
const layouts = { f32: 0, f64: 1, c64: 2, c128: 3 } as const;
const widths = [4, 8, 8, 16] as const;
const TURNS_AT = 128;
/** Columns that are transformed side by side: two lines of the cache. */
const SIDE = 8;

type Layout = 0 | 1 | 2 | 3;
/** Elements in the kernels' memory, as the kernels read or write them. */
interface Place {
  readonly at: number;
  readonly layout: Layout;
}

/** Fourier transforms, line by line or several columns at a time, all in f64 as the rows compute them. */
export function fouriers(tools: Tools): Overrides {
  const { all, wasm, team, kernels, temporaries } = tools;
  const widest = wasm.exports.benchBytes();

  /** A plan for the kernels, as long as the op runs: its address. */
  const planOf = (length: number): number => {
    const { turns, radices, size, chirp } = Fourier.of(length).plan;
    const [far, bytes] = [TURNS_AT + 8 * turns.length, 8 * (chirp?.length ?? 0)];
    const at = temporaries.take(far + bytes);
    const { buffer } = tools.memory;
    const words = new Int32Array(buffer, at, TURNS_AT / 4);
    words.fill(0);
    words.set([radices.length, ...radices]);
    words.set([length, size, chirp === null ? 0 : at + far], TURNS_AT / 4 - 4);
    new Float64Array(buffer, at + TURNS_AT, turns.length).set(turns);
    if (chirp !== null) new Float64Array(buffer, at + far, chirp.length).set(chirp);
    return at;
  };

  /** exp(-2 pi i k / n) for k from 0 to n, as long as the op runs: their address. */
  const turnsOf = (length: number): number => {
    const { turns } = Fourier.of(length);
    const at = temporaries.take(8 * turns.length);
    new Float64Array(tools.memory.buffer, at, turns.length).set(turns);
    return at;
  };

  /** Where the elements of x lie row-major, in one of the layouts. */
  const placeOf = (x: Buf): Place => {
    const known = x.dtype in layouts;
    const { numbers } = numbersOf(x);
    const dtype = known ? numbers.dtype : 'f64';
    const layout = layouts[(known ? x.dtype : 'f64') as keyof typeof layouts];
    if (known && x.strides === null) return { at: address(numbers), layout };
    const at = temporaries.take(numbers.size * dtypes[dtype].bytes);
    kernels.map('identity', buf(at, numbers.shape, null, dtype), numbers);
    return { at, layout };
  };

  /** A kernel over so many lines or blocks, each of which needs so many bytes to work in. */
  const over = (
    kernel: Kernel,
    count: number,
    work: number,
    room: number,
    args: readonly number[],
    steps: readonly number[],
  ): void => {
    if (room > widest) return kernel(...args, temporaries.take(room));
    const whole = [...args, BENCH_AT];
    const own = [...steps, ...whole.slice(steps.length).map(() => 0)];
    const last = whole.length - 1;
    if (!team.wants(work) || !team.spread(kernel, work, count, 1, 2, whole, own, last))
      kernel(...whole);
  };

  /** Blocks of n rows of `step` numbers each become their transforms along the rows. */
  const columns = (
    to: Place,
    from: Place,
    blocks: number,
    n: number,
    step: number,
    sign: 1 | -1,
    scale: number,
    own = n,
    keep = n,
  ): void => {
    const plan = planOf(n);
    const { size } = Fourier.of(n).plan;
    const have = Math.min(own, n);
    const [wide, out] = [widths[from.layout], widths[to.layout]];
    const ways = from.layout | (to.layout << 2) | (sign === 1 ? 16 : 0);
    /** `count` times w columns, from an address on. */
    const run = (count: number, w: number, o: number, x: number, oNext: number, xNext: number) => {
      const args = [o, x, count, oNext, xNext, out * step, wide * step, have, keep, w, ways, scale];
      const work = COST * count * w * size * Math.log2(2 * size);
      over(all.fourier!, count, work, 32 * size * w, [...args, plan], [oNext, xNext]);
    };
    if (step <= SIDE)
      return run(blocks, step, to.at, from.at, out * keep * step, wide * own * step);
    const rest = step % SIDE;
    for (let block = 0; block < blocks; block++) {
      const o = to.at + block * out * keep * step;
      const x = from.at + block * wide * own * step;
      run((step - rest) / SIDE, SIDE, o, x, out * SIDE, wide * SIDE);
      const done = step - rest;
      if (rest > 0) run(1, rest, o + out * done, x + wide * done, 0, 0);
    }
  };

  const transform = (count: number, sign: 1 | -1): Override => ({
    forward([x], _, [out]) {
      if (away(x!) || away(out!) || x!.size === 0) return false;
      const { shape, size } = x!;
      const end: Place = { at: address(out!), layout: layouts[out!.dtype as 'c64'] };
      let from = placeOf(x!);
      for (let axis = 1, step = 1; axis <= count; axis++) {
        const n = shape.at(-axis)!;
        // Between two axes no digit is lost.
        const last = axis === count;
        const to = last ? end : ({ at: temporaries.take(16 * size), layout: 3 } as const);
        const scale = last && sign === 1 ? 1 / sizeOf(shape.slice(shape.length - count)) : 1;
        columns(to, from, size / n / step, n, step, sign, scale);
        from = to;
        step *= n;
      }
      temporaries.end();
      return true;
    },
  });

  /** Rows of real elements, of even length: by the transform of half of it. */
  const real = (
    kernel: Kernel,
    to: Place,
    from: Place,
    rows: number,
    n: number,
    [own, have, made]: readonly [own: number, have: number, made: number],
  ): void => {
    const half = n / 2;
    const plan = planOf(half);
    const { size } = Fourier.of(half).plan;
    const turns = turnsOf(n);
    const [oNext, xNext] = [widths[to.layout] * made, widths[from.layout] * own];
    const ways = from.layout | (to.layout << 2);
    const args = [to.at, from.at, rows, oNext, xNext, have, ways, turns, plan];
    const work = COST * rows * size * Math.log2(4 * size);
    over(kernel, rows, work, 32 * size + 16 * (half + 1), args, [oNext, xNext]);
  };

  return {
    fft: transform(1, -1),
    ifft: transform(1, 1),
    fft2d: transform(2, -1),
    ifft2d: transform(2, 1),
    fft3d: transform(3, -1),
    ifft3d: transform(3, 1),
    rfft: {
      forward([x], attrs, [out]) {
        if (away(x!) || away(out!) || x!.size === 0) return false;
        const { length } = attrs as { length: number };
        const own = x!.shape.at(-1)!;
        const [rows, made] = [x!.size / own, out!.shape.at(-1)!];
        const to: Place = { at: address(out!), layout: layouts[out!.dtype as 'c64'] };
        const from = placeOf(x!);
        if (length % 2 === 0)
          real(all.fourierReal!, to, from, rows, length, [own, Math.min(own, length), made]);
        else columns(to, from, rows, length, 1, -1, 1, own, made);
        temporaries.end();
        return true;
      },
    },
    irfft: {
      forward([x], attrs, [out]) {
        const { length } = attrs as { length: number };
        if (away(x!) || away(out!) || x!.size === 0 || length % 2 !== 0) return false;
        const own = x!.shape.at(-1)!;
        const to: Place = { at: address(out!), layout: layouts[out!.dtype as 'f32'] };
        const lengths = [own, Math.min(own, length / 2 + 1), length] as const;
        real(all.fourierBack!, to, placeOf(x!), x!.size / own, length, lengths);
        temporaries.end();
        return true;
      },
    },
  };
}

/** How many additions of f32 one number takes the time of, for each doubling of the length. */
const COST = 8;
