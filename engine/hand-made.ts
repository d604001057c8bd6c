import { within, type Batch } from './vmap/batch.ts';
import { batched, batchesOf, gradientOf, weightsOf } from './vmap/batched.ts';
import { named } from './given.ts';
import { ready } from './ready.ts';
import { state } from './state.ts';
import { lastId, Tensor } from './tensor.ts';

/** Nodes of a tape that stand for a stretch of the program, with a gradient that is given and not derived. */

/** From the gradients of the results to those of the inputs; `values` are what was saved, after the inputs where these are kept. */
export type HandMade = (
  arrived: readonly (Tensor | undefined)[],
  values: readonly Tensor[],
) => readonly (Tensor | null)[];

/**
 * Notes on all tapes that record that `results` came of `inputs`, by a gradient
 * that is given. `saved` are further tensors that it reads; `keeps` says that it
 * reads the inputs, too.
 */
export function noteHandMade(
  name: string,
  inputs: readonly Tensor[],
  saved: readonly Tensor[],
  results: readonly Tensor[],
  gradient: HandMade,
  keeps = false,
): void {
  const batches = outermostFirst([...inputs, ...results]);
  for (let tape = state.tape; tape !== null; tape = tape.outer) {
    const own = tape.batch;
    const op = ready(name, {
      inputs: { x: 'many', saved: 'many' },
      outputs: results.length === 1 ? 'one' : 'many',
      spec: () => results,
      saves: keeps ? ['x', 'saved'] : ['saved'],
      backward: (
        arrived: Tensor | readonly (Tensor | undefined)[],
        seen: { x: readonly Tensor[]; saved: readonly Tensor[] },
      ) =>
        within(batches, () => {
          const all = Array.isArray(arrived) ? arrived : [arrived];
          const given = (all as readonly (Tensor | undefined)[]).map(
            (g, i) => g && gradientOf(g, results[i]!),
          );
          const wholes = keeps ? [...seen.x, ...seen.saved] : seen.saved;
          const of = keeps ? [...inputs, ...saved] : saved;
          const values = wholes.map((value, i) => batched(value, batchesOf(of[i]!)));
          const found = gradient(given, values);
          const x = inputs.map((input, i) => {
            const g = found[i] ?? null;
            return g === null ? null : weightsOf(shared(g, input, batches, own), input);
          });
          return { x, saved: saved.map(() => null) };
        }),
    });
    const wholes = [...inputs, ...saved].map(({ whole }) => whole);
    const outs = results.map(({ whole }) => whole);
    tape.record(op, wholes, [inputs.length, saved.length], {}, outs, null);
  }
}

/**
 * Runs `make` with no tape to record it. What it gives is a tensor of its own, also where the function gave one that
 * was there before: a node of that tensor's would be the hand-made one's, too.
 */
export function unrecorded(make: () => Tensor): Tensor {
  const { tape } = state;
  state.tape = null;
  try {
    const before = lastId();
    const out = make();
    return out.id > before ? out : out.clone();
  } finally {
    state.tape = tape;
  }
}

/** What a gradient function of the user's gave: one gradient or null for each of so many inputs. */
export function gradientsGiven(
  op: string,
  name: string,
  given: unknown,
  count: number,
): readonly (Tensor | null)[] {
  const list: readonly unknown[] | null =
    given instanceof Tensor ? [given] : Array.isArray(given) ? given : null;
  const wrong = list === null ? given : list.find((g) => g !== null && !(g instanceof Tensor));
  if (list === null || wrong !== undefined) {
    throw new Error(
      `${op}: ${name} gave ${named(wrong)}; it must give a tensor, or a list with one or null for each input`,
    );
  }
  if (list.length === count) return list as readonly (Tensor | null)[];
  throw new Error(
    `${op}: ${name} gave ${list.length} gradients for ${count} inputs; null stands for none`,
  );
}

/** What differs from example to example, for an input that is the same for all: to a tape outside it adds up. */
function shared(
  gradient: Tensor,
  input: Tensor,
  batches: readonly Batch[],
  tape: Batch | null,
): Tensor {
  const own = batchesOf(input);
  const given = batchesOf(gradient);
  const sum = given.filter(
    (batch) => batches.includes(batch) && !own.includes(batch) && !tape?.isWithin(batch),
  );
  if (sum.length === 0) return gradient;
  const axes = sum.map((batch) => given.indexOf(batch));
  const rest = given.filter((batch) => !sum.includes(batch));
  return batched(gradient.whole.sum(axes), rest);
}

function outermostFirst(tensors: readonly Tensor[]): readonly Batch[] {
  const all = new Set(tensors.flatMap(batchesOf));
  return [...all].sort((a, b) => a.depth - b.depth);
}
