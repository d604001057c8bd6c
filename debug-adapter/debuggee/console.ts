/**
 * What the program prints goes to the adapter instead of stdout and stderr: so
 * it comes in order, whether the console or a stream's own `write` printed it.
 * The text is in Node's own words (tensors print themselves), and the line that
 * printed it comes with it.
 */
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { keep } from './printed.ts';
import { running, tell } from './telling.ts';
import type { Printed } from './words.ts';

type Done = (error?: Error | null) => void;

/**
 * Node's console tells V8 of each call, and V8 holds on to what was printed for
 * ever: a loop that prints tensors would fill the memory. Ours calls what lies
 * behind Node's, which prints the same. `remember`: what is printed can be opened.
 */
export function freeConsole(remember: boolean): void {
  const { prototype } = console.Console as unknown as { prototype: Record<string, Function> };
  for (const [name, method] of Object.entries(prototype)) {
    const own = Object.getOwnPropertyDescriptor(console, name);
    const shows = remember && PRINTING.has(name);
    const value = shows ? remembering(name, method) : (method.bind(console) as Function);
    Object.defineProperty(console, name, { ...own, value: named(value, name) });
  }
}

export function tellConsole(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const standard = process[name];
    const own = standard.write.bind(standard) as (...args: unknown[]) => boolean;
    // A character may be cut between two writes of bytes.
    const decoder = new StringDecoder('utf8');
    const write = (chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      if (typeof encoding === 'function') return write(chunk, undefined, encoding);
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
        return own(chunk, encoding, done);
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
      const text = decoder.write(bytes);
      if (text) say(name, text);
      if (done) process.nextTick(done);
      return true;
    };
    standard.write = write;
    const sink = new Writable({
      decodeStrings: false,
      write(text: string, encoding, done) {
        // A program that has put its own `write` in place wants to see what the console prints.
        if (standard.write === write) say(name, text);
        else standard.write(text, encoding);
        done();
      },
    });
    Object.defineProperty(console, `_${name}`, { get: () => sink, configurable: true });
  }
}

/** The methods that show values of the program as they are. */
const PRINTING = new Set(['log', 'info', 'debug', 'warn', 'error', 'dir', 'dirxml', 'table']);

/** What the call of the console that runs has printed, until its text is said. */
let print: Printed | null = null;

function remembering(name: string, method: Function): Function {
  return (...values: unknown[]): void => {
    // The outermost call has the values: a table is printed by a log of its text.
    const kept = print ? null : keep(values.slice(0, shown[name]));
    print ??= kept;
    try {
      method.apply(console, values);
    } finally {
      if (kept) print = null;
    }
  };
}

/** The methods that print their first value only; what follows says how. */
const shown: Record<string, number> = { dir: 1, table: 1 };

function say(stream: 'stdout' | 'stderr', text: string): void {
  tell('Program.prints', { stream, text, print, sites: running() });
  print = null;
}

function named(method: Function, name: string): Function {
  return Object.defineProperty(method, 'name', { value: name });
}
