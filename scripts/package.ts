/**
 * Composes what ships: the extension as a folder, the VSIX made from it, and
 * the engine as an npm package. Nothing here is used for development.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { build } from './build.ts';
import { local, locked, root } from './setup/cache.mjs';
import { output } from './setup/command.mjs';
import { main } from './setup/steps.mjs';

/** The extension as VS Code sees it when installed. */
export const stage = path.join(local, 'extension');
export const vsix = path.join(local, 'tapedeck.vsix');

/** Builds the folder of the extension anew. */
export async function compose(): Promise<void> {
  await locked(path.join(local, 'stage'), async () => {
    fs.mkdirSync(stage, { recursive: true });
    // What is slow to make stays: a build brings it up to date.
    for (const old of fs.readdirSync(stage))
      if (old !== 'dist' && old !== 'node_modules')
        fs.rmSync(path.join(stage, old), { recursive: true });
    await build({ minify: true, outdir: path.join(stage, 'dist') });
    const ignore = path.join(root, '.vscodeignore');
    fs.copyFileSync(ignore, path.join(stage, '.vscodeignore'));
    fs.writeFileSync(path.join(stage, 'package.json'), manifest());
    for (const file of alongside(fs.readFileSync(ignore, 'utf8')))
      fs.cpSync(path.join(root, file), path.join(stage, file), { recursive: true });
  });
}

/** Makes the VSIX of the folder, unless it is made of the same; gives a digest of what it is made of. */
export async function pack(): Promise<string> {
  await compose();
  const digest = digestOf(stage);
  const stamp = `${vsix}.digest`;
  if (fs.existsSync(vsix) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest)
    return digest;
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Pictures of the README are carried along, so its links stay as they are.
  const links = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = [vsce, 'package', ...links, '--out', vsix];
  await output(process.execPath, args, { cwd: stage, what: 'Packing the extension with vsce' });
  fs.writeFileSync(stamp, digest);
  return digest;
}

function digestOf(folder: string): string {
  const digest = createHash('sha256');
  for (const file of fs.globSync('**/*', { cwd: folder }).sort()) {
    const full = path.join(folder, file);
    if (fs.statSync(full).isFile()) digest.update(file).update(fs.readFileSync(full));
  }
  return digest.digest('hex');
}

/** The manifest without what only a checkout needs; the plugin is the one package that is carried. */
function manifest(): string {
  const all = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  for (const name of ['scripts', 'devDependencies', 'workspaces'] as const) delete all[name];
  const dependencies = { '@tapedeck/typescript-plugin': all.version };
  return JSON.stringify({ ...all, dependencies }, null, 2) + '\n';
}

interface Manifest {
  readonly version: string;
  scripts?: object;
  devDependencies?: object;
  workspaces?: unknown;
}

/** The files of the checkout that the allow-list names and no build makes. */
function alongside(allowed: string): string[] {
  const patterns = allowed.split('\n').filter((line) => line.startsWith('!'));
  const made = /^!(dist|node_modules|package\.json)\b/;
  return patterns
    .filter((line) => !made.test(line))
    .flatMap((line) => fs.globSync(line.slice(1), { cwd: root }));
}

if (import.meta.main)
  await main(async () => {
    await pack();
    console.log(`${path.relative(root, vsix)}: ${(fs.statSync(vsix).size / 1e6).toFixed(2)} MB`);
    const engine = path.join(stage, 'dist', 'engine');
    const args = ['pack', '--silent', '--pack-destination', local];
    const name = await output('npm', args, { cwd: engine, what: 'Packing the engine' });
    console.log(path.join(path.relative(root, local), name.trim()));
  });
