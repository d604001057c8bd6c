import { whole, type Rule } from './call.ts';
import { permutation } from '../ops/chance.ts';
import type { Key } from '../random-state.ts';
import { ready } from '../ready.ts';
import { run } from '../run.ts';
import { state } from '../state.ts';
import type { Tensor } from '../tensor.ts';

/** Slices in an order that is drawn: one for all examples, or one for each. Drawing is an op, which vmaps around take note of. */
export const order: Rule = ({ inputs, attrs, batch }) => {
  const x = whole(inputs[0], batch) as Tensor;
  const { axis, key } = attrs as { axis: number; key: Key };
  const n = x.shape[axis + 1]!;
  const same = batch.randomness === 'same';
  const shape = same ? [n] : [batch.size, n];
  // What takes no tensor is made where new ones are.
  const { device } = state;
  state.device = x.storage.bytes.device;
  try {
    const places = run(ready('permutation', permutation), [], { shape, key }) as Tensor;
    return x.gather(places, axis + 1, same ? 0 : 1);
  } finally {
    state.device = device;
  }
};
