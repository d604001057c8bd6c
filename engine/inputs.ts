import type { Ready } from './ready.ts';
import { Tensor } from './tensor.ts';
import type { NamedTensors } from './trace.ts';

/**
 * What goes into an op: in the row's order, a list where the row takes a list,
 * undefined where one was left out.
 */
export type Input = Tensor | readonly Tensor[] | undefined;
/** One tensor, a list, or several by name, as the row says. */
export type Result = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

/** The inputs by their names. */
export function named(op: Ready, inputs: readonly Input[]): object {
  if (inputs.length === 1) return op.named(inputs[0]);
  return inputs.length === 2 ? op.named(inputs[0], inputs[1]) : op.named(...inputs);
}

export function plain(inputs: readonly Input[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (!(inputs[i] instanceof Tensor)) return false;
  return true;
}

export function spelled(inputs: readonly Input[]): readonly Tensor[] {
  return inputs.flatMap((input) => (input === undefined ? [] : (input as Tensor | Tensor[])));
}

/** How many tensors each input took; -1 is one that is no list. */
export function counts(inputs: readonly Input[]): readonly number[] {
  return inputs.map((input) => (input instanceof Tensor ? -1 : (input?.length ?? 0)));
}

export function inputNames(op: Ready, inputs: readonly Input[]): NamedTensors {
  const names: (readonly [string, Tensor])[] = [];
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    const name = op.inputs[i]!;
    if (input instanceof Tensor) names.push([name, input]);
    else input?.forEach((tensor, k) => names.push([`${name}[${k}]`, tensor]));
  }
  return names;
}

export function tensorsOf(made: Result): readonly Tensor[] {
  if (made instanceof Tensor) return [made];
  return made instanceof Array ? made : (Object.values(made) as Tensor[]);
}

export function outputNames(op: Ready, made: Result): NamedTensors {
  if (made instanceof Tensor) return [['out', made]];
  if (made instanceof Array) return made.map((tensor, k) => [`out[${k}]`, tensor] as const);
  return op.outputs.map((name) => [name, (made as { [name: string]: Tensor })[name]!] as const);
}
