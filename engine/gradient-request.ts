import { gradientOf, weightsOf } from './vmap/batched.ts';
import { isComplex } from './dtype.ts';
import { named, tensorGiven } from './given.ts';
import { sameShape } from './shape.ts';
import { describe, held, Tensor } from './tensor.ts';

/** What gradients are asked for: one tensor, a list or a record of them. */
export type Sources = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };
/** The same form with a gradient in each place, or null where null may be. */
export type GradientsOf<S, U extends Unconnected = 'none'> = S extends Tensor
  ? Tensor | (U extends 'none' ? null : never)
  : { -readonly [K in keyof S]: Tensor | (U extends 'none' ? null : never) };

/** What stands for the gradient of a source that the target does not depend on: null, or zeros. */
export type Unconnected = 'none' | 'zero';

export interface GradientOptions<U extends Unconnected = Unconnected> {
  /** What weighs the elements of the target: of its shape, one for each target. All elements count 1 without it. */
  readonly outputGradients?: Tensor | readonly Tensor[];
  /** Null, `'none'`, where nothing is said. */
  readonly unconnectedGradients?: U;
}

/** A call of `gradient()` with everything spelled out in lists. */
export interface GradientRequest {
  /** The sources as they were given, in order; under vmap `sources` are their wholes. */
  readonly given: readonly Tensor[];
  readonly targets: readonly Tensor[];
  readonly sources: readonly Tensor[];
  /** One for each target, of its shape; null where all elements count 1. */
  readonly weights: readonly Tensor[] | null;
}

/** Checks what was asked for, before a tape is used up by it. */
export function request(
  target: Tensor | readonly Tensor[],
  sources: Sources,
  outputGradients: Tensor | readonly Tensor[] | undefined,
): GradientRequest {
  const targets = listOf(target);
  const weights = outputGradients === undefined ? null : listOf(outputGradients);
  if (weights !== null && weights.length !== targets.length) {
    throw new Error(
      `gradient: ${weights.length} output gradients for ${targets.length} targets; there must be one for each`,
    );
  }
  for (let i = 0; i < targets.length; i++) {
    const each = targets[i]!;
    held(tensorGiven('gradient', 'the target', each), 'gradient');
    if (weights === null) {
      if (!isComplex(each.dtype)) continue;
      throw new Error(
        `gradient: the target is ${describe(each)}, and complex numbers have no greatest; take real(), imag() or abs() of it, or give outputGradients`,
      );
    }
    held(tensorGiven('gradient', 'the output gradient', weights[i]), 'gradient');
    sameAs('gradient', 'output gradient', weights[i]!, each);
  }
  const given = sourcesIn(sources);
  return {
    given,
    targets: targets.map(({ whole }) => whole),
    sources: given.map(({ whole }) => whole),
    weights: weights === null ? null : weights.map((w, i) => weightsOf(w, targets[i]!)),
  };
}

/** What was found as the gradients of the tensors that were given, with zeros where they are asked for in place of null. */
export function completed(
  { given }: GradientRequest,
  found: readonly (Tensor | null)[],
  zeros: boolean,
): readonly (Tensor | null)[] {
  return found.map((gradient, i) => {
    if (gradient !== null) return gradientOf(gradient, given[i]!);
    return zeros ? given[i]!.zerosLike() : null;
  });
}

/** Whether zeros are asked for in place of null. */
export function isZero(unconnected: Unconnected = 'none'): boolean {
  if (unconnected === 'none' || unconnected === 'zero') return unconnected === 'zero';
  throw new Error(
    `gradient: unconnectedGradients is ${named(unconnected)}; it must be 'none', for null, or 'zero'`,
  );
}

/** Gradients in the form in which the sources were given. */
export function inForm<S extends Sources, U extends Unconnected>(
  sources: S,
  found: readonly (Tensor | null)[],
): GradientsOf<S, U> {
  const form =
    sources instanceof Tensor
      ? found[0]
      : Array.isArray(sources)
        ? found
        : Object.fromEntries(Object.keys(sources).map((name, i) => [name, found[i]]));
  return form as GradientsOf<S, U>;
}

/** Throws where a gradient has not the shape of its tensor. */
export function sameAs(op: string, what: string, gradient: Tensor, tensor: Tensor): void {
  if (sameShape(gradient.shape, tensor.shape)) return;
  throw new Error(
    `${op}: the ${what} is ${describe(gradient)}; it must have the shape of ${describe(tensor)}`,
  );
}

/** One as a list; whether it holds tensors is for others to check. */
export function listOf(tensors: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor];
}

/** The tensors in them, in order; throws for anything else. */
export function sourcesIn(sources: Sources): readonly Tensor[] {
  if (typeof sources !== 'object' || sources === null) {
    throw new Error(
      `gradient: the sources are ${named(sources)}; they must be a tensor, a list or a record of tensors`,
    );
  }
  const list =
    sources instanceof Tensor || Array.isArray(sources)
      ? listOf(sources as Tensor | readonly Tensor[])
      : (Object.values(sources) as Tensor[]);
  for (const source of list) tensorGiven('gradient', 'a source', source);
  return list;
}
