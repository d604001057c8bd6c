/**
 * Builds dist/ from the table in bundles.ts. `--minify` makes what ships: no
 * maps, no tests. Other scripts call `build`; as a program it says what it took.
 */
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { bundles, entries, type Bundle } from './bundles.ts';
import { declarations } from './declarations.ts';
import { layPlugin } from './plugin.ts';
import { local, locked, root } from './setup/cache.mjs';
import { output } from './setup/command.mjs';
import { Failure, main } from './setup/steps.mjs';

export const dist = path.join(root, 'dist');

export interface Wishes {
  readonly minify?: boolean;
  /** Where to build; dist/ of the checkout unless said. */
  readonly outdir?: string;
}

/** The options of one row. */
export function optionsOf(bundle: Bundle, wishes: Wishes = {}): esbuild.BuildOptions {
  const { minify = false, outdir = dist } = wishes;
  return {
    bundle: true,
    absWorkingDir: root,
    outdir: bundle.folder ? path.join(outdir, '..', bundle.folder) : outdir,
    entryPoints: entries(bundle),
    minifySyntax: minify,
    minifyWhitespace: minify,
    minifyIdentifiers: minify,
    sourcemap: minify ? false : 'linked',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    metafile: true,
    ...bundle.options,
  };
}

/** What bundles are made from and nobody wrote: the kernels. */
export async function prepare(): Promise<void> {
  // A program of its own, which does nothing while its inputs are unchanged.
  const kernels = path.join(root, 'scripts', 'kernels.ts');
  await output(process.execPath, [kernels], { what: 'Building the kernels' });
}

/** Builds every row. Fails with the messages of esbuild, each with its place. */
export async function build(wishes: Wishes = {}): Promise<void> {
  const { minify, outdir = dist } = wishes;
  await locked(path.join(local, 'build'), async () => {
    await prepare();
    const rows = bundles.filter((bundle) => !(minify && bundle.test));
    const jobs = rows.map((bundle) => esbuild.build(optionsOf(bundle, wishes)));
    const results = await Promise.allSettled(jobs);
    const problems = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
    if (problems.length > 0) throw new Failure(problems.map(explain).join('\n'));
    sweep(outdir, results);
    declarations(outdir);
    layPlugin(path.dirname(outdir));
  });
}

/** Removes what an earlier build left behind and this one no longer makes. */
function sweep(
  outdir: string,
  results: readonly PromiseSettledResult<esbuild.BuildResult>[],
): void {
  const made = new Set(
    results.flatMap((result) =>
      result.status === 'fulfilled' ? Object.keys(result.value.metafile!.outputs) : [],
    ),
  );
  for (const file of globSync('**/*.{js,cjs,css,map}', { cwd: outdir })) {
    const full = path.join(outdir, file);
    if (!made.has(path.relative(root, full))) rmSync(full);
  }
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
