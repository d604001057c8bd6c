import type { Buf, Kernels } from './device.ts';
import type { DType } from './dtype.ts';
import type { Shape } from './shape.ts';
import type { TensorLike } from './literals.ts';
import type { Tensor } from './tensor.ts';

/**
 * The type of a row of the op table, and the manual of the table.
 *
 * A row is an exported constant with its type written down; everything the
 * project knows about one op stands in it:
 *
 *     // Product of two tensors, element by element, with broadcasting.
 *     export const mul: Binary = {
 *       ...zip('mul'),
 *       saves: ['x', 'y'],
 *       grad: {
 *         x: (g, { x, y }) => g.mul(y).sumTo(x.shape),
 *         y: (g, { x, y }) => g.mul(x).sumTo(y.shape),
 *       },
 *       samples: [{ in: { x: [2, 3], y: [3] } }],
 *     };
 *
 * - `inputs` names the inputs in call order. `'one'` is a tensor, `'many'` a
 *   list of tensors (concat), `'maybe'` one that may be left out (written with
 *   a question mark in the type).
 * - `outputs` is left out for ops with one result. Several results are named
 *   (`{ values: 'one', indices: 'one' }` for topk); `'many'` is a list.
 * - The type's second and third arguments are the call as a user writes it, in
 *   TensorFlow.js's order: the inputs, then the arguments, as labelled tuples.
 *   `attrs` turns the arguments into one plain object with every default filled
 *   in and every axis made positive: that object is what the tape records and
 *   the debugger shows.
 * - `spec` says shape and dtype of the result, and throws an error that names
 *   the op, the shapes and what would fit. (A view's is not asked when the op
 *   runs, for its window says it all: its `attrs` do the checking.)
 * - How the result comes about is one of: `forward`, which fills `out` with a
 *   device's kernels; `view`, which makes a window on the input's own bytes;
 *   `compose`, which writes the op in other ops (its gradient is theirs).
 * - How gradients flow is one of: `grad`, one formula per input, as in a
 *   textbook (`null` where nothing flows back); `backward`, one formula for
 *   all inputs where that is the natural form.
 * - `idle` says when there is nothing to do, `literals` which dtype a list of
 *   positions or conditions takes where a user writes one in place of a tensor.
 * - `saves` names the inputs and outputs whose *values* the gradient reads.
 *   Shapes and dtypes are always there. Reading a value that is not saved
 *   throws, and a generated test reads every formula. What the gradient of one
 *   input alone reads stands in `readBy`: it is not kept for a constant.
 * - The comment above the row is the op's documentation: the hover text of
 *   `t.mul`, and its entry in docs/ops.md.
 */
export type Op<
  In extends Inputs = any,
  Call extends readonly unknown[] = any,
  Args extends readonly unknown[] = any,
  A = any,
  Out extends Outputs = any,
> = Base<In, Call, Args, A, Out> &
  (Primitive<In, A, Out> | View<In, A, Out> | Composite<In, A, Out>);

/** One formula over one input; spread `map('exp')` into it. */
export type Unary<Args extends readonly unknown[] = [], A = None> = Elementwise<
  { x: One },
  [x: T],
  Args,
  A
>;
/** One formula over two inputs that broadcast; spread `zip('mul')` into it. */
export type Binary = Elementwise<{ x: One; y: One }, [x: T, y: T], [], None>;

/** An input as a user may write it; a bare number takes the dtype of its partner. */
export type T = TensorLike;

export type One = 'one';
export type Many = 'many';
/** How a row's `inputs` names one that may be left out. */
export type Maybe = 'maybe';
export type Inputs = { readonly [name: string]: One | Many };
export type Outputs = One | Many | { readonly [name: string]: One };
/** The attributes of an op that has none. */
export type None = Readonly<Record<never, never>>;

