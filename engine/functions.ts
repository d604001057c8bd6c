import { taken, type TensorLike } from './literals.ts';
import type { Results } from './op.ts';
import { ops, type Ops } from './ops/index.ts';
import { ready, type Row } from './ready.ts';
import { invoke, run, run1, run2, type Result } from './run.ts';
import { Tensor } from './tensor.ts';

/**
 * What users call, made from the op table: a function for every row, and for
 * every row that takes a tensor a method of Tensor. Inputs may be tensors,
 * numbers or nested lists; anything else is an error that says what came.
 */
export type Functions = { readonly [N in keyof Ops]: Fn<Ops[N]> };
export type Methods = {
  readonly [N in keyof Ops as keyof Ops[N]['inputs'] extends never ? never : N]: Method<Ops[N]>;
};

type Call = (...all: unknown[]) => Result;

/**
 * The function of a row. Rows without arguments, the commonest and the cheapest
 * ops, get one that makes no list of what it was called with.
 */
function fn(name: string, row: Row): Call {
  const op = ready(name, row);
  const count = op.inputs.length;
  const single = !op.lists.includes(true);
  if (row.attrs !== undefined || count > 2 || count === 0 || !single) {
    return (...all) => invoke(op, inputs(op, all), all.slice(count));
  }
  if (count === 1) {
    return (x) => (x instanceof Tensor ? run1(op, x, none) : run(op, taken(op, [x]), none));
  }
  return (x, y) =>
    x instanceof Tensor && y instanceof Tensor ? run2(op, x, y) : run(op, taken(op, [x, y]), none);
}

/** The method of a row: the same with the tensor itself as first input, or as head of the list. */
function method(name: string, row: Row): Call {
  const op = ready(name, row);
  const call = fn(name, row);
  if (op.lists[0]) {
    return function (this: Tensor, others, ...args) {
      return call([this, ...(Array.isArray(others) ? others : [others])], ...args);
    };
  }
  if (row.attrs === undefined && op.inputs.length === 1) {
    return function (this: Tensor) {
      return run1(op, this, none);
    };
  }
  if (row.attrs === undefined && op.inputs.length === 2) {
    return function (this: Tensor, y) {
      return y instanceof Tensor ? run2(op, this, y) : run(op, taken(op, [this, y]), none);
    };
  }
  return function (this: Tensor, ...rest) {
    return call(this, ...rest);
  };
}

function inputs(op: ReturnType<typeof ready>, all: readonly unknown[]) {
  const given = all.slice(0, op.inputs.length);
  return taken(op, given);
}

const none = Object.freeze({});
const rows = Object.entries(ops) as [string, Row][];

/** Every op as a function, by name. */
export const functions = Object.fromEntries(
  rows.map(([name, row]) => [name, fn(name, row)]),
) as unknown as Functions;

for (const [name, row] of rows) {
  if (Object.keys(row.inputs).length === 0) continue;
  Object.defineProperty(Tensor.prototype, name, {
    value: method(name, row),
    writable: true,
    configurable: true,
  });
}

type Parts<O> = O extends {
  call?: (...inputs: infer Call) => void;
  outputs?: infer Out;
  attrs?: (inputs: any, ...args: infer Args) => any;
}
  ? [Call, Args, Exclude<Out, undefined>]
  : never;
type Fn<O> =
  Parts<O> extends [
    infer Call extends readonly unknown[],
    infer Args extends readonly unknown[],
    infer Out,
  ]
    ? (...args: [...Call, ...Args]) => Results<Out, Tensor>
    : never;
/** A row that takes a list gives a method that joins others to its tensor; one that takes no tensor gives none. */
type Method<O> =
  Parts<O> extends [
    infer Call extends readonly unknown[],
    infer Args extends readonly unknown[],
    infer Out,
  ]
    ? Call extends readonly [readonly TensorLike[]]
      ? (others: TensorLike | readonly TensorLike[], ...args: Args) => Results<Out, Tensor>
      : Call extends readonly [any, ...infer Rest]
        ? (...args: [...Rest, ...Args]) => Results<Out, Tensor>
        : never
    : never;
