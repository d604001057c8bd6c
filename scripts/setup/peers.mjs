/**
 * The JavaScript engines that bench/ compares with. They are no dependencies
 * of anything: they lie in the cache, installed when a bench wants them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { once, place, root } from './cache.mjs';
import { output } from './command.mjs';
import { environment } from './packages.mjs';

const files = ['package.json', 'package-lock.json'].map((file) =>
  path.join(root, 'bench', 'peers', file),
);

/** Where they lie once the step has run. */
export const folder = place('peers', ...files.map((file) => fs.readFileSync(file)));

/** @type {import('./steps.mjs').Step} */
export const step = {
  title: 'Installing the engines to compare with (about 500 MB)',
  done: fs.existsSync(folder),
  run: () => once(folder, install),
};

async function install(/** @type {string} */ temporary) {
  for (const file of files) fs.copyFileSync(file, path.join(temporary, path.basename(file)));
  const what = 'Installing the engines to compare with npm';
  const options = { cwd: temporary, env: environment(), what };
  await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
}
