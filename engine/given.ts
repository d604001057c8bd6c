import { isSmooth } from './dtype.ts';
import { describe, Tensor } from './tensor.ts';

/** What a user gave: checked where only one kind of thing will do, and put in words where it will not. */

/** The tensor that was given; `what` says what it is to be. */
export function tensorGiven(op: string, what: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new Error(`${op}: ${what} is ${named(value)}; it must be a tensor`);
}

/** The function that was given. */
export function functionGiven<F>(op: string, value: F): F {
  if (typeof value === 'function') return value;
  throw new Error(`${op}: takes a function, not ${named(value)}`);
}

/** Throws where a tensor is not what gradients are of. */
export function smoothGiven(op: string, what: string, tensor: Tensor): void {
  if (isSmooth(tensor.dtype)) return;
  throw new Error(
    `${op}: ${what} is ${describe(tensor)}, which has no gradient; only floats and complex numbers do: cast it, for one to 'f32'`,
  );
}

/** Throws where a loss is not one number. */
export function oneNumber(op: string, loss: Tensor): void {
  if (loss.size === 1) return;
  throw new Error(
    `${op}: the loss is ${describe(loss)}; it must be one number: take its mean() or sum()`,
  );
}

/** The number that was given, a finite one. */
export function numberGiven(op: string, what: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`${op}: the ${what} is ${named(value)}; it must be a finite number`);
}

/** The same, not below zero; under `end`, where there is one. */
export function sizeGiven(op: string, what: string, value: number, end = Infinity): number {
  numberGiven(op, what, value);
  if (value >= 0 && value < end) return value;
  const range = end === Infinity ? 'must not be negative' : `must be from 0 to just under ${end}`;
  throw new Error(`${op}: the ${what} is ${value}; it ${range}`);
}

/** What came, in words. */
export function named(value: unknown): string {
  if (value instanceof Tensor) return `the tensor ${describe(value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return `the string '${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if ('dtype' in value && 'storage' in value) {
    return "a tensor of another copy of the engine (load '@tapedeck/engine' once)";
  }
  const kind = value.constructor?.name ?? 'Object';
  return kind === 'Object' ? 'an object' : `a ${kind}`;
}
