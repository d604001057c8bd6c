/** The linter, with the rules of eslint.config.js; `--fix` mends what it can. */
import path from 'node:path';
import { root } from './setup/cache.mjs';
import { handOver } from './setup/command.mjs';

/** Gives the exit status of ESLint; a warning counts like an error. */
export function lint(fix: boolean): Promise<number> {
  const eslint = path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const args = ['--max-warnings=0', ...(fix ? ['--fix'] : []), root];
  return handOver(process.execPath, [eslint, ...args]);
}

if (import.meta.main) process.exitCode = await lint(process.argv.includes('--fix'));
