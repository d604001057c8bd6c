import type { Buf, Calculation, Elements } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { caster, reader, spread, walk, type ArrayOf } from './elements.ts';

/** Runs a calculation on elements that lie row-major; those that lie so already are not copied. */
export function calculate(
  arrayOf: ArrayOf,
  outs: readonly Buf[],
  ins: readonly Buf[],
  calculation: Calculation,
): void {
  const made = outs.map((out) =>
    isShort(out) ? new Float32Array(out.size) : within(arrayOf, out),
  );
  calculation(
    made,
    ins.map((x) => elementsOf(arrayOf, x)),
  );
  outs.forEach((out, i) => {
    if (!isShort(out)) return;
    const write = caster(arrayOf(out), out.dtype);
    made[i]!.forEach((value: number | bigint, at: number) => write(out.offset + at, Number(value)));
  });
}

/** Floats of 16 bits, which JavaScript has no arrays of. */
function isShort({ dtype }: Buf): boolean {
  return dtype === 'f16' || dtype === 'bf16';
}

function within(arrayOf: ArrayOf, buf: Buf): Elements {
  return arrayOf(buf).subarray(buf.offset, buf.offset + buf.size);
}

function elementsOf(arrayOf: ArrayOf, x: Buf): Elements {
  const short = isShort(x);
  if (x.strides === null && !short) return within(arrayOf, x);
  const from = arrayOf(x);
  const to = short
    ? new Float32Array(x.size)
    : (Reflect.construct(dtypes[x.dtype].array!, [x.size]) as Elements);
  const read = short ? reader(from, x.dtype) : (at: number) => from[at]!;
  walk(x.shape, [spread(x, x.shape)], (i, at) => (to[i] = read(at[0]!)));
  return to;
}
