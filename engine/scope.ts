import { state } from './state.ts';
import type { Tensor } from './tensor.ts';

/**
 * A stretch of the program at whose end the handles made in it are ended,
 * except what it returns. `tf.tidy` and the engine itself (composite ops,
 * gradient formulas, optimizers) use the same one.
 */
export class Scope {
  readonly made: Tensor[] = [];
  readonly outer: Scope | null;

  constructor() {
    this.outer = state.scope;
    state.scope = this;
  }

  /** Ends the scope. What is in `kept` lives on, in the scope around this one if there is one. */
  end(kept: readonly Tensor[]): void {
    const { made, outer } = this;
    state.scope = outer;
    const many = kept.length > 8 ? new Set(kept) : null;
    for (let i = 0; i < made.length; i++) {
      const tensor = made[i]!;
      if (many === null ? kept.includes(tensor) : many.has(tensor)) outer?.made.push(tensor);
      else tensor.dispose();
    }
  }
}

const nothing: readonly Tensor[] = [];

/** Runs `f` in a scope of its own; `results` lists the tensors in what it returned. */
export function scoped<R>(f: () => R, results: (value: R) => readonly Tensor[]): R {
  const scope = new Scope();
  let kept = nothing;
  try {
    const value = f();
    kept = results(value);
    return value;
  } finally {
    scope.end(kept);
  }
}
