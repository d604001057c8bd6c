/**
 * Loaded into the user's process by `node --import` before its first line.
 * Worker threads and forked children inherit the flag: they get the hooks, so
 * that their TypeScript runs, and no line to the adapter.
 */
import { isMainThread } from 'node:worker_threads';
import { lendValues } from './answers.ts';
import { freeConsole, tellConsole } from './console.ts';
import { flushAtExit } from './exit.ts';
import { lendHooks } from './pause.ts';
import { lastRecords, lendProbes } from './probes.ts';
import { openLine } from './line.ts';
import { keepRuns } from './runs.ts';
import { installHooks } from './hooks.ts';
import { shortenStacks } from './stacks.ts';
import { takeBinding } from './telling.ts';
import { LINE, WORDS, type Lent, type Line } from './words.ts';

const lent = Object.fromEntries(new URL(import.meta.url).searchParams) as unknown as Lent;
shortenStacks(installHooks(lent));

const given = process.env[LINE];
if (isMainThread && given !== undefined) {
  delete process.env[LINE];
  const line = JSON.parse(given) as Line;
  const words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  const shared = lendHooks(words);
  lendProbes();
  lendValues();
  if (line.debug) freeConsole(line.consoleEvents);
  if (line.consoleEvents) tellConsole();
  openLine(line, words, shared);
  takeBinding();
  const endRuns = line.runs && keepRuns(line.runs, shared.control);
  flushAtExit(words, () => {
    lastRecords();
    endRuns?.();
  });
}
