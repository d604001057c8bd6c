/**
 * What the type of a row must refuse, and what the calls made from rows must
 * know. Checked by `tsc`, never run: an expected error that does not come is
 * an error.
 */
import { map, zip } from '../../engine/elementwise.ts';
import * as tf from '../../engine/index.ts';
import type { Binary, Many, One, Op, T, Unary } from '../../engine/op.ts';
import type { Tensor } from '../../engine/tensor.ts';

// @ts-expect-error A gradient is forgotten: that of y.
export const forgotten: Binary = { ...zip('mul'), saves: [], grad: { x: (g) => g }, samples: [] };

export const misspelt: Unary = {
  ...map('exp'),
  saves: ['out'],
  // @ts-expect-error There is no input z.
  grad: { x: (g, { out }) => g.mul(out), z: (g) => g },
  samples: [],
};

export const unknown: Unary = {
  ...map('exp'),
  // @ts-expect-error There is nothing called y to save.
  saves: ['y'],
  grad: { x: (g) => g },
  samples: [],
};

export const unseen: Unary = {
  ...map('exp'),
  saves: [],
  // @ts-expect-error A formula sees the inputs and `out` alone.
  grad: { x: (g, { y }) => g.mul(y) },
  samples: [],
};

export const single: Op<{ parts: Many }, [parts: readonly T[]], [], object, One> = {
  inputs: { parts: 'many' },
  spec: ({ parts }) => parts[0]!,
  forward: (k, { parts }, _, out) => k.map('identity', out, parts[0]!),
  saves: [],
  // @ts-expect-error A list of inputs wants a list of gradients.
  grad: { parts: (g) => g },
  samples: [],
};

// @ts-expect-error The gradient of a composite is that of its parts.
export const both: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => x,
  compose: ({ x }) => x.exp(),
  grad: { x: (g: Tensor) => g },
  samples: [],
};

export function calls(t: Tensor): Tensor[] {
  // @ts-expect-error A tensor is missing.
  t.mul();
  // @ts-expect-error A rate is a number.
  t.dropout('a');
  // @ts-expect-error A transposition is yes or no.
  t.matMul(t, 1);
  // @ts-expect-error No dtype has that name.
  t.cast('float');
  // @ts-expect-error Creation takes no tensor, so it is no method.
  t.zeros();
  // @ts-expect-error The fields of topk are values and indices.
  t.topk().positions;
  const { values, indices } = tf.topk(
    [
      [1, 2],
      [3, 4],
    ],
    1,
  );
  const [first] = t.split(2, 1);
  return [values, indices, first!, t.concat(t, -1), tf.layerNorm(t, undefined, t, 1e-3), t.mul(2)];
}
