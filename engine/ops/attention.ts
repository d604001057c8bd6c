import { isFloat, promote } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { nextKey, type Key } from '../random-state.ts';
import { broadcast, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface Attending {
  readonly dropoutP: number;
  readonly isCausal: boolean;
  readonly scale: number;
  readonly enableGqa: boolean;
  /** Null where nothing is dropped. */
  readonly key: Key | null;
}

/**
 * `softmax(query @ key^T * scale + mask) @ value` (Vaswani and others:
 * Attention Is All You Need, 2017): query is `[..., L, E]`, key `[..., S, E]`,
 * value `[..., S, V]`, and what stands before broadcasts. A mask of booleans
 * says who takes part, one of floats is added; it broadcasts to `[..., L, S]`.
 * `isCausal` lets position i see those up to i. `scale` is `1 / sqrt(E)` unless
 * given. `dropoutP` drops weights, `enableGqa` shares each head of key and
 * value among several of query (axis -3). Where a mask of booleans leaves
 * nobody, the result is 0. The order of arguments is PyTorch's.
 */
export const scaledDotProductAttention: Op<
  { query: One; key: One; value: One; mask?: One },
  [query: T, key: T, value: T, mask?: T],
  [dropoutP?: number, isCausal?: boolean, scale?: number | null, enableGqa?: boolean],
  Attending,
  One
> = {
  inputs: { query: 'one', key: 'one', value: 'one', mask: 'maybe' },
  random: true,
  attrs: ({ query }, dropoutP = 0, isCausal = false, scale, enableGqa = false) => {
    if (!(dropoutP >= 0 && dropoutP < 1)) {
      throw new Error(
        `scaledDotProductAttention: a dropout of ${dropoutP}; it must lie from 0 up to, but without, 1`,
      );
    }
    return {
      dropoutP,
      isCausal,
      scale: scale ?? 1 / Math.sqrt(Math.max(query.shape.at(-1) ?? 1, 1)),
      enableGqa,
      key: dropoutP > 0 ? nextKey() : null,
    };
  },
  spec: ({ query, key, value, mask }, { enableGqa }) => {
    const op = 'scaledDotProductAttention';
    for (const [name, { shape }] of Object.entries({ query, key, value })) {
      if (shape.length >= (enableGqa ? 3 : 2)) continue;
      throw new Error(
        `${op}: the ${name} is ${text(shape)}; it must be ${enableGqa ? '[..., heads, length, features]' : '[..., length, features]'}`,
      );
    }
    if (key.shape.at(-1) !== query.shape.at(-1)) throw unlike(op, 'features', query, 'key', key);
    if (value.shape.at(-2) !== key.shape.at(-2)) throw unlike(op, 'positions', key, 'value', value);
    const heads = query.shape.at(-3)!;
    const lead = ({ shape }: Spec): Shape => {
      const before = shape.slice(0, -2);
      if (!enableGqa) return before;
      if (before.at(-1)! > 0 && heads % before.at(-1)! === 0) return before.with(-1, heads);
      throw new Error(
        `${op}: ${heads} heads of the query do not divide among the ${before.at(-1)} of ${text(shape)}`,
      );
    };
    const batch = broadcast(op, query.shape.slice(0, -2), broadcast(op, lead(key), lead(value)));
    const scores = [...batch, query.shape.at(-2)!, key.shape.at(-2)!];
    if (mask !== undefined) {
      const both = broadcast(op, scores, mask.shape);
      if (both.length > scores.length || both.some((n, i) => n !== scores[i])) {
        throw new Error(
          `${op}: the mask ${text(mask.shape)} does not broadcast to ${text(scores)}, a score for each position of the query and of the key`,
        );
      }
    }
    const dtype = [query, key, value].map((one) => one.dtype).reduce((a, b) => promote(op, a, b));
    if (!isFloat(dtype)) throw new Error(`${op}: its inputs are ${dtype}; they must be floats`);
    return { shape: [...batch, query.shape.at(-2)!, value.shape.at(-1)!], dtype };
  },
  compose: ({ query, key, value, mask }, { dropoutP, isCausal, scale, enableGqa, key: draw }) => {
    const heads = query.shape.at(-3)!;
    const [keys, values] = enableGqa ? [shared(key, heads), shared(value, heads)] : [key, value];
    let scores = query.mul(scale).matMul(keys, false, true);
    let seen: Tensor | undefined;
    if (mask?.dtype === 'bool') seen = mask;
    else if (mask !== undefined) scores = scores.add(mask);
    if (isCausal && scores.size > 0) {
      const past = causal(scores);
      seen = seen === undefined ? past : seen.logicalAnd(past);
    }
    let weights: Tensor;
    if (seen === undefined) weights = scores.softmax();
    else {
      // Where all are left out softmax has no answer; nothing flows through that.
      weights = seen.where(scores, -Infinity).softmax();
      weights = seen.where(weights, 0);
    }
    if (draw !== null) weights = weights.dropout(dropoutP, undefined, draw);
    return weights.matMul(values);
  },
  samples: [
    { in: { query: [2, 3, 4], key: [2, 5, 4], value: [2, 5, 3] } },
    { in: { query: [3, 4], key: [3, 4], value: [3, 2] }, args: [0, true] },
    {
      in: { query: [2, 2, 3], key: [2, 4, 3], value: [4, 2], mask: [2, 4] },
      args: [0, false, 0.3],
    },
    {
      in: {
        query: [2, 3, 2],
        key: [3, 2],
        value: [2, 3, 2],
        mask: { shape: [3, 3], dtype: 'bool', values: [1, 0, 1, 0, 0, 0, 1, 1, 0] },
      },
    },
    {
      in: { query: [1, 4, 2, 3], key: [1, 2, 3, 3], value: [1, 2, 3, 2] },
      args: [0, true, null, true],
    },
  ],
  errors: [
    {
      in: { query: [2, 3, 4], key: [2, 5, 3], value: [2, 5, 3] },
      says: 'the query [2,3,4] has 4 features and the key [2,5,3] 3; they must be equal',
    },
    {
      in: { query: [2, 3, 4], key: [2, 5, 4], value: [2, 6, 4] },
      says: 'the key [2,5,4] has 5 positions and the value [2,6,4] 6; they must be equal',
    },
    {
      in: { query: [2, 3, 4], key: [2, 5, 4], value: [2, 5, 4], mask: [3, 3] },
      says: '[2,3,5] and [3,3] do not broadcast',
    },
    {
      in: { query: [2, 3, 4], key: [2, 5, 4], value: [2, 5, 4], mask: [4, 2, 3, 5] },
      says: 'the mask [4,2,3,5] does not broadcast to [2,3,5]',
    },
    {
      in: { query: [3, 3, 4], key: [2, 5, 4], value: [2, 5, 4] },
      args: [0, false, null, true],
      says: '3 heads of the query do not divide among the 2 of [2,5,4]',
    },
    {
      in: { query: [3, 4], key: [5, 4], value: [5, 4] },
      args: [1],
      says: 'a dropout of 1; it must lie from 0',
    },
  ],
};

function unlike(op: string, what: string, x: Spec, name: string, y: Spec): Error {
  const [first, axis] = what === 'features' ? ['query', -1] : ['key', -2];
  return new Error(
    `${op}: the ${first} ${text(x.shape)} has ${x.shape.at(axis)} ${what} and the ${name} ${text(y.shape)} ${y.shape.at(axis)}; they must be equal`,
  );
}

/** Each head repeated, so that there are as many as the query has. */
function shared(x: Tensor, heads: number): Tensor {
  const [own, length, features] = x.shape.slice(-3) as [number, number, number];
  if (own === heads) return x;
  const lead = x.shape.slice(0, -3);
  return x
    .expandDims(-3)
    .broadcastTo([...lead, own, heads / own, length, features])
    .reshape([...lead, heads, length, features]);
}

/** Whether a position of the key is not after that of the query: `[L, S]`. */
function causal(scores: Tensor): Tensor {
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const zero = scores.slice(
    scores.shape.map(() => 0),
    scores.shape.map(() => 1),
  );
  const none = zero.cast('i32').zerosLike().reshape([1, 1]);
  const row = none.add(Array.from({ length: rows }, (_, i) => [i]));
  return none.add([Array.from({ length: columns }, (_, i) => i)]).lessEqual(row);
}
