import { quietly } from './evaluation.ts';
import { summary } from './summary.ts';

/** What a condition or a message may speak of: `op, inputs, out, step, stats(t)`. */
export interface Circumstance {
  readonly op: {
    readonly name: string;
    readonly path: string;
    readonly direction: 'forward' | 'backward';
    readonly attrs: object;
  };
  /** By position and by name. */
  readonly inputs: object;
  /** The result; an object by name where there are several; undefined before the op. */
  readonly out: unknown;
  readonly step: number;
}

/** Facts by name, which are found beside the circumstance. */
export type Facts = { readonly [name: string]: unknown };

/** Whether it holds. */
export type Condition = (at: Circumstance | null, found?: Facts) => boolean;

/** From JavaScript over a circumstance and the names of facts. Throws where it is no expression. */
export function conditionOf(text: string, facts: readonly string[] = []): Condition {
  const value = compiled(text, 'condition', facts);
  return (at, found) => quietly(() => Boolean(value(at, found)));
}

/** Gives its parts to `log`, in the mood of a condition: a value is looked at there. */
export type Message = (at: Circumstance, log: (parts: readonly unknown[]) => void) => void;

/** From the parts of a message, JavaScript each. Throws where one is no expression. */
export function messageOf(parts: readonly string[]): Message {
  const value = compiled(`[${parts.join()}]`, 'message', []);
  return (at, log) => quietly(() => log(value(at) as unknown[]));
}

function compiled(
  text: string,
  what: string,
  facts: readonly string[],
): (at: Circumstance | null, found?: Facts) => unknown {
  let made: Function;
  try {
    made = new Function(...AT, ...facts, `"use strict"; return (${text}\n);`);
  } catch (error) {
    throw new Error(`the ${what} is not an expression: ${(error as Error).message}`);
  }
  return (at, found) =>
    made(summary, at?.op, at?.inputs, at?.out, at?.step, ...facts.map((name) => found?.[name]));
}

const AT = ['stats', 'op', 'inputs', 'out', 'step'];
