import type { Tensor } from './tensor.ts';

/** The first `length` elements along the last axis, filled up with zeros. */
export function resized(x: Tensor, length: number): Tensor {
  const own = x.shape.at(-1)!;
  const rest = x.shape.slice(0, -1);
  if (own === length) return x;
  if (own < length) return x.pad([...rest.map(() => [0, 0] as const), [0, length - own]]);
  return x.slice(
    x.shape.map(() => 0),
    [...rest, length],
  );
}
