import { isFloat, promote, type DType } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { sameShape, text, type Shape } from '../shape.ts';

// One step of recurrent networks. Weights lie as in Keras: `[inputs, gates * units]`, which is what PyTorch calls
// `weight.T`. A sequence is a loop.

/**
 * One step of long short-term memory (Hochreiter, Schmidhuber, 1997). With
 * `i, f, g, o` the four parts of `x @ kernel + h @ recurrentKernel + bias`:
 * `c = sigmoid(f) * c + sigmoid(i) * tanh(g)`, `h = sigmoid(o) * tanh(c)`. The
 * order of the gates is that of Keras and PyTorch, whose two biases are to be
 * added up. `x` is `[batch, inputs]`, `h` and `c` are `[batch, units]`.
 */
export const lstmCell: Op<
  { x: One; h: One; c: One; kernel: One; recurrentKernel: One; bias?: One },
  [x: T, h: T, c: T, kernel: T, recurrentKernel: T, bias?: T],
  [],
  object,
  { h: One; c: One }
> = {
  inputs: {
    x: 'one',
    h: 'one',
    c: 'one',
    kernel: 'one',
    recurrentKernel: 'one',
    bias: 'maybe',
  },
  outputs: { h: 'one', c: 'one' },
  spec: ({ x, h, c, kernel, recurrentKernel, bias }) => {
    const op = 'lstmCell';
    cell(op, 4, { x, h, kernel, recurrentKernel, bias });
    if (!sameShape(c.shape, h.shape)) {
      throw new Error(`${op}: c is ${text(c.shape)}; it must be ${text(h.shape)}, as h`);
    }
    const dtype = common(op, [x, h, c, kernel, recurrentKernel, ...(bias ? [bias] : [])]);
    return { h: { shape: h.shape, dtype }, c: { shape: c.shape, dtype } };
  },
  compose: ({ x, h, c, kernel, recurrentKernel, bias }) => {
    const sum = x.matMul(kernel).add(h.matMul(recurrentKernel));
    const [i, f, g, o] = (bias === undefined ? sum : sum.add(bias)).split(4, -1);
    const next = f!.sigmoid().mul(c).add(i!.sigmoid().mul(g!.tanh()));
    return { h: o!.sigmoid().mul(next.tanh()), c: next };
  },
  samples: [
    { in: { x: [2, 3], h: [2, 2], c: [2, 2], kernel: [3, 8], recurrentKernel: [2, 8], bias: [8] } },
    { in: { x: [1, 2], h: [1, 3], c: [1, 3], kernel: [2, 12], recurrentKernel: [3, 12] } },
  ],
  errors: [
    {
      in: { x: [2, 3], h: [2, 2], c: [2, 2], kernel: [3, 6], recurrentKernel: [2, 8] },
      says: 'lstmCell: the kernel is [3,6]; for x [2,3] and h [2,2] it must be [3,8]',
    },
    {
      in: { x: [2, 3], h: [2, 2], c: [2, 3], kernel: [3, 8], recurrentKernel: [2, 8] },
      says: 'lstmCell: c is [2,3]; it must be [2,2], as h',
    },
    {
      in: { x: [3], h: [2, 2], c: [2, 2], kernel: [3, 8], recurrentKernel: [2, 8] },
      says: 'lstmCell: x is [3]; it must be [batch, inputs]',
    },
  ],
};

/**
 * One step of a gated recurrent unit (Cho and others, 2014). With the gates
 * `z, r, n` in the order of Keras, of x's part `a = x @ kernel + bias` and of
 * h's part `b = h @ recurrentKernel + recurrentBias`: `z = sigmoid(az + bz)`,
 * `r = sigmoid(ar + br)`, `n = tanh(an + r * bn)`, `h = z * h + (1 - z) * n`.
 * That is how cuDNN, PyTorch (whose order is r, z, n) and Keras do it; without
 * `resetAfter` r applies to h before the product, as in the paper and in
 * TensorFlow.js.
 */
export const gruCell: Op<
  { x: One; h: One; kernel: One; recurrentKernel: One; bias?: One; recurrentBias?: One },
  [x: T, h: T, kernel: T, recurrentKernel: T, bias?: T, recurrentBias?: T],
  [resetAfter?: boolean],
  { resetAfter: boolean },
  One
