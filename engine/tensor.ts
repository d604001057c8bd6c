import { at, updated, type Index } from './indexing/at.ts';
import type { Complex } from './complex.ts';
import type { Buf, Bytes, Device, DeviceName, Elements } from './device.ts';
import { dtypes, isBig, isComplex, type DType } from './dtype.ts';
import { print } from './format.ts';
import type { Methods } from './functions.ts';
import { dense, listOf, nested, type JsonArray, type NestedArray } from './read.ts';
import type { Shape } from './shape.ts';
import { state } from './state.ts';
import { ended, gone, isNone, Storage, unmade, unsaved } from './storage.ts';
import type { TapeKey } from './tape-node.ts';
import { readOut } from './trail.ts';
import { transfer } from './transfer.ts';
import type { Origin } from './trace.ts';

// The ops as methods; engine/functions.ts makes them from the op table.
export interface Tensor extends Methods {}

/**
 * A handle to an array of numbers. It is made by ops and by `tf.tensor`; its
 * values can be read at once, and it never changes its shape or dtype. The
 * methods for ops (`t.add(u)`) are attached to this class from the op table.
 *
 *     const x = tf.tensor([[1, 2], [3, 4]]);
 *     x.matMul(x).at('0').array(); // [7, 10]
 */
export class Tensor implements Buf {
  /** Counts up with every handle made, so that a handle can be spoken of without holding it. */
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The number of elements. */
  readonly size: number;
  /** Where its first element lies in the storage, in elements. */
  readonly offset: number;
  /** Steps between neighbours along each axis, in elements; null where it lies row-major without gaps. */
  readonly strides: readonly number[] | null;
  /** @internal Shared with its views. */
  storage: Storage;
  /** @internal The tape that tracked it last, and its place there. */
  key: TapeKey | null;
  /** @internal */
  slot: number;
  /** @internal A tape watches it by itself when it is used: a trainable variable. */
  readonly watched: boolean;
  /** @internal What made it, while someone listens. */
  origin: Origin | null;
  /** @internal What tapes keep of it that do not need its values; made once. */
  ghost: Tensor | null;

