import { orderOf, type Equation } from './equation.ts';
import type { Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** A tensor whose axes have labels, each once. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** The sum of products that an equation says, as matrix products of two at a time. */
export function contracted(tensors: readonly Tensor[], equation: Equation): Tensor {
  const { output } = equation;
  let list = tensors.map((x, i) => single(x, equation.operands[i]!, equation));
  for (const [i, j] of orderOf(equation)) {
    const rest = list.filter((_, at) => at !== i && at !== j);
    const kept = new Set([...output, ...rest.flatMap(({ labels }) => labels)]);
    const [a, b] = [list[i]!, list[j]!].map((one, at, both) =>
      summed(one, new Set([...kept, ...both[1 - at]!.labels])),
    );
    list = [...rest, pair(a!, b!, kept)];
  }
  return spread(ordered(summed(list[0]!, new Set(output)), output), equation);
}

/** With every label once: an axis that is there twice becomes their diagonal, and one of length 1 in place of a longer one goes. */
function single(x: Tensor, given: readonly string[], { lengths }: Equation): Labelled {
  const labels = [...given];
  for (let axis = labels.length - 1; axis >= 0; axis--) {
    const label = labels[axis]!;
    if (x.shape[axis] === 1 && (lengths.get(label) !== 1 || labels.indexOf(label) !== axis)) {
      x = x.squeeze(axis);
      labels.splice(axis, 1);
    }
  }
  for (let axis = labels.length - 1; axis >= 0; axis--) {
    const label = labels[axis]!;
    const first = labels.indexOf(label);
    if (first === axis) continue;
    x = x.diagonal(0, first, axis);
    labels.splice(axis, 1);
    labels.splice(first, 1);
    labels.push(label);
    axis = labels.length;
  }
  return { x, labels };
}

/** Without the axes that nothing else needs. */
function summed({ x, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]));
  if (axes.length === 0) return { x, labels };
  return { x: x.sum(axes).cast(x.dtype), labels: labels.filter((label) => kept.has(label)) };
}

/** The product of two, summed over what both have and nothing else needs. */
function pair(a: Labelled, b: Labelled, kept: ReadonlySet<string>): Labelled {
  const both = a.labels.filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => kept.has(label));
  const inner = both.filter((label) => !kept.has(label));
  const rows = a.labels.filter((label) => !both.includes(label));
  const columns = b.labels.filter((label) => !both.includes(label));
  const labels = [...batch, ...rows, ...columns];
  const length = new Map([a, b].flatMap((t) => t.labels.map((label, i) => [label, t.x.shape[i]!])));
  const shape = (list: readonly string[]): Shape => list.map((label) => length.get(label)!);
  if (inner.length === 0) {
    // Nothing to sum: a product element by element.
    const ones = columns.map(() => 1);
    const left = arranged(a, [...batch, ...rows]);
    const right = arranged(b, [...batch, ...columns]);
    const wide = right.reshape([...shape(batch), ...rows.map(() => 1), ...shape(columns)]);
    return { x: left.reshape([...left.shape, ...ones]).mul(wide), labels };
  }
  const size = (list: readonly string[]) => shape(list).reduce((m, n) => m * n, 1);
  const lead = shape(batch);
  const left = arranged(a, [...batch, ...rows, ...inner]);
  const right = arranged(b, [...batch, ...inner, ...columns]);
  const x = left
    .reshape([...lead, size(rows), size(inner)])
    .matMul(right.reshape([...lead, size(inner), size(columns)]));
  return { x: x.reshape(shape(labels)), labels };
}

function arranged({ x, labels }: Labelled, order: readonly string[]): Tensor {
  if (order.every((label, i) => labels[i] === label)) return x;
  return x.transpose(order.map((label) => labels.indexOf(label)));
}

/** In the order of the output, without what was there only as an axis of length 1. */
function ordered(one: Labelled, output: readonly string[]): Labelled {
  const labels = output.filter((label) => one.labels.includes(label));
  return { x: arranged(one, labels), labels };
}

function spread({ x, labels }: Labelled, { output, lengths }: Equation): Tensor {
  if (labels.length === output.length) return x;
  const shape = output.map((label) => (labels.includes(label) ? lengths.get(label)! : 1));
  return x.reshape(shape).broadcastTo(output.map((label) => lengths.get(label)!));
}