> = {
  inputs: {
    x: 'one',
    h: 'one',
    kernel: 'one',
    recurrentKernel: 'one',
    bias: 'maybe',
    recurrentBias: 'maybe',
  },
  attrs: (_, resetAfter = true) => ({ resetAfter }),
  spec: (inputs) => {
    const { x, h, kernel, recurrentKernel, bias, recurrentBias } = inputs;
    cell('gruCell', 3, inputs);
    const biases = [bias, recurrentBias].filter((one) => one !== undefined);
    return { shape: h.shape, dtype: common('gruCell', [x, h, kernel, recurrentKernel, ...biases]) };
  },
  compose: ({ x, h, kernel, recurrentKernel, bias, recurrentBias }, { resetAfter }) => {
    const units = h.shape[1]!;
    const ofX = x.matMul(kernel);
    const [az, ar, an] = (bias === undefined ? ofX : ofX.add(bias)).split(3, -1);
    if (resetAfter) {
      const ofH = h.matMul(recurrentKernel);
      const [bz, br, bn] = (recurrentBias === undefined ? ofH : ofH.add(recurrentBias)).split(
        3,
        -1,
      );
      const n = an!.add(ar!.add(br!).sigmoid().mul(bn!)).tanh();
      return n.add(az!.add(bz!).sigmoid().mul(h.sub(n)));
    }
    const [gates, own] = recurrentKernel.split([2 * units, units], -1);
    const ofH = h.matMul(gates!);
    const biases = recurrentBias?.split([2 * units, units], -1);
    const [bz, br] = (biases === undefined ? ofH : ofH.add(biases[0]!)).split(2, -1);
    const reset = ar!.add(br!).sigmoid().mul(h).matMul(own!);
    const n = an!.add(biases === undefined ? reset : reset.add(biases[1]!)).tanh();
    return n.add(az!.add(bz!).sigmoid().mul(h.sub(n)));
  },
  samples: [
    {
      in: {
        x: [2, 3],
        h: [2, 2],
        kernel: [3, 6],
        recurrentKernel: [2, 6],
        bias: [6],
        recurrentBias: [6],
      },
    },
    { in: { x: [1, 2], h: [1, 3], kernel: [2, 9], recurrentKernel: [3, 9] }, args: [false] },
    {
      in: {
        x: [2, 3],
        h: [2, 2],
        kernel: [3, 6],
        recurrentKernel: [2, 6],
        recurrentBias: [6],
      },
      args: [false],
    },
  ],
  errors: [
    {
      in: { x: [2, 3], h: [2, 2], kernel: [3, 6], recurrentKernel: [3, 6] },
      says: 'gruCell: the recurrentKernel is [3,6]; for x [2,3] and h [2,2] it must be [2,6]',
    },
    {
      in: { x: [2, 3], h: [1, 2], kernel: [3, 6], recurrentKernel: [2, 6] },
      says: 'gruCell: x [2,3] has a batch of 2 and h [1,2] one of 1',
    },
  ],
};

/**
 * One step of a simple recurrent network: `tanh(x @ kernel + h @
 * recurrentKernel + bias)` (Elman, 1990), or with `activation` 'relu' that in
 * place of tanh, as PyTorch's `RNNCell`.
 */
export const simpleRnnCell: Op<
  { x: One; h: One; kernel: One; recurrentKernel: One; bias?: One },
  [x: T, h: T, kernel: T, recurrentKernel: T, bias?: T],
  [activation?: 'tanh' | 'relu'],
  { activation: 'tanh' | 'relu' },
  One
> = {
  inputs: { x: 'one', h: 'one', kernel: 'one', recurrentKernel: 'one', bias: 'maybe' },
  attrs: (_, activation = 'tanh') => {
    if (activation === 'tanh' || activation === 'relu') return { activation };
    throw new Error(
      `simpleRnnCell: no activation is called ${String(activation)}; take tanh or relu`,
    );
  },
  spec: (inputs) => {
    const { x, h, kernel, recurrentKernel, bias } = inputs;
    cell('simpleRnnCell', 1, inputs);
    const all = [x, h, kernel, recurrentKernel, ...(bias ? [bias] : [])];
    return { shape: h.shape, dtype: common('simpleRnnCell', all) };
  },
  compose: ({ x, h, kernel, recurrentKernel, bias }, { activation }) => {
    const sum = x.matMul(kernel).add(h.matMul(recurrentKernel));
    return (bias === undefined ? sum : sum.add(bias))[activation]();
  },
  samples: [
    { in: { x: [2, 3], h: [2, 2], kernel: [3, 2], recurrentKernel: [2, 2], bias: [2] } },
    { in: { x: [1, 2], h: [1, 3], kernel: [2, 3], recurrentKernel: [3, 3] }, args: ['relu'] },
  ],
  errors: [
    {
      in: { x: [2, 3], h: [2, 2], kernel: [3, 3], recurrentKernel: [2, 2] },
      says: 'simpleRnnCell: the kernel is [3,3]; for x [2,3] and h [2,2] it must be [3,2]',
    },
    {
      in: { x: [2, 3], h: [2, 2], kernel: [3, 2], recurrentKernel: [2, 2] },
      args: ['sigmoid' as 'tanh'],
      says: 'simpleRnnCell: no activation is called sigmoid; take tanh or relu',
    },
  ],
};

interface Cell {
  readonly x: Spec;
  readonly h: Spec;
  readonly kernel: Spec;
  readonly recurrentKernel: Spec;
  readonly bias?: Spec | undefined;
  readonly recurrentBias?: Spec | undefined;
}

/** Everything fits x, h and that number of gates. */
function cell(op: string, gates: number, { x, h, ...weights }: Cell): void {
  for (const [name, { shape }] of Object.entries({ x, h })) {
    if (shape.length === 2) continue;
    const form = name === 'x' ? '[batch, inputs]' : '[batch, units]';
    throw new Error(`${op}: ${name} is ${text(shape)}; it must be ${form}`);
  }
  const [[batch, inputs], [other, units]] = [x.shape, h.shape] as [number[], number[]];
  if (batch !== other) {
    throw new Error(
      `${op}: x ${text(x.shape)} has a batch of ${batch} and h ${text(h.shape)} one of ${other}; they must be equal`,
    );
  }
  const wide = gates * units!;
  const wanted: { readonly [name: string]: Shape } = {
    kernel: [inputs!, wide],
    recurrentKernel: [units!, wide],
    bias: [wide],
    recurrentBias: [wide],
  };
  for (const [name, given] of Object.entries(weights) as [string, Spec | undefined][]) {
    if (given === undefined || sameShape(given.shape, wanted[name]!)) continue;
    throw new Error(
      `${op}: the ${name} is ${text(given.shape)}; for x ${text(x.shape)} and h ${text(h.shape)} it must be ${text(wanted[name]!)}`,
    );
  }
}

/** The float all meet in. */
function common(op: string, all: readonly Spec[]): DType {
  const dtype = all.map((one) => one.dtype).reduce((a, b) => promote(op, a, b));
  if (isFloat(dtype)) return dtype;
  throw new Error(`${op}: its inputs meet in ${dtype}; there must be floats among them`);
}
