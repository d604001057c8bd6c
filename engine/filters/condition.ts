import { quietly } from '../evaluation.ts';
import type { Circumstance } from '../op-breakpoints.ts';
import { summary } from '../summary.ts';

/** Whether a filter stops: what it found, and at which op, where it was at one. */
export type Condition = (
  found: { readonly [name: string]: unknown },
  at: Circumstance | null,
) => boolean;

/** From JavaScript over `op, inputs, out, step, stats(t)` and the names of what is found. Throws where it is no expression. */
export function conditionOf(text: string, facts: readonly string[]): Condition {
  let test: Function;
  try {
    test = new Function(...AT, ...facts, `"use strict"; return (${text}\n);`);
  } catch (error) {
    throw new Error(`the condition is not an expression: ${(error as Error).message}`);
  }
  return (found, at) =>
    quietly(() =>
      Boolean(
        test(summary, at?.op, at?.inputs, at?.out, at?.step, ...facts.map((name) => found[name])),
      ),
    );
}

const AT = ['stats', 'op', 'inputs', 'out', 'step'];
