import { one, positionOf, spreadFrom, type Question, type Rule } from './cells.ts';
import { sizeOf } from '../shape.ts';

/** Ops that make each element of the elements at its place; inputs broadcast. */

export const elementwise: Rule = ({ inputs, index }) =>
  inputs.map(({ shape }, input) => one(input, spreadFrom(index, shape)));

/** What it makes depends on no value: of the shape alone, or on chance. */
export const nothing: Rule = () => [];

/** The branch that was taken, and what chose it. */
const where: Rule = ({ inputs, index }) => {
  const [condition, x, y] = inputs;
  const place = spreadFrom(index, condition!.shape);
  const taken = condition!.value(place) ? 1 : 2;
  return [one(taken, spreadFrom(index, (taken === 1 ? x : y)!.shape)), one(0, place)];
};

/** The same bytes, cut into elements of another size. */
const bitcast: Rule = ({ inputs: [x], out, index }: Question) => {
  const [from, to] = [sizeOf(x!.shape), sizeOf(out.shape)];
  const position = positionOf(index, out.shape);
  if (to >= from) return [one(0, Math.floor(position / (to / from)))];
  const each = from / to;
  return [{ input: 0, count: each, at: (k) => position * each + k }];
};

export const elements = {
  cast: elementwise,
  clipByValue: elementwise,
  polygamma: elementwise,
  nextAfter: elementwise,
  bitwiseNot: elementwise,
  angle: elementwise,
  complex: elementwise,
  conj: elementwise,
  imag: elementwise,
  real: elementwise,
  gelu: elementwise,
  step: elementwise,
  celu: elementwise,
  elu: elementwise,
  hardTanh: elementwise,
  leakyRelu: elementwise,
  prelu: elementwise,
  relu6: elementwise,
  bernoulli: elementwise,
  poisson: elementwise,
  where,
  bitcast,
  dropoutMask: nothing,
  fullLike: nothing,
  onesLike: nothing,
  zerosLike: nothing,
} satisfies { readonly [op: string]: Rule };
