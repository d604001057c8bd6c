import type { Batch } from './batch.ts';
import type { DeviceName } from '../device.ts';
import { sizeOf } from '../shape.ts';
import { state } from '../state.ts';
import { ended } from '../storage.ts';
import { alias, describe, Tensor } from '../tensor.ts';

/**
 * What a function under `vmap` sees of a batch: a tensor of the shape of one
 * example. `whole` has all of them, with an axis in front for each vmap that
 * it is batched by, the outermost first.
 */
export class Batched extends Tensor {
  readonly #whole: Tensor;
  readonly batches: readonly Batch[];

  constructor(whole: Tensor, batches: readonly Batch[]) {
    const shape = whole.shape.slice(batches.length);
    super(batches.at(-1)!.storage, shape, whole.dtype, sizeOf(shape), 0, null);
    this.#whole = whole;
    this.batches = batches;
  }

  override get whole(): Tensor {
    return this.#whole;
  }

  override again(): Tensor {
    return new Batched(alias(this.#whole), this.batches);
  }

  override get device(): DeviceName {
    return this.#whole.device;
  }

  override dispose(): void {
    if (this.storage === ended) return;
    this.storage = ended;
    this.#whole.dispose();
  }

  override data(): never {
    throw unread(this, 'data');
  }

  override item(): never {
    throw unread(this, 'item');
  }

  override array(): never {
    throw unread(this, 'array');
  }

  override toJSON(): never {
    throw unread(this, 'toJSON');
  }

  override to(): never {
    throw unread(this, 'to');
  }

  override [Symbol.toPrimitive](hint: string): string {
    if (hint === 'number') throw unread(this, 'a comparison or arithmetic of JavaScript');
    return this.toString();
  }

  override toString(): string {
    const sizes = this.batches.map(({ size }) => size).join(' x ');
    return `${describe(this)} in each of ${sizes} examples of vmap:\n${this.#whole}`;
  }
}

function unread(tensor: Batched, op: string): Error {
  return new Error(
    `${op}: ${describe(tensor)} differs from example to example under vmap, which runs the function once for all of them, so there is no one value to read; choose between values by where(condition, x, y), or return the tensor and read it outside of vmap`,
  );
}

/** The vmaps that a tensor is batched by, the outermost first. */
export function batchesOf(tensor: Tensor): readonly Batch[] {
  return tensor instanceof Batched ? tensor.batches : none;
}
const none: readonly Batch[] = [];

/** A handle on a whole batch, which it takes over; the tensor itself where there is no vmap. */
export function batched(whole: Tensor, batches: readonly Batch[]): Tensor {
  if (batches.length === 0) return whole;
  return instead(whole, whole, batches);
}

/** The scope that would end the one handle ends the other, which has its whole. */
function instead(tensor: Tensor, whole: Tensor, batches: readonly Batch[]): Tensor {
  const other = new Batched(whole, batches);
  const made = state.scope?.made;
  const at = made?.lastIndexOf(tensor) ?? -1;
  if (at >= 0) made![at] = other;
  return other;
}

/** The same tensor as seen from outside of its innermost vmap: with that one's axis in front. */
export function outside(tensor: Batched): Tensor {
  const { whole, batches } = tensor;
  return batches.length === 1 ? whole : new Batched(whole, batches.slice(0, -1));
}

/** What an op gave outside of `batch`, with that one's axis in front, as seen from inside. */
export function inside(tensor: Tensor, batch: Batch): Tensor {
  return sorted(tensor, [...batchesOf(tensor), batch]);
}

/**
 * A gradient of a whole, which may itself be batched (by the vmaps its output
 * gradients were batched by), as one of the tensor that the whole is of.
 */
export function gradientOf(gradient: Tensor, source: Tensor): Tensor {
  if (!(source instanceof Batched)) return gradient;
  const batches = [...batchesOf(gradient), ...source.batches];
  return sorted(gradient, batches);
}

/** Output gradients of a target as those of its whole. */
export function weightsOf(weights: Tensor, target: Tensor): Tensor {
  const own = batchesOf(target);
  if (own.length === 0) return weights;
  const given = batchesOf(weights);
  const others = given.filter((batch) => !own.includes(batch));
  const missing = own.filter((batch) => !given.includes(batch));
  const all = [...missing, ...given];
  const { shape } = weights.whole;
  const full = weights.whole.broadcastTo([...missing.map(({ size }) => size), ...shape]);
  const order = [...others, ...own];
  const perm = full.shape.map((_, i) => (i < all.length ? all.indexOf(order[i]!) : i));
  return batched(full.transpose(perm), others);
}

/** A tensor whose whole has the axes of those vmaps in front, in this order: as one batched by all of them. */
export function sorted(tensor: Tensor, batches: readonly Batch[]): Tensor {
  const order = [...batches].sort((a, b) => a.depth - b.depth);
  const { whole } = tensor;
  if (order.every((batch, i) => batch === batches[i])) return instead(tensor, whole, order);
  const perm = whole.shape.map((_, i) => (i < order.length ? batches.indexOf(order[i]!) : i));
  return batched(whole.transpose(perm), order);
}
