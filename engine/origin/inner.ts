import { indexAt, one, positionOf, type Cells, type Question, type Rule } from './cells.ts';
import { Batch } from '../vmap/batch.ts';
import { control } from '../gate.ts';
import { spelled, tensorsOf, type Input, type Result } from '../inputs.ts';
import { partwise, run } from '../run.ts';
import { GATE, Gate } from '../protocol.ts';
import { quietly } from '../evaluation.ts';
import type { Ready } from '../ready.ts';
import { ruleOf } from './rules.ts';
import { aside, state } from '../state.ts';
import { Storage } from '../storage.ts';
import { Tensor } from '../tensor.ts';
import { givenOf } from './values.ts';

/**
 * Where elements of a composite op come from: it is run once more, op by op,
 * unseen by the program, and its element is followed through what ran.
 */
export function inner(
  op: Ready,
  inputs: readonly Input[],
  attrs: unknown,
  { slot, index }: Pick<Question, 'slot' | 'index'>,
): readonly Cells[] | null {
  const way = new Way(op, inputs, attrs);
  try {
    return way.back(slot, index);
  } finally {
    way.dispose();
  }
}

/** So many elements are followed. */
const MOST = 300_000;

/** An op that ran inside, with what it worked on. */
interface Step {
  readonly rule: Rule;
  readonly attrs: unknown;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** What a composite op did, as it was run once more. */
class Way {
  readonly #inputs: readonly Tensor[];
  readonly #made: readonly Tensor[];
  readonly #steps: Step[] = [];
  /** The values of all that was made, which the op itself has ended by now. */
  readonly #kept = new Map<Tensor, Tensor>();

  constructor(op: Ready, inputs: readonly Input[], attrs: unknown) {
    this.#inputs = spelled(inputs);
    for (const input of this.#inputs) this.#kept.set(input, input);
    this.#made = quietly(() =>
      aside(() => {
        const { device } = this.#inputs[0]!.storage.bytes;
        state.batch = new Batch(1, 'same', device, (...call) => this.#run(...call));
        // With nobody to look, run.ts takes its short ways.
        control[GATE] = Gate.SITES;
        try {
          return tensorsOf(this.#parts(op, inputs, attrs));
        } finally {
          control[GATE] = 0;
          state.batch = null;
        }
      }),
    );
  }

  /** The elements of the inputs that feed that element; null where they are too many to be followed. */
  back(slot: number, index: readonly number[]): readonly Cells[] | null {
    const wanted = new Map<Tensor, Set<number>>();
    const want = (tensor: Tensor, position: number): void => {
      const places = wanted.get(tensor);
      if (places) places.add(position);
      else wanted.set(tensor, new Set([position]));
    };
    const result = this.#made[slot]!;
    want(result, positionOf(index, result.shape));
    let unsure = false;
    let work = 0;
    for (const { rule, attrs, inputs, outputs } of this.#steps.toReversed()) {
      for (const [at, output] of outputs.entries()) {
        const places = wanted.get(output);
        if (places === undefined) continue;
        const given = inputs.map((input) => givenOf(this.#kept.get(input)!));
        const out = givenOf(this.#kept.get(output)!);
        for (const position of places) {
          const element = indexAt(position, output.shape);
          for (const cells of rule({ inputs: given, attrs, out, slot: at, index: element })) {
            unsure ||= cells.unsure === true;
            work += cells.count;
            if (work > MOST) return null;
            for (let k = 0; k < cells.count; k++) want(inputs[cells.input]!, cells.at(k));
          }
        }
      }
    }
    return this.#inputs.flatMap((tensor, input) => {
      if (this.#inputs.indexOf(tensor) < input) return [];
      const places = [...(wanted.get(tensor) ?? [])].sort((a, b) => a - b);
      if (places.length === 0) return [];
      return [{ input, count: places.length, at: (k) => places[k]!, ...(unsure && { unsure }) }];
    });
  }

  dispose(): void {
    for (const tensor of this.#made) tensor.dispose();
    for (const [own, kept] of this.#kept) if (own !== kept) kept.dispose();
  }

  #run(op: Ready, inputs: readonly Input[], attrs: unknown): Result {
    const rule = ruleOf(op);
    if (rule === null) return this.#parts(op, inputs, attrs);
    const { batch } = state;
    state.batch = null;
    try {
      const result = run(op, inputs, attrs);
      this.#note({ rule, attrs, inputs: spelled(inputs), outputs: tensorsOf(result) });
      return result;
    } finally {
      state.batch = batch;
    }
  }

  #parts(op: Ready, inputs: readonly Input[], attrs: unknown): Result {
    const flat = spelled(inputs);
    const made = partwise(op, inputs, flat, attrs);
    for (const output of tensorsOf(made)) {
      if (this.#kept.has(output)) continue;
      // What came in goes out as another handle.
      const from = flat.find(({ storage }) => storage === output.storage)!;
      this.#note({ rule: unchanged, attrs: {}, inputs: [from], outputs: [output] });
    }
    return made;
  }

  #note(step: Step): void {
    this.#steps.push(step);
    for (const input of step.inputs) if (!this.#kept.has(input)) this.#keep(input);
    for (const output of step.outputs) this.#keep(output);
  }

  #keep(tensor: Tensor): void {
    const { storage, shape, dtype, size, offset, strides } = tensor;
    const own = new Storage(storage.bytes, true);
    this.#kept.set(tensor, new Tensor(own, shape, dtype, size, offset, strides));
  }
}

const unchanged: Rule = ({ out, index }) => [one(0, positionOf(index, out.shape))];
