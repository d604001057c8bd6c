/**
 * Console calls reach the adapter as events, with their line and their values.
 * Written to stdout as well they would be shown twice, so they are not.
 */
import { Writable } from 'node:stream';

export function tellConsole(): void {
  for (const [name, standard] of [
    ['_stdout', process.stdout],
    ['_stderr', process.stderr],
  ] as const) {
    const write = standard.write;
    const sink = new Writable({
      decodeStrings: false,
      // A program that has put its own `write` in place wants to see what the console prints.
      write(text: string, encoding, done) {
        if (standard.write !== write) standard.write(text, encoding);
        done();
      },
    });
    Object.defineProperty(console, name, { get: () => sink, configurable: true });
  }
}
