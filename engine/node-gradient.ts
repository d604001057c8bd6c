import { Subject } from './op-log/entry.ts';
import type { Override } from './device.ts';
import { nameAt, outputAt } from './node-names.ts';
import type { NotedGradient } from './noting.ts';
import { current } from './own-gradients.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** How the gradients of a node are computed. */
type Formulas = (
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  need: readonly boolean[],
) => Made;
type Made = readonly (Tensor | null | undefined)[];

/** The gradient of a node as an op of its own: what goes in, what comes of it, and what both are called. */
export class NodeGradient implements NotedGradient<Made> {
  readonly attrs: unknown;
  readonly #node: TapeNode;
  readonly #arrived: readonly (Tensor | undefined)[];
  readonly #need: readonly boolean[];
  readonly #formulas: Formulas;

  constructor(
    node: TapeNode,
    arrived: readonly (Tensor | undefined)[],
    need: readonly boolean[],
    formulas: Formulas,
  ) {
    this.attrs = node.attrs;
    this.#node = node;
    this.#arrived = arrived;
    this.#need = need;
    this.#formulas = formulas;
  }

  perform(): Made {
    return this.#formulas(this.#node, this.#arrived, this.#need);
  }

  results(made: Made): Made {
    return made;
  }

  inputs(): readonly Tensor[] {
    const arrived = this.#arrived;
    const { pinned, tensors } = this.#node;
    const all: Tensor[] = [];
    for (let i = 0; i < arrived.length; i++) if (arrived[i]) all.push(arrived[i]!);
    if (pinned !== null)
      for (let i = 0; i < pinned.length; i++)
        if (pinned[i]) all.push(current(this.#node, tensors[i]!, i));
    return all;
  }

  subject(): Subject {
    return names(this.#node).subject(this.#node, this.#arrived);
  }

  resultNames(made: Made): readonly string[] {
    return names(this.#node).results(this.#node, made);
  }
}

/** The names of what goes into the gradient of an op and comes of it: one list for each choice of tensors that are there. */
export class GradientNames {
  readonly override: Override | null;
  readonly #subjects = new Map<number, Subject>();
  readonly #results = new Map<number, readonly string[]>();

  constructor(override: Override | null) {
    this.override = override;
  }

  subject(node: TapeNode, arrived: readonly unknown[]): Subject {
    const { pinned, counts, op } = node;
    const key = counts === null ? bits(pinned ?? none, bits(arrived, 1)) : 0;
    let subject = key === 0 ? undefined : this.#subjects.get(key);
    if (subject === undefined) {
      const made = inputNames(node, arrived);
      subject = new Subject(op.name, op.gradient, null, 'backward', made, null);
      if (key !== 0) this.#subjects.set(key, subject);
    }
    return subject;
  }

  results(node: TapeNode, made: Made): readonly string[] {
    const key = node.counts === null ? bits(made, 1) : 0;
    let list = key === 0 ? undefined : this.#results.get(key);
    if (list === undefined) {
      list = made.flatMap((tensor, i) => (tensor ? [`d${nameAt(node, i)}`] : []));
      if (key !== 0) this.#results.set(key, list);
    }
    return list;
  }
}

/** They are the same as long as the device's own way is the same. */
function names({ op, override }: TapeNode): GradientNames {
  if (op.gradientNames?.override !== override) op.gradientNames = new GradientNames(override);
  return op.gradientNames!;
}

function inputNames(node: TapeNode, arrived: readonly unknown[]): readonly string[] {
  const all: string[] = [];
  for (let i = 0; i < arrived.length; i++)
    if (arrived[i]) all.push(arrived.length === 1 ? 'g' : `g.${outputAt(node, i)}`);
  for (let i = 0; i < node.tensors.length; i++) if (node.pinned?.[i]) all.push(nameAt(node, i));
  return all;
}

/** Which of them are there, behind the bits of `before`; 0 where there are too many to say. */
function bits(all: readonly unknown[], before: number): number {
  let key = before;
  for (let i = 0; i < all.length; i++) key = 2 * key + (all[i] ? 1 : 0);
  return key < 2 ** 31 ? key : 0;
}

const none: readonly unknown[] = [];
