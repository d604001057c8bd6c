/** What a law is, and the values that laws are tried on. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tensor } from '../../../../engine/creation.ts';
import type { DType } from '../../../../engine/dtype.ts';
import type { Tensor } from '../../../../engine/tensor.ts';
import { call, difference } from '../../../kit/samples.ts';

/** Something that holds of several ops, whatever the values. */
export interface Law {
  readonly says: string;
  readonly of: readonly string[];
  check(op: string): void;
}

export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** The op's one result. */
export function one(op: string, inputs: readonly Tensor[], args: readonly unknown[] = []): Tensor {
  return call(op, inputs, args)[0]!;
}

/** The same values within `bound` of their size; not-a-number is equal to itself. */
export function near(actual: Tensor, expected: Tensor, bound = 0, where = ''): void {
  assert.deepEqual(actual.shape, expected.shape, where);
  assert.equal(difference(actual.data(), expected.data(), bound), null, where);
}

export function holds<T extends [unknown, ...unknown[]]>(
  property: fc.IProperty<T>,
  numRuns = 20,
): void {
  fc.assert(property, { numRuns, seed: 2018 });
}

/** Between two bounds, with 0 and the bounds more often than by chance. */
export function numbers(low: number, high: number): fc.Arbitrary<number> {
  const inside = [low, high, 0, 1, -1, 0.5].filter((n) => n >= low && n <= high);
  const any = fc.double({ min: low, max: high, noNaN: true });
  return fc.oneof({ arbitrary: any, weight: 4 }, fc.constantFrom(...inside));
}

/** A vector of a few numbers. */
export function vectors(low = -50, high = 50, dtype: DType = 'f64', length = 6) {
  return fc
    .array(numbers(low, high), { minLength: length, maxLength: length })
    .map((values) => tensor(values, [length], dtype));
}

/** Whatever a float may be: also not-a-number, infinite, subnormal, -0. */
export const anything = fc
  .array(fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324)), {
    minLength: 6,
    maxLength: 6,
  })
  .map((values) => tensor(values, [6], 'f64'));

/** Integers that wrap around. */
export const integers = fc
  .array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 6, maxLength: 6 })
  .map((values) => tensor(values, [6], 'i32'));

export const truths = fc
  .array(fc.boolean(), { minLength: 6, maxLength: 6 })
  .map((values) => tensor(values, [6]));

/** Floats by their seed: for shapes whose values need not shrink. */
export const seeds = fc.integer({ min: 1, max: 1e6 });
