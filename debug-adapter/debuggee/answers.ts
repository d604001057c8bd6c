/**
 * The questions about values as the adapter sends them: all that it has at one
 * time are one call, because each call is a round trip and compiled anew.
 */
import { textOf } from './previews.ts';
import { printed } from './printed.ts';
import { values, type Values } from './values.ts';
import { VALUES } from './words.ts';

/** The name of a question, and for each of its arguments the number of the print that it is, or 0. */
export type Asked = readonly [name: keyof Values, prints: readonly number[]];
export type Answer = { readonly value: unknown } | { readonly failure: string };

export function lendValues(): void {
  Object.defineProperty(globalThis, Symbol.for(VALUES), {
    value: { answers, answer: values.answer },
  });
}

/** One answer each; what goes wrong with one question is no harm to the others. `given`: the arguments of all. */
function answers(asked: readonly Asked[], given: readonly unknown[]): Answer[] {
  let next = 0;
  return asked.map((question) => {
    const own = given.slice(next, (next += question[1].length));
    try {
      return { value: answerTo(question, own) };
    } catch (failure) {
      return { failure: textOf(failure, () => null) };
    }
  });
}

function answerTo([name, prints]: Asked, given: readonly unknown[]): unknown {
  const args = prints.map((print, i) => (print ? printed(print) : given[i]));
  return (values[name] as (...args: readonly unknown[]) => unknown)(...args);
}