  /** @internal Tensors are made by `tf.tensor` and by ops. */
  constructor(
    storage: Storage,
    shape: Shape,
    dtype: DType,
    size: number,
    offset: number,
    strides: readonly number[] | null,
    watched = false,
  ) {
    if (shape === undefined) throw new Error('Tensor: tensors are made by tf.tensor(values)');
    this.id = ++ids;
    this.shape = shape;
    this.dtype = dtype;
    this.size = size;
    this.offset = offset;
    this.strides = strides;
    this.storage = storage;
    this.key = null;
    this.slot = -1;
    this.watched = watched;
    this.origin = null;
    this.ghost = null;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** @internal What vmap keeps of a whole batch behind the handle for one example; itself for any other. */
  get whole(): Tensor {
    return this;
  }

  /** @internal Another handle, where `alias` cannot make it. */
  again(): Tensor {
    return alias(this);
  }

  /** The device it lives on. */
  get device(): DeviceName {
    return held(this, 'device').device.name;
  }

  /** Whether `dispose` has ended this handle. */
  get isDisposed(): boolean {
    return this.storage === ended;
  }

  /**
   * The values, row-major, in a typed array that is the caller's own. f16 and bf16 come as f32, complex numbers as their
   * two parts in turn. TypeScript takes the type that is wanted: `const values: Float32Array = x.data()`.
   */
  data<E extends Elements = Elements>(): E {
    held(this, 'data');
    if (state.tape !== null) readOut(this, 'data', this.data);
    return dense(this) as E;
  }

  /**
   * The one value of a tensor of one element: a number, a bigint for i64 and u64, a boolean for bool, `{ re, im }` for
   * a complex one, text for a string. TypeScript takes the type that is wanted, a number where none is.
   */
  item<V extends number | bigint | boolean | string | Complex = number>(): V {
    held(this, 'item');
    if (this.size !== 1) {
      throw new Error(
        `item: ${describe(this)} has ${this.size} elements, not one; data() and array() give them all`,
      );
    }
    if (state.tape !== null) readOut(this, 'item', this.item);
    return one(this) as V;
  }

  /**
   * The values in nested lists of the tensor's shape; a bare value where it has no axes. TypeScript takes the type that is
   * wanted: `const rows: number[][] = x.array()`.
   */
  array<A extends NestedArray = NestedArray>(): A {
    held(this, 'array');
    if (state.tape !== null) readOut(this, 'array', this.array);
    return nested(this) as A;
  }

  /**
   * What `JSON.stringify` writes of it: the values in nested lists, a bare value where it has no axes.
   * `NaN`, infinities and integers of 64 bits, which JSON has not, are text. `tf.tensor` makes a
   * tensor of the lists again, where all of them are numbers.
   */
  toJSON(): JsonArray {
    held(this, 'toJSON');
    return listOf(this);
  }

  /**
   * The elements that an index means, as NumPy's brackets: `x.at('1:, ::-1, ..., newaxis')`, or with an
   * argument for each axis, `x.at(1, '::2', [0, 2], mask)`. There are whole numbers (negative ones from the
   * end), slices, `...`, `newaxis` (or null), lists or tensors of positions, and masks of bool; axes that the
   * index does not speak of are whole. Without lists and masks nothing is copied; with them the axes they make
   * stand in the place of theirs, or in front where something stands between two of them. Gradients flow, and
   * are summed where an element was picked several times. Throws, pointing into the text, where there is no
   * such index or no such element.
   */
  at(...index: Index[]): Tensor {
    return at(this, index);
  }

  /**
   * A copy with other values where an index says: `x.with('1:, 0', value)`, as JavaScript's arrays have it. The
   * index is written as for `at` and may be several arguments, the value comes last; it broadcasts to what the
   * index means and is cast to the dtype of x. Of several values for one element the last stays. Gradients flow
   * to both.
   */
  with(...indexAndValue: [...index: Index[], value: TensorLike]): Tensor {
    return updated('with', this, indexAndValue);
  }

  /** The same values on another device; another handle on this one's where it is there already. */
  to(device: DeviceName): Tensor {
    return transfer(this, device);
  }

  /** Ends this handle. Its bytes are free once no view, tape or op log needs them; a second call does nothing. */
  dispose(): void {
    const { storage } = this;
    if (isNone(storage)) return;
    this.storage = ended;
    storage.leave();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Shape, dtype, device and values, long ones abridged. */
  toString(): string {
    return print(this);
  }

  /** In JavaScript's own arithmetic and comparisons (`loss > 1`) the one value; as text what `toString` gives. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint !== 'number') return this.toString();
    if (this.size === 1 && !isComplex(this.dtype)) return this.item();
    throw new Error(
      `${describe(this)} is not one number, which JavaScript's own * and > need; ops are methods: x.mul(y), x.greater(y)`,
    );
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

// Views of variables look as if they could be assigned to. Types say no; whoever has none is told.
for (const name of ['assign', 'assignAdd', 'assignSub', 'assignAt']) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor): never {
      throw new Error(
        `${name}: ${describe(this)} is no variable; variables alone change: v.assignAt('1:', value) for a part of one, x.with('1:', value) for a copy of a tensor`,
      );
    },
    configurable: true,
  });
}

// Names from TensorFlow.js, NumPy and PyTorch that are methods there: whoever writes one is told ours.
const elsewhere: { readonly [name: string]: string } = {
  arraySync: 'array() gives nested lists at once',
  backward: 'a tape gives gradients, tape.gradient(loss, w), and tf.grad(f)(x)',
  dataSync: 'data() gives the values at once',
  detach: 'stopGradient() lets no gradient through',
  numpy: 'data() gives the values, array() nested lists',
  print: 'console.log(x) prints it',
  tolist: 'array() gives nested lists',
};
for (const [name, ours] of Object.entries(elsewhere)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor): never {
      throw new Error(`${name}: ${describe(this)} has no such method; ${ours}`);
    },
    configurable: true,
  });
}

/** What may stand for a tensor in a call: a bare value takes the dtype of its partner. */
export type TensorLike = Tensor | number | bigint | boolean | NestedArray;

/** The one value of a tensor of one element. */
function one(tensor: Tensor): NestedArray {
  const { dtype } = tensor;
  if (isComplex(dtype)) return nested(tensor.reshape([]));
  const value = dense(tensor)[0]!;
  if (dtype === 'bool') return value !== 0;
  return dtype === 'string' || isBig(dtype) ? value : Number(value);
}

/** How errors and rows of the debugger name a tensor: `f32[2,3]`. */
export function describe(tensor: { readonly dtype: DType; readonly shape: Shape }): string {
  return `${tensor.dtype}[${tensor.shape.join(',')}]`;
}

/** The bytes of a tensor; throws, naming the op, for one that has none. */
export function held(tensor: Tensor, op: string): Bytes {
  const { storage } = tensor;
  if (isNone(storage)) throw none(tensor, storage, op);
  return storage.bytes;
}

function none(tensor: Tensor, storage: Storage, op: string): Error {
  const why =
    storage === unsaved
      ? `the values of this ${describe(tensor)} are not kept for the backward pass; name it in the row's \`saves\``
      : storage === unmade
        ? `this ${describe(tensor)} is not made yet where the op log stands; go on in it, or return to the present`
        : storage === gone
          ? `the values that this ${describe(tensor)} had then are gone: ${GONE}`
          : `this ${describe(tensor)} was ended by dispose() or by the end of a tidy`;
  return new Error(`${op}: ${why}`);
}

/** Why values of the past cannot be shown, and what would have kept them. */
export const GONE =
  'they were given up for newer ones and cannot be computed again; a larger opLogBudget keeps more';

/** Another handle on the same elements; it counts as the same tensor for tapes. */
export function alias(tensor: Tensor): Tensor {
  if (state.batch !== null && tensor.whole !== tensor) return tensor.again();
  const { storage, shape, dtype, size, offset, strides } = tensor;
  const other = new Tensor(storage, shape, dtype, size, offset, strides);
  storage.handles++;
  storage.aliased = true;
  return known(other, tensor);
}

/** A handle on bytes as a tape saved them, which may no longer be those of the tensor's storage. */
export function revive(tensor: Tensor, bytes: Bytes): Tensor {
  const { shape, dtype, size, offset, strides } = tensor;
  return known(new Tensor(new Storage(bytes, true), shape, dtype, size, offset, strides), tensor);
}

/** What a tape keeps of a tensor whose values it does not need: everything but the values, and not the tensor alive. */
export function ghost(tensor: Tensor): Tensor {
  if (tensor.ghost !== null) return tensor.ghost;
  const { shape, dtype, size } = tensor;
  return (tensor.ghost = known(new Tensor(unsaved, shape, dtype, size, 0, null), tensor));
}

/** A new tensor of that shape on new bytes, not cleared. */
export function blank(
  device: Device,
  shape: Shape,
  dtype: DType,
  size: number,
  bytes: number,
): Tensor {
  return new Tensor(new Storage(device.allocate(bytes)), shape, dtype, size, 0, null);
}

/** A new tensor like that one, every element `value`. */
export function filled(device: Device, like: Tensor, value: number): Tensor {
  const { shape, dtype, size } = like;
  const tensor = blank(device, shape, dtype, size, size * dtypes[dtype].bytes);
  device.kernels.fill(tensor, value);
  return tensor;
}

function known(other: Tensor, tensor: Tensor): Tensor {
  (other as { id: number }).id = tensor.id;
  other.key = tensor.key;
  other.slot = tensor.slot;
  return other;
}

/** The number of the handle that was made last. */
export function lastId(): number {
  return ids;
}

let ids = 0;
