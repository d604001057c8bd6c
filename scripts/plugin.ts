/**
 * The plugin of the TypeScript server as a package. The server looks for it in
 * node_modules of the extension and nowhere else, so that is where it is
 * built; what it lends lies beside it: the engine's types and Node's.
 */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup/cache.mjs';

export const PLUGIN = path.join('node_modules', '@tapedeck', 'typescript-plugin');

const MANIFEST = {
  name: '@tapedeck/typescript-plugin',
  version: '0.1.0',
  private: true,
  license: 'MIT',
  type: 'commonjs',
  main: './index.js',
};

/**
 * What an import of the lent engine is. `using` needs the newest library, and a
 * program on Node needs Node's types; a project that has its own keeps them.
 */
const LENT = `/// <reference lib="esnext" />
/// <reference types="node" />
export * from '../../../dist/engine/types/index.js';
`;

/** Lays everything but the code of the plugin, which is a row of bundles.ts, into an extension. */
export function layPlugin(extension: string): void {
  const folder = path.join(extension, PLUGIN);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(MANIFEST, null, 2) + '\n');
  writeFileSync(path.join(folder, 'engine.d.ts'), LENT);
  for (const types of ['@types/node', 'undici-types']) {
    const copy = path.join(folder, 'node_modules', types);
    if (!existsSync(copy))
      cpSync(path.join(root, 'node_modules', types), copy, { recursive: true });
  }
}
