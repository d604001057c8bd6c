import { isFloat, promote } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { sameShape, text, type Shape } from '../shape.ts';

/**
 * A node of a binary tree out of its two children (Tai, Socher, Manning,
 * Improved semantic representations from tree-structured long short-term
 * memory networks, 2015, as SPINN has it). With `a, i, fl, fr, o` the five
 * parts of `leftH @ leftKernel + rightH @ rightKernel + bias`: `c = tanh(a) *
 * sigmoid(i) + sigmoid(fl) * leftC + sigmoid(fr) * rightC`, `h = sigmoid(o) *
 * tanh(c)`. States are `[batch, units]`, kernels `[units, 5 * units]`; with an
 * input of its own (a tracker's state) `x @ kernel` is added.
 */
export const treeLstmCell: Op<
  {
    leftH: One;
    leftC: One;
    rightH: One;
    rightC: One;
    leftKernel: One;
    rightKernel: One;
    bias?: One;
    x?: One;
    kernel?: One;
  },
  [
    leftH: T,
    leftC: T,
    rightH: T,
    rightC: T,
    leftKernel: T,
    rightKernel: T,
    bias?: T,
    x?: T,
    kernel?: T,
  ],
  [],
  object,
  { h: One; c: One }
> = {
  inputs: {
    leftH: 'one',
    leftC: 'one',
    rightH: 'one',
    rightC: 'one',
    leftKernel: 'one',
    rightKernel: 'one',
    bias: 'maybe',
    x: 'maybe',
    kernel: 'maybe',
  },
  outputs: { h: 'one', c: 'one' },
  spec: (inputs) => {
    const op = 'treeLstmCell';
    const { leftH, x, kernel } = inputs;
    if (leftH.shape.length !== 2) {
      throw new Error(`${op}: leftH is ${text(leftH.shape)}; it must be [batch, units]`);
    }
    const [batch, units] = leftH.shape as [number, number];
    const wide = 5 * units;
    if ((x === undefined) !== (kernel === undefined)) {
      throw new Error(`${op}: x and its kernel come together; one of them is missing`);
    }
    const wanted: { readonly [name: string]: Shape } = {
      ...{ leftC: leftH.shape, rightH: leftH.shape, rightC: leftH.shape },
      ...{ leftKernel: [units, wide], rightKernel: [units, wide], bias: [wide] },
      ...{ x: [batch, x?.shape[1] ?? 0], kernel: [x?.shape[1] ?? 0, wide] },
    };
    const given = Object.entries(inputs).filter((entry): entry is [string, Spec] => !!entry[1]);
    for (const [name, { shape }] of given) {
      if (wanted[name] === undefined || sameShape(shape, wanted[name])) continue;
      throw new Error(
        `${op}: ${name} is ${text(shape)}; beside leftH ${text(leftH.shape)} it must be ${text(wanted[name])}`,
      );
    }
    const dtype = given.map(([, one]) => one.dtype).reduce((a, b) => promote(op, a, b));
    if (!isFloat(dtype))
      throw new Error(`${op}: its inputs meet in ${dtype}; there must be floats`);
    return { h: { shape: leftH.shape, dtype }, c: { shape: leftH.shape, dtype } };
  },
  compose: ({ leftH, leftC, rightH, rightC, leftKernel, rightKernel, bias, x, kernel }) => {
    let sum = leftH.matMul(leftKernel).add(rightH.matMul(rightKernel));
    if (bias !== undefined) sum = sum.add(bias);
    if (x !== undefined && kernel !== undefined) sum = sum.add(x.matMul(kernel));
    const [a, i, left, right, o] = sum.split(5, -1);
    const kept = left!.sigmoid().mul(leftC).add(right!.sigmoid().mul(rightC));
    const c = a!.tanh().mul(i!.sigmoid()).add(kept);
    return { h: o!.sigmoid().mul(c.tanh()), c };
  },
  samples: [
    {
      in: {
        ...{ leftH: [2, 2], leftC: [2, 2], rightH: [2, 2], rightC: [2, 2] },
        ...{ leftKernel: [2, 10], rightKernel: [2, 10], bias: [10], x: [2, 3], kernel: [3, 10] },
      },
    },
    {
      in: {
        ...{ leftH: [1, 2], leftC: [1, 2], rightH: [1, 2], rightC: [1, 2] },
        ...{ leftKernel: [2, 10], rightKernel: [2, 10] },
      },
    },
  ],
  errors: [
    {
      in: {
        ...{ leftH: [2, 2], leftC: [2, 2], rightH: [2, 3], rightC: [2, 2] },
        ...{ leftKernel: [2, 10], rightKernel: [2, 10] },
      },
      says: 'treeLstmCell: rightH is [2,3]; beside leftH [2,2] it must be [2,2]',
    },
    {
      in: {
        ...{ leftH: [2, 2], leftC: [2, 2], rightH: [2, 2], rightC: [2, 2] },
        ...{ leftKernel: [2, 10], rightKernel: [2, 10], x: [2, 3] },
      },
      says: 'treeLstmCell: x and its kernel come together; one of them is missing',
    },
  ],
};