/** What is known of a tensor without its bytes. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What each input is; any of the three where `In` is not known. */
export type Kinds<In> = {
  readonly [K in keyof In]-?: string extends keyof In
    ? One | Many | Maybe
    : {} extends Pick<In, K>
      ? Maybe
      : In[K];
};
/** A `T` for every input: a list where the input is a list. */
export type Each<In, T> = { readonly [K in keyof In]: In[K] extends Many ? readonly T[] : T };
/** A `T` for every result. */
export type Results<Out, T> = Out extends One
  ? T
  : Out extends Many
    ? readonly T[]
    : { readonly [K in keyof Out]: T };
/** The results by name; a single one is called `out`. */
export type Named<Out, T> = Out extends One
  ? { readonly out: T }
  : Out extends Many
    ? { readonly out: readonly T[] }
    : { readonly [K in keyof Out]: T };
/** The gradients that arrived: one, or those of the results that were used. */
export type Arrived<Out> = Out extends One
  ? Tensor
  : Out extends Many
    ? readonly (Tensor | undefined)[]
    : { readonly [K in keyof Out]?: Tensor };

// Formulas are typed as methods, whose parameters are compared both ways: so every row is an `Op`.

/** What a gradient formula sees: the inputs and the results of the forward op. */
export type Seen<In, Out> = Each<In, Tensor> & Named<Out, Tensor>;

export type Grad<In, K extends keyof In, A, Out> = {
  formula(
    g: Arrived<Out>,
    seen: Seen<In, Out>,
    attrs: A,
  ): In[K] extends Many ? readonly (Tensor | null)[] : Tensor;
}['formula'];

export type Grads<In, A, Out> = {
  readonly [K in keyof Required<In>]: Grad<Required<In>, K & keyof Required<In>, A, Out> | null;
};

/** All gradients at once. `need` says which inputs something waits for. */
export type Backward<In, A, Out> = {
  formula(
    g: Arrived<Out>,
    seen: Seen<In, Out>,
    attrs: A,
    need: { readonly [K in keyof Required<In>]: boolean },
  ): {
    readonly [K in keyof In]?: (In[K] extends Many ? readonly (Tensor | null)[] : Tensor) | null;
  };
}['formula'];

export interface Base<
  In,
  Call extends readonly unknown[],
  Args extends readonly unknown[],
  A,
  Out,
> {
  /** Never there: keeps the call's own types, with their labels, for the functions made from the row. */
  readonly call?: (...inputs: Call) => void;
  readonly inputs: Kinds<In>;
  readonly outputs?: Out;
  /** Arguments as the user wrote them, made into attributes. Left out by ops that take none. */
  readonly attrs?: (inputs: Each<In, Spec>, ...args: Args) => A;
  readonly spec: (inputs: Each<In, Spec>, attrs: A) => Results<Out, Spec>;
  /** The dtype that bare values take for an input, where it is not that of its partners. */
  readonly literals?: { readonly [K in keyof In]?: DType };
  /** Nothing is to be done (a cast to the dtype it has): the call gives a view of its first input, as `identity` does. Asked before `attrs`, with the arguments as the user wrote them. */
  readonly idle?: (x: Spec, ...args: Args) => boolean;
  /** Where it is idle it returns the handle itself: for formulas, which would only have another one to free. */
  readonly itself?: true;
  /** It takes tensors of text, as views do; others are refused where they meet one. */
  readonly texts?: true;
  /** The op draws random numbers: `attrs` takes its key from the generator, so that a replay draws the same. */
  readonly random?: true;
  /** Work and traffic in floating-point operations and bytes; elementwise ops have it from their sizes. */
  readonly cost?: (
    inputs: Each<In, Spec>,
    attrs: A,
  ) => { readonly flops: number; readonly bytes: number };
  /**
   * vmap: how the op runs once for a whole batch, where vmap/rules.ts does not know it (formulas, composites, and what
   * has its axes among its attributes it knows by itself). `leading`: it acts on the last axes or on each element, and
   * axes before are a batch as it is. `broadcast`: its inputs broadcast. `fold`: the first axis of its first input is a
   * batch already. `order`: it puts slices in an order that is drawn. `loop`: example by example. Or the op itself, over inputs that carry a batch axis in front (or not,
   * where `batched` is false), with a result that carries one.
   */
  readonly batch?: 'leading' | 'broadcast' | 'fold' | 'order' | 'loop' | Batching<In, A, Out>;
  /** Inputs the generated tests run the op on: shapes, dtypes and the range its values are drawn from. */
  readonly samples: readonly Sample<In, Args>[];
  /** Calls that must fail, and a part of what the error says. */
  readonly errors?: readonly (Sample<In, Args> & { readonly says: string })[];
}

