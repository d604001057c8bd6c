/** What a fresh clone needs before anything of it runs; each step is taken once. */
import path from 'node:path';
import { root } from './cache.mjs';
import * as chromium from './chromium.mjs';
import { handOver } from './command.mjs';
import * as node24 from './node.mjs';
import * as packages from './packages.mjs';
import * as server from './server.mjs';
import { take } from './steps.mjs';

/** Node 24 and the packages; for the editor also VS Code and a browser. */
export async function prepare({ editor = false } = {}) {
  const steps = [node24.step, packages.step()];
  if (editor) steps.push(server.step, chromium.step);
  await take(steps);
}

/**
 * Runs a script of this folder under Node 24 and gives its exit status.
 *
 * @param {string} file
 * @param {readonly string[]} args
 */
export function script(file, args) {
  return handOver(node24.node, [path.join(root, 'scripts', file), ...args], packages.environment());
}
