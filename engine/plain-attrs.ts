import { Tensor } from './tensor.ts';

/** Attributes as JSON can carry them; `text` says what stands for a tensor. */
export function plainly(
  attrs: object,
  text: (tensor: Tensor) => string,
): { readonly [name: string]: unknown } {
  return JSON.parse(
    JSON.stringify(attrs ?? {}, (_, value: unknown) =>
      typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
        ? String(value)
        : value instanceof Tensor
          ? text(value)
          : value,
    ),
  ) as { readonly [name: string]: unknown };
}
