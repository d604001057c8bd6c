import type { DeviceName } from './device.ts';
import { made, type Values } from './literals.ts';
import { dtypes, isComplex } from './dtype.ts';
import { deviceOf } from './placement.ts';
import { ready } from './ready.ts';
import { another, make } from './run.ts';
import { state } from './state.ts';
import { blank, held, type Tensor } from './tensor.ts';

/** Copies a tensor to another device; its gradient goes the other way. */
export function transfer(x: Tensor, name: DeviceName): Tensor {
  const { device: from } = held(x, 'to');
  const device = deviceOf(name, 'to');
  if (device === from) return another(x, 'to');
  const { shape, dtype, size } = x;
  if (dtype === 'string') return made('to', x.array() as Values, shape, dtype, device);
  const out = make(shape, dtype, device);
  const row =
    x.strides === null ? null : blank(from, shape, dtype, size, size * dtypes[dtype].bytes);
  if (row !== null) from.kernels.map('identity', row, x);
  const { offset } = row ?? x;
  const each = isComplex(dtype) ? 2 : 1;
  const elements = from.array(row ?? x).subarray(each * offset, each * (offset + size));
  device.array(out).set(elements as never);
  row?.dispose();
  for (let tape = state.tape; tape !== null; tape = tape.outer) {
    tape.record(to, [x], null, { from: from.name, device: name }, [out], null);
  }
  return out;
}

const to = ready('to', {
  inputs: { x: 'one' },
  spec: ({ x }: { x: Tensor }) => x,
  saves: [],
  grad: { x: (g: Tensor, _: unknown, { from }: { from: DeviceName }) => transfer(g, from) },
});
