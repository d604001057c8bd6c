/** Opens the line to the adapter and holds the program until the adapter lets it run. */
import { Worker } from 'node:worker_threads';
import type { Shared } from './pause.ts';
import { compileElsewhere } from './wasm.ts';
import { RELEASED, type Line } from './words.ts';

/** Returns once the adapter is ready: breakpoints are set and nothing of the program has run. */
export function openLine(line: Line, words: Int32Array, shared: Shared): void {
  const relay = new URL(
    import.meta.url.includes('.ts') ? './relay.ts' : './relay.js',
    import.meta.url,
  );
  relay.search = '';
  // The flags are this process's own: with them the worker would load the preload again.
  const worker = new Worker(relay, {
    name: 'tapedeck',
    workerData: { line, words: words.buffer, ...shared },
    execArgv: [],
    env: {},
  });
  worker.unref();
  if (line.debug) compileElsewhere(worker);
  // V8 serves the inspector while the thread sleeps here.
  Atomics.wait(words, RELEASED, 0);
}
