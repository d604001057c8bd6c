/** Runs files of node:test and counts what happened. */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from './setup/cache.mjs';
import { Tally } from './tally.ts';

export interface Wishes {
  /** Only tests whose names match. */
  readonly grep?: string;
  /** All files in one process, one after the other, so that they can share what is slow to start. */
  readonly together?: boolean;
  /** Ends the files that still run when it is over. */
  readonly signal?: AbortSignal;
}

/** In milliseconds. No test takes as long; one that waits for ever fails by it. */
const A_TEST = 180_000;
/** More at a time than there are cores: many tests wait for a program to end. */
const APART = {
  isolation: 'process',
  concurrency: availableParallelism() + 2,
  timeout: A_TEST,
  execArgv: ['--import', path.join(root, 'scripts', 'linger.ts')],
} as const;

/** `files` and `except` are patterns from the root. */
export async function suite(
  files: string,
  except: readonly string[],
  { grep, together = false, signal }: Wishes,
): Promise<Tally> {
  const found = globSync(files, { cwd: root, exclude: except }).sort();
  const tally = new Tally();
  if (found.length === 0) return tally;
  const stream = run({
    files: found.map((file) => path.join(root, file)),
    cwd: root,
    ...(together ? { isolation: 'none' } : APART),
    ...(signal ? { signal } : {}),
    ...(grep ? { testNamePatterns: new RegExp(grep) } : {}),
  });
  // A file is reported like a test, by its path; only what is in it counts.
  const isFile = (name: string) => found.includes(path.relative(root, name));
  stream.on('test:pass', (data) => {
    const { name, skip, todo, details } = data;
    const runs = skip === undefined && todo === undefined;
    // A suite counts by its tests, unless it is skipped as a whole.
    if (isFile(name) || (runs && details.type === 'suite')) return;
    if (runs) tally.passed++;
    else tally.skipped.push(typeof skip === 'string' && skip ? `${name} (${skip})` : name);
  });
  stream.on('test:fail', (data) => {
    const place = data.file ? ` (${path.relative(root, data.file)})` : '';
    if (data.details.type !== 'suite') tally.failed.push(data.name + place);
  });
  const report = stream.compose(new spec());
  for await (const text of report) process.stdout.write(text as string);
  return tally;
}
