import { sectionFor, updated, type Index } from './indexing/at.ts';
import { dtypeOf, dtypes, type DType, type DTypeLike } from './dtype.ts';
import { marked } from './edit.ts';
import { zip } from './elementwise.ts';
import { carry } from './filters/bad-values.ts';
import { control } from './gate.ts';
import { dtypeOfValues, made, shapeOf, type TensorLike } from './literals.ts';
import { opLog } from './op-log/log.ts';
import { ready, type Ready } from './ready.ts';
import { GATE } from './protocol.ts';
import { inPlace } from './quick.ts';
import { run, run2 } from './run.ts';
import { denseStrides, sameShape } from './shape.ts';
import { inside } from './spread.ts';
import { aside, state } from './state.ts';
import { named, tensorGiven } from './given.ts';
import { blank, describe, held, Tensor } from './tensor.ts';
import { writing } from './writing.ts';

/**
 * A tensor whose values the program changes: a weight, a running mean. Ops
 * take it like any tensor; tapes watch it by themselves when it is trainable.
 * Its shape and dtype stay as they were made.
 *
 *     const w = tf.variable(tf.randomNormal([3, 2]), true, 'w');
 *     w.assignSub(w.mul(0.1));
 */
export class Variable extends Tensor {
  readonly name: string;

  /** @internal Made by `tf.variable`. */
  constructor(initial: Tensor, trainable: boolean, name?: string, dtype: DType = initial.dtype) {
    const { shape, size } = tensorGiven('new Variable', 'the first argument', initial);
    const { device } = held(initial, 'variable');
    becomes('variable', initial.dtype, dtype);
    if (initial.whole !== initial) {
      throw new Error(
        `variable: ${describe(initial)} differs from example to example under vmap, and a variable has one value for all: make it outside of vmap`,
      );
    }
    const copy = blank(device, shape, dtype, size, size * dtypes[dtype].bytes);
    device.kernels.map('identity', copy, initial);
    super(copy.storage, shape, dtype, size, 0, null, trainable);
    this.name = name ?? `variable${this.id}`;
  }

  /** Whether tapes watch it by themselves and optimizers change it. */
  get trainable(): boolean {
    return this.watched;
  }

  /** The values of now as a tensor: later assignments do not change it. */
  read(): Tensor {
    held(this, 'read');
    return run(read, [this], {}) as Tensor;
  }

  override toString(): string {
    return `${this.name} ${super.toString()}`;
  }

