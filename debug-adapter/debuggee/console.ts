/**
 * What the console prints goes to the adapter instead of stdout, in Node's own
 * words (tensors print themselves), right behind V8's event of the call, which
 * knows the line and the values.
 */
import { console as inspectorConsole } from 'node:inspector';
import { Writable } from 'node:stream';
import { TEXT } from './probes.ts';

export function tellConsole(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const standard = process[name];
    const { write } = standard;
    const sink = new Writable({
      decodeStrings: false,
      write(text: string, encoding, done) {
        // A program that has put its own `write` in place wants to see what the console prints.
        if (standard.write === write) inspectorConsole.log(TEXT, name, text);
        else standard.write(text, encoding);
        done();
      },
    });
    Object.defineProperty(console, `_${name}`, { get: () => sink, configurable: true });
  }
}
