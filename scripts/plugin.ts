/**
 * The plugin of the TypeScript server as a package. The server looks for it in
 * node_modules of the extension and nowhere else, so that is where it is
 * built; what it lends lies beside it: the engine's types and Node's.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup/cache.mjs';

export const PLUGIN = path.join('node_modules', '@tapedeck', 'typescript-plugin');

/** The packages of types that an import of the lent engine stands on. */
const TYPES = ['@types/node', 'undici-types'];

/**
 * What an import of the lent engine is, and what one of Node's modules brings. `using` needs the newest library, and a
 * program on Node needs Node's types; a project that has its own keeps them.
 */
const NODE = `/// <reference lib="esnext" />
/// <reference types="node" />
`;
const ENGINE = `${NODE}export * from '../../../dist/engine/types/index.js';
`;

/** Lays everything but the code of the plugin, which is a row of bundles.ts, into an extension. */
export function layPlugin(extension: string): void {
  const folder = path.join(extension, PLUGIN);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), manifest());
  writeFileSync(path.join(folder, 'engine.d.ts'), ENGINE);
  writeFileSync(path.join(folder, 'node.d.ts'), NODE);
  for (const name of TYPES) {
    const copy = path.join(extension, 'node_modules', name);
    if (!existsSync(copy)) cpSync(installed(name), copy, { recursive: true });
  }
}

/** Names the types as dependencies, so that whoever packs the plugin packs them too. */
function manifest(): string {
  const dependencies = Object.fromEntries(TYPES.map((name) => [name, versionOf(name)]));
  const fields = {
    name: '@tapedeck/typescript-plugin',
    version: '0.1.0',
    private: true,
    license: 'MIT',
    type: 'commonjs',
    main: './index.js',
    dependencies,
  };
  return JSON.stringify(fields, null, 2) + '\n';
}

const installed = (name: string) => path.join(root, 'node_modules', name);

function versionOf(name: string): string {
  const manifest = readFileSync(path.join(installed(name), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
