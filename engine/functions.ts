import type { Input, Result } from './inputs.ts';
import { beside, taken, type TensorLike } from './literals.ts';
import type { Results } from './op.ts';
import { ops, type Ops } from './ops/index.ts';
import { ready, type Ready, type Row } from './ready.ts';
import { invoke, run, run1, run2, unchanged } from './run.ts';
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
 * The function of a row. The common forms (one or two tensors, with a few
 * arguments or none) get one that makes no list of what it was called with.
 */
function fn(name: string, row: Row): Call {
  const op = ready(name, row);
  return (op.entry ??= callOf(op)) as Call;
}

/** What a row's function is, and what its method calls. */
function callOf(op: Ready): Call {
  const { row } = op;
  const { attrs, idle } = row;
  const form = op.inputs.map((input) => row.inputs[input]).join(' ');
  if (form === 'one' && attrs === undefined && idle === undefined) {
    return (x) =>
      x instanceof Tensor ? run1(op, x, none) : settled(op, [x], (inputs) => run(op, inputs, none));
  }
  if (form === 'one') {
    return (x, ...args) => {
      if (!(x instanceof Tensor)) return settled(op, [x], (inputs) => invoke(op, inputs, args));
      if (idle !== undefined && idle(x, ...args)) return unchanged(op, x);
      return run(op, [x], attrs === undefined ? none : attrs(op.named(x), ...args));
    };
  }
  if (form === 'one one' && attrs === undefined) {
    return (x, y) => {
      if (x instanceof Tensor) {
        if (y instanceof Tensor) return run2(op, x, y);
        if (typeof y === 'number') {
          const number = beside(op, y, x);
          return freeing(number, run2(op, x, number));
        }
      } else if (typeof x === 'number' && y instanceof Tensor) {
        const number = beside(op, x, y);
        return freeing(number, run2(op, number, y));
      }
      return settled(op, [x, y], (inputs) => run(op, inputs, none));
    };
  }
  if (form === 'one one') {
    return (x, y, ...args) => {
      if (!(x instanceof Tensor && y instanceof Tensor)) {
        return settled(op, [x, y], (inputs) => invoke(op, inputs, args));
      }
      return run(op, [x, y], attrs!(op.named(x, y), ...args));
    };
  }
  const count = op.inputs.length;
  return (...all) => {
    const args = all.slice(count);
    const given = all.slice(0, count);
    const inputs = asTensors(op, given);
    if (inputs !== null) return invoke(op, inputs, args);
    return settled(op, given, (made) => invoke(op, made, args));
  };
}

/** What was given, where it is all tensors already; null where something must be made. */
function asTensors(op: Ready, given: unknown[]): readonly Input[] | null {
  const inputs: Input[] = [];
  for (let i = 0; i < op.inputs.length; i++) {
    const input = given[i];
    if (op.lists[i]) {
      if (!Array.isArray(input)) return null;
      // A list of its own, that stays when the user's changes.
      const list: Tensor[] = [];
      for (let k = 0; k < input.length; k++) {
        if (!(input[k] instanceof Tensor)) return null;
        list.push(input[k] as Tensor);
      }
      inputs.push(list);
    } else {
      const absent = input === undefined && op.row.inputs[op.inputs[i]!] === 'maybe';
      if (!absent && !(input instanceof Tensor)) return null;
      inputs.push(input as Tensor | undefined);
    }
  }
  return inputs;
}

/** What was made of a bare number goes with its op; a tape that saved it holds its bytes. */
function freeing(number: Tensor, result: Tensor): Tensor {
  number.dispose();
  return result;
}

/** The same for all that was made of numbers and lists, but not where the op gave it back as its result. */
function settled(
  op: Ready,
  given: readonly unknown[],
  f: (inputs: readonly Input[]) => Result,
): Result {
  const inputs = taken(op, given);
  const result = f(inputs);
  inputs.forEach((input, i) => {
    const tensors = input instanceof Tensor ? [input] : (input ?? []);
    const own = input instanceof Tensor ? [given[i]] : (given[i] as readonly unknown[]);
    tensors.forEach((tensor, k) => {
      if (tensor !== own[k] && tensor !== result) tensor.dispose();
    });
  });
  return result;
}

/** The method of a row: the same with the tensor itself as first input, or as head of the list. */
function method(name: string, row: Row): Call {
  const call = fn(name, row);
  if (Object.values(row.inputs)[0] === 'many') {
    return function (this: Tensor, others, ...args) {
      return call([this, ...(Array.isArray(others) ? others : [others])], ...args);
    };
  }
  if (row.attrs === undefined && Object.keys(row.inputs).length <= 2) {
    return function (this: Tensor, y) {
      return call(this, y);
    };
  }
  return function (this: Tensor, ...rest) {
    return call(this, ...rest);
  };
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
