/**
 * What the program prints goes to the adapter instead of stdout and stderr: so
 * it comes in order, whether the console or a stream's own `write` printed it.
 * The console's text is in Node's own words (tensors print themselves) and
 * comes right behind V8's event of the call, which knows the line and the
 * values; of a `write` the event of the text itself knows the line.
 */
import { console as inspectorConsole } from 'node:inspector';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { TEXT } from './probes.ts';

type Done = (error?: Error | null) => void;

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
      if (text) inspectorConsole.log(TEXT, name, text);
      if (done) process.nextTick(done);
      return true;
    };
    standard.write = write;
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