type Batching<In, A, Out> = {
  rule(
    inputs: Each<In, Tensor>,
    batched: { readonly [K in keyof In]: boolean },
    attrs: A,
  ): Results<Out, Tensor>;
}['rule'];

type Differential<In, A, Out> = Saves<In, Out> &
  (
    | { readonly grad: Grads<In, A, Out>; readonly backward?: never }
    | { readonly backward: Backward<In, A, Out>; readonly grad?: never }
  );

export interface Saves<In, Out> {
  readonly saves: readonly (keyof In | keyof Named<Out, never>)[];
  /** Of those that the gradient of one input alone reads: which. They are not saved where nothing flows back to it. */
  readonly readBy?: { readonly [K in keyof In | keyof Named<Out, never>]?: keyof In };
}

type Elementwise<
  In extends Inputs,
  Call extends readonly unknown[],
  Args extends readonly unknown[],
  A,
> = Computed<In, Call, Args, A> & { readonly formula: string };

/** One result by `forward`, one gradient formula per input: the commonest row, for families that spread a helper into theirs. */
export type Computed<
  In extends Inputs,
  Call extends readonly unknown[],
  Args extends readonly unknown[],
  A,
> = Base<In, Call, Args, A, One> &
  Saves<In, One> & {
    forward(k: Kernels, inputs: Each<In, Buf>, attrs: A, out: Buf): void;
    readonly formula?: string;
    readonly broadcasts?: true;
    readonly grad: Grads<In, A, One>;
    readonly backward?: never;
    readonly view?: never;
    readonly compose?: never;
  };

/** Computed by kernels of the device. */
type Primitive<In, A, Out> = Differential<In, A, Out> & {
  forward(k: Kernels, inputs: Each<In, Buf>, attrs: A, out: Results<Out, Buf>): void;
  /** Set by `map` and `zip` (engine/elementwise.ts): run.ts may call that one kernel without asking `forward`. */
  readonly formula?: string;
  /** Set by `zip`: any two shapes that broadcast will do, so `spec` need not be asked where they plainly fit. */
  readonly broadcasts?: true;
  readonly view?: never;
  readonly compose?: never;
};

/** A window on the bytes of its first input: nothing is copied. */
type View<In, A, Out> = Differential<In, A, Out> & {
  /** Null where no strides say it (a reshape of a transposed tensor): run.ts then makes the input dense first. */
  readonly view: (x: Buf, attrs: A) => Window | null;
  readonly forward?: never;
  readonly formula?: never;
  readonly compose?: never;
};

/** Written in other ops, whose gradients are its gradient. A device may still override it whole. */
type Composite<In, A, Out> = {
  readonly compose: (inputs: Each<In, Tensor>, attrs: A) => Results<Out, Tensor>;
  readonly forward?: never;
  readonly formula?: never;
  readonly view?: never;
  readonly grad?: never;
  readonly backward?: never;
  readonly saves?: never;
  readonly readBy?: never;
};

/** Where a view lies in the bytes of its storage: offset and strides in elements. */
export interface Window {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A sample input: a shape of f32 values in (-2, 2), or more exactly what it must be. */
export type Given =
  | Shape
  | {
      readonly shape: Shape;
      readonly dtype?: DType;
      /** Values are drawn evenly from this half-open range. */
      readonly range?: readonly [low: number, high: number];
      /** All values differ by at least this much: for ops with a choice in them (max, topk). */
      readonly apart?: number;
      /** Matrices along the last two axes are symmetric and positive definite: `a aᵀ + 1` of such values. */
      readonly definite?: true;
      readonly values?: readonly number[];
    };

export interface Sample<In, Args extends readonly unknown[]> {
  readonly in: Each<In, Given>;
  readonly args?: Readonly<Args>;
}
