/** Says which files are not formatted; `--write` formats them. */
import path from 'node:path';
import { local, root } from './setup/cache.mjs';
import { handOver } from './setup/command.mjs';

/** Gives the exit status of prettier. */
export function format(write: boolean): Promise<number> {
  const prettier = path.join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const cache = ['--cache', '--cache-strategy=content', `--cache-location=${local}/prettier`];
  const mode = write ? '--write' : '--check';
  return handOver(process.execPath, [prettier, mode, '--log-level=warn', ...cache, root]);
}

if (import.meta.main) process.exitCode = await format(process.argv.includes('--write'));
