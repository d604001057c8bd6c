/**
 * VS Code's own server and workbench, taken out of the npm package
 * code-server: started directly, without its wrapper, and with the few
 * packages it needs, none of which has to be compiled.
 */
import fs from 'node:fs';
import path from 'node:path';
import { once, place, root } from './cache.mjs';
import { output } from './command.mjs';
import { environment } from './packages.mjs';
import { unpack } from './tarball.mjs';

const pin = {
  name: 'code-server',
  version: '4.139.1',
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};
const runtime = path.join(root, 'scripts', 'setup', 'vscode');
const shims = path.join(runtime, 'shims');

const folder = place(
  'vscode',
  pin.integrity,
  ...fs
    .readdirSync(runtime, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((file) => path.join(runtime, file))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file)),
);

/** The folder of the server; it exists once the step has run. */
export const server = path.join(folder, 'vscode');

/** @type {import('./steps.mjs').Step} */
export const step = {
  title: 'Fetching VS Code 1.139 and its workbench (about 90 MB)',
  done: fs.existsSync(folder),
  run: () => once(folder, install),
};

async function install(/** @type {string} */ temporary) {
  await unpack(pin, temporary, [
    '--exclude=package/lib/vscode/extensions/copilot',
    'package/lib/vscode',
  ]);
  const unpacked = path.join(temporary, 'package', 'lib', 'vscode');
  const packages = path.join(temporary, 'packages');
  fs.mkdirSync(packages);
  for (const file of ['package.json', 'package-lock.json'])
    fs.copyFileSync(path.join(runtime, file), path.join(packages, file));
  const what = 'Installing the packages of the VS Code server with npm';
  const options = { cwd: packages, env: environment(), what };
  await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  // They must lie inside the server: it hands some of them to the browser from there.
  const target = path.join(temporary, 'vscode');
  fs.renameSync(unpacked, target);
  fs.renameSync(path.join(packages, 'node_modules'), path.join(target, 'node_modules'));
  // Not the server's own: the TypeScript that the extensions in it share.
  const shared = path.join(target, 'extensions', 'node_modules');
  fs.mkdirSync(shared, { recursive: true });
  fs.renameSync(path.join(target, 'node_modules', 'typescript'), path.join(shared, 'typescript'));
  for (const shim of fs.readdirSync(shims)) {
    const to = path.join(target, 'node_modules', '@vscode', shim);
    fs.rmSync(to, { recursive: true, force: true });
    fs.cpSync(path.join(shims, shim), to, { recursive: true });
  }
  for (const rest of ['package', 'packages'])
    fs.rmSync(path.join(temporary, rest), { recursive: true });
}
