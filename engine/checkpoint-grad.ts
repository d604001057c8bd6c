import { isSmooth } from './dtype.ts';
import { functionGiven, named, tensorGiven } from './given.ts';
import { noteHandMade } from './hand-made.ts';
import { drawAgain, noteDraws, type Noted } from './random-state.ts';
import type { Ready } from './ready.ts';
import { scoped } from './scope.ts';
import { state } from './state.ts';
import { GradientTape, last } from './tape.ts';
import { tensorsIn } from './tidy.ts';
import { describe, Tensor } from './tensor.ts';

/**
 * A function whose gradient computes its forward once more instead of keeping
 * what it made: the tape saves its arguments alone. Memory for time, as in
 * PyTorch's `checkpoint` and JAX's (Chen and others: Training Deep Nets with
 * Sublinear Memory Cost, 2016). Gradients are the same, bit for bit, also of
 * variables that it uses and of tensors around it, and `dropout` and a `Generator`
 * draw the same numbers again.
 *
 *     for (const block of blocks) h = tf.checkpoint(block)(h);
 *
 * It takes tensors and returns one or a list of them. It must do the same each
 * time; a variable that was assigned in between is an error.
 */
export function checkpoint<A extends readonly Tensor[], R extends Tensor | readonly Tensor[]>(
  f: (...args: A) => R,
): (...args: A) => R {
  functionGiven('checkpoint', f);
  return (...args) => {
    for (const arg of args) tensorGiven('checkpoint', 'an argument', arg);
    if (state.tape === null) return apart(args, f(...args));
    const outer = state.tape;
    const { draws, path } = state;
    const generators: Noted = new Map();
    const probe = new Probe(outer);
    let made: R;
    try {
      made = noteDraws(generators, () => scoped(() => apart(args, f(...args)), tensorsIn));
    } finally {
      probe.dispose();
    }
    const { seed } = state;
    const results = tensorsIn(made);
    const wholes = args.map(({ whole }) => whole);
    const inputs: Tensor[] = [...args, ...[...probe.found].filter((t) => !wholes.includes(t))];
    const again = (dys: readonly (Tensor | undefined)[], values: readonly Tensor[]) => {
      for (let i = args.length; i < inputs.length; i++) checkSame(inputs[i]!, values[i]!);
      return drawAgain(generators, () =>
        recomputed(f, values, args.length, dys, { seed, draws, path }),
      );
    };
    noteHandMade('checkpoint', inputs, [], results, again, true);
    return made;
  };
}

/** Gradients of the arguments and of what else was used, by a tape of its own. */
function recomputed(
  f: (...args: never[]) => unknown,
  inputs: readonly Tensor[],
  count: number,
  dys: readonly (Tensor | undefined)[],
  before: Pick<typeof state, 'seed' | 'draws' | 'path'>,
): readonly (Tensor | null)[] {
  const { seed, draws, path } = state;
  const shown = last.tape;
  last.tape = null;
  using tape = new GradientTape({ watchAccessedVariables: false });
  last.tape = shown;
  Object.assign(state, before);
  try {
    tape.watch(inputs.filter(({ dtype }) => isSmooth(dtype)));
    const outs = tensorsIn(f(...(inputs.slice(0, count) as never[])));
    const used = outs.flatMap((out, i) => (dys[i] === undefined ? [] : [[out, dys[i]!] as const]));
    const outputGradients = used.map(([, dy]) => dy);
    const found = tape.gradient(
      used.map(([out]) => out),
      inputs,
      { outputGradients },
    );
    // A tensor that is several arguments has its gradient once.
    const ids = inputs.map(({ whole }) => whole.id);
    return found.map((gradient, i) => (ids.indexOf(ids[i]!) < i ? null : gradient));
  } finally {
    Object.assign(state, { seed, draws, path });
  }
}

function checkSame(now: Tensor, then: Tensor): void {
  if (now.storage === then.storage && now.storage.bytes === then.storage.bytes) return;
  const { name = '' } = now as { readonly name?: string };
  throw new Error(
    `checkpoint: ${name} ${describe(now)} has other values than when the function ran, so that its gradient cannot be computed; assign after gradient()`,
  );
}

/** Results as tensors of their own, where the function gave an argument back. */
function apart<R>(args: readonly Tensor[], made: R): R {
  const own = (value: unknown): Tensor => {
    if (!(value instanceof Tensor)) {
      throw new Error(`checkpoint: the function must return tensors, not ${named(value)}`);
    }
    return args.includes(value) ? value.clone() : value;
  };
  return (Array.isArray(made) ? made.map(own) : own(made)) as R;
}

/** In place of the program's tapes: records nothing, and notes what they would have tracked. */
class Probe extends GradientTape {
  readonly found = new Set<Tensor>();
  readonly #tapes: readonly GradientTape[];

  constructor(tape: GradientTape) {
    const shown = last.tape;
    last.tape = null;
    super({ watchAccessedVariables: false });
    last.tape = shown;
    const tapes: GradientTape[] = [];
    for (let open: GradientTape | null = tape; open !== null; open = open.outer) tapes.push(open);
    this.#tapes = tapes;
    this.outer = null;
  }

  override dispose(): void {
    super.dispose();
    [state.tape = null] = this.#tapes;
  }

  override record(op: Ready, inputs: readonly Tensor[]): void {
    if (!op.differentiable && op.row.compose === undefined) return;
    for (const input of inputs) this.#note(input);
  }

  override record1(op: Ready, x: Tensor): void {
    if (op.differentiable) this.#note(x);
  }

  override record2(op: Ready, x: Tensor, y: Tensor): void {
    if (!op.differentiable) return;
    this.#note(x);
    this.#note(y);
  }

  override pass(): void {}

  #note(tensor: Tensor): void {
    if (!this.found.has(tensor) && this.#tapes.some((tape) => tape.tracks(tensor))) {
      this.found.add(tensor);
    }
  }
}