  /** Takes the values of `value`, which must have its shape; they are cast to its dtype. */
  assign(value: TensorLike): this {
    return this.#with('assign', value, (from) => {
      if (from.storage === this.storage && from.offset === 0 && from.strides === null) return;
      const { bytes } = this.storage;
      const { device } = bytes;
      if (bytes.pins === 0 && !this.storage.aliased && !opLog.on) {
        this.storage.wrote();
        device.kernels.map('identity', this, from);
        if (control[GATE] !== 0) carry(from.storage, this.storage);
      } else {
        const fresh = blank(device, this.shape, this.dtype, this.size, bytes.length);
        device.kernels.map('identity', fresh, from);
        this.take(fresh, 'assign');
        if (control[GATE] !== 0) carry(from.storage, this.storage);
      }
    });
  }

  /** Adds `value`, which must have its shape; the sum is cast to the variable's dtype. */
  assignAdd(value: TensorLike): this {
    return this.#with('assignAdd', value, (by) => this.#combine('assignAdd', add, by));
  }

  /** Subtracts `value`, which must have its shape; the difference is cast to the variable's dtype. */
  assignSub(value: TensorLike): this {
    return this.#with('assignSub', value, (by) => this.#combine('assignSub', sub, by));
  }

  /**
   * Takes other values where an index says: `v.assignAt('1:, 0', value)`. The index is written as for `at` and may
   * be several arguments, the value comes last; it broadcasts to what the index means and is cast to the variable's
   * dtype. What a slice says is written in place, where nothing else holds the old values.
   */
  assignAt(...indexAndValue: [...index: Index[], value: TensorLike]): this {
    held(this, 'assignAt');
    const to = sectionFor('assignAt', this, indexAndValue);
    if (to === null) {
      const result = aside(() => updated('assignAt', this, indexAndValue));
      this.assign(result);
      result.dispose();
      return this;
    }
    const { section, value, fresh } = to;
    becomes('assignAt', value.dtype, this.dtype);
    if (value.whole !== value) throw apart('assignAt', this, value);
    this.#beside('assignAt', value);
    opLog.refuse('assignAt');
    writing(this, 'assignAt', () => {
      const { device, length, pins } = this.storage.bytes;
      const free =
        pins === 0 && !this.storage.aliased && value.storage !== this.storage && !opLog.on;
      const target = free ? this : blank(device, this.shape, this.dtype, this.size, length);
      if (free) this.storage.wrote();
      else device.kernels.map('identity', target, this);
      device.kernels.place(target, inside(value, section), section.begin, section.steps);
      if (!free) this.take(target, 'assignAt');
    });
    if (fresh) value.dispose();
    if (state.tape !== null) marked(this);
    return this;
  }

  #with(op: string, value: TensorLike, change: (value: Tensor) => void): this {
    held(this, op);
    opLog.refuse(op);
    const from =
      value instanceof Tensor
        ? value
        : aside(() => made(op, value, shapeOf(op, value, this.dtype === 'string'), this.dtype));
    held(from, op);
    becomes(op, from.dtype, this.dtype);
    if (from.whole !== from) throw apart(op, this, from);
    if (!sameShape(from.shape, this.shape)) {
      throw new Error(
        `${op}: ${describe(from)} does not fit the variable '${this.name}', ${describe(this)}; the shapes must be equal`,
      );
    }
    this.#beside(op, from);
    writing(this, op, () => change(from));
    if (from !== value) from.dispose();
    if (state.tape !== null) marked(this);
    return this;
  }

  /** Throws where a value lies on another device. */
  #beside(op: string, value: Tensor): void {
    if (value.device === this.device) return;
    throw new Error(
      `${op}: the value is on ${value.device}, the variable '${this.name}' on ${this.device}`,
    );
  }

  /** Takes the result of an op on itself and `by`, cast to its own dtype where the two met in a wider one. */
  #combine(how: string, op: Ready, by: Tensor): void {
    if (!opLog.on && inPlace(op, this, by)) return;
    const result = aside(() => run2(op, this, by));
    if (result.dtype === this.dtype) return this.take(result, how);
    const { device, length } = this.storage.bytes;
    const own = blank(device, this.shape, this.dtype, this.size, length);
    device.kernels.map('identity', own, result);
    result.dispose();
    this.take(own, how);
  }

  /** @internal Takes over the bytes of a tensor made for that. Views that were handed out keep the old ones. */
  take(fresh: Tensor, how: string): void {
    if (fresh.whole !== fresh) throw apart('assign', this, fresh);
    if (opLog.on) opLog.write(this, how, () => this.#take(fresh));
    else this.#take(fresh);
  }

  #take(fresh: Tensor): void {
    const { storage } = this;
    if (storage.aliased) {
      this.storage = fresh.storage;
      fresh.storage.version = storage.version + 1;
      storage.leave();
    } else {
      storage.replace(fresh.storage.yield());
      if (control[GATE] !== 0) carry(fresh.storage, storage);
    }
  }
}

/** Throws where values cannot be cast. */
function becomes(op: string, from: DType, to: DType): void {
  if ((from === 'string') === (to === 'string')) return;
  throw new Error(
    `${op}: ${from} values for a variable of ${to}; text and numbers do not become each other`,
  );
}

function apart(op: string, variable: Variable, value: Tensor): Error {
  return new Error(
    `${op}: ${describe(value)} differs from example to example under vmap; the variable '${variable.name}' has one value for all: return what it is to be, and assign outside of vmap`,
  );
}

/**
 * A variable that starts with those values: a copy. A trainable one is watched
 * by tapes and changed by optimizers; its name is what the debugger and
 * checkpoints call it.
 *
 *     const step = tf.variable(0, false, 'step', 'i64');
 *     step.assignAdd(1);
 */
export function variable(
  initialValue: TensorLike,
  trainable = true,
  name?: string,
  dtype?: DTypeLike,
): Variable {
  if (typeof trainable !== 'boolean') {
    throw new Error(
      `variable: trainable is ${named(trainable)}; it must be true or false, and the name comes after it: variable(values, true, 'w')`,
    );
  }
  const to = dtype === undefined ? undefined : dtypeOf('variable', dtype);
  if (initialValue instanceof Tensor) return new Variable(initialValue, trainable, name, to);
  const from = aside(() => {
    const own = to ?? dtypeOfValues('variable', initialValue, null);
    return made('variable', initialValue, shapeOf('variable', initialValue, own === 'string'), own);
  });
  const result = new Variable(from, trainable, name);
  from.dispose();
  return result;
}

/** The values of a variable as a view, which later assignments leave alone. */
const read = ready('read', {
  inputs: { x: 'one' },
  spec: ({ x }: { x: Tensor }) => x,
  view: ({ shape, offset }) => ({ shape, strides: denseStrides(shape), offset }),
  saves: [],
  grad: { x: (g: Tensor) => g },
});
// What variables do to themselves; no tape records it.
const add = ready('add', { ...zip('add'), saves: [], grad: { x: null, y: null } });
const sub = ready('sub', { ...zip('sub'), saves: [], grad: { x: null, y: null } });
