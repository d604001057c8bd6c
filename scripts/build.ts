/**
 * Builds dist/ from the table in bundles.ts. `--minify` makes what ships: no
 * maps, no tests. Other scripts call `build`; as a program it says what it took.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { bundles, entries, type Bundle } from './bundles.ts';
import { declarations } from './declarations.ts';
import { layPlugin } from './plugin.ts';
import { local, locked, root } from './setup/cache.mjs';
import { handOver } from './setup/command.mjs';
import { Failure, main } from './setup/steps.mjs';

export const dist = path.join(root, 'dist');

export interface Wishes {
  readonly minify?: boolean;
}

/** The options of one row; null while the row has no files. */
export function optionsOf(bundle: Bundle, wishes: Wishes = {}): esbuild.BuildOptions | null {
  const entryPoints = entries(bundle);
  if (entryPoints.length === 0) return null;
  return {
    bundle: true,
    absWorkingDir: root,
    outdir: dist,
    entryPoints,
    minify: wishes.minify ?? false,
    sourcemap: wishes.minify ? false : 'linked',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    ...bundle.options,
  };
}

/** What bundles are made from and nobody wrote: the kernels. */
export async function prepare(): Promise<void> {
  // A program of its own, which does nothing while its inputs are unchanged.
  const kernels = path.join(root, 'scripts', 'kernels.ts');
  if (!existsSync(kernels)) return;
  const status = await handOver(process.execPath, [kernels]);
  if (status !== 0) throw new Failure('The kernels could not be built.');
}

/** Builds every row. Fails with the messages of esbuild, each with its place. */
export async function build(wishes: Wishes = {}): Promise<void> {
  await locked(path.join(local, 'build'), async () => {
    await prepare();
    const rows = bundles.filter((bundle) => !(wishes.minify && bundle.test));
    const jobs = rows.map((bundle) => optionsOf(bundle, wishes)).filter((row) => row !== null);
    const results = await Promise.allSettled([...jobs.map((job) => esbuild.build(job))]);
    const problems = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
    if (problems.length > 0) throw new Failure(problems.map(explain).join('\n'));
    await declarations();
    layPlugin(root);
  });
}

function explain(problem: unknown): string {
  const { errors } = problem as esbuild.BuildFailure;
  if (!errors) throw problem;
  const color = process.stderr.isTTY;
  return esbuild.formatMessagesSync(errors, { kind: 'error', color }).join('');
}

if (import.meta.main)
  await main(async () => {
    const start = Date.now();
    await build({ minify: process.argv.includes('--minify') });
    console.log(`Built dist/ in ${((Date.now() - start) / 1000).toFixed(1)} s.`);
  });
