/**
 * The table of everything that is bundled: where it starts, what comes out,
 * and the world it runs in.
 */
import { globSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { PLUGIN } from './plugin.ts';
import { root } from './setup/cache.mjs';
import { Failure } from './setup/steps.mjs';

export interface Bundle {
  readonly from: string;
  /** Gives the name below dist/ (or the row's own folder), without extension, from the path of an entry. */
  readonly to: (file: string) => string;
  /** A folder beside dist/ instead of dist/. */
  readonly folder?: string;
  readonly options: BuildOptions;
  /** Only for tests: left out of what ships. */
  readonly test?: true;
}

const folderOf = (file: string) => path.basename(path.dirname(file));
const nameOf = (file: string) => path.basename(file, path.extname(file));

/** Bundles of CommonJS packages into ES modules lack `require`; this gives it back. */
const requireBanner = {
  js: "import { createRequire as tapedeckRequire } from 'node:module'; const require = tapedeckRequire(import.meta.url);",
};
const esm: BuildOptions = { platform: 'node', format: 'esm', target: 'node22' };
/**
 * What runs in the user's process is seen there: names as classes in the
 * debugger and in stacks, and Node prints the line that threw, which must not
 * be the whole bundle.
 */
const readable: BuildOptions = { minifyWhitespace: false, minifyIdentifiers: false };
/** What VS Code loads by `require`; sources may still say where they lie. */
const cjs: BuildOptions = {
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  define: {
    'import.meta.url': 'tapedeckUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  },
  banner: { js: "const tapedeckUrl = require('node:url').pathToFileURL(__filename).href;" },
};
const page: BuildOptions = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  loader: { '.ttf': 'dataurl', '.svg': 'dataurl' },
};

export const bundles: readonly Bundle[] = [
  { from: 'extension/main.ts', to: () => 'extension', options: cjs },
  {
    from: 'debug-adapter/main.ts',
    to: () => 'debug-adapter',
    options: { ...esm, banner: requireBanner },
  },
  {
    from: 'debug-adapter/tapedeck.ts',
    to: () => 'tapedeck',
    options: { ...esm, banner: requireBanner },
  },
  // Each of these is loaded by itself: the preload into the main thread, the relay as a worker.
  {
    from: 'debug-adapter/debuggee/{preload,relay}.ts',
    to: (file) => `debuggee/${nameOf(file)}`,
    options: { ...esm, ...readable },
  },
  // The TypeScript server wants a package of node_modules that is a function itself; plugin.ts here lays the rest of it.
  {
    from: 'extension/language/plugin.ts',
    to: () => 'index',
    folder: PLUGIN,
    options: {
      ...cjs,
      outExtension: { '.js': '.js' },
      footer: { js: 'module.exports = module.exports.default;' },
    },
  },
  // The engine that is lent to programs that have none of their own. What stands on the stack of an op pause is kept in
  // small parts: at each V8 copies every name of the module of every frame, a millisecond for a thousand.
  {
    from: 'engine/{index,backward,functions,run,trace,ops/index}.ts',
    to: (file) =>
      path
        .join('engine', path.relative('engine', file).replaceAll(path.sep, '-'))
        .replace(/\.ts$/, ''),
    options: {
      ...esm,
      ...readable,
      banner: requireBanner,
      splitting: true,
      // All in one folder, by which the engine and the debugger know its frames.
      chunkNames: 'engine/[hash]',
    },
  },
  { from: 'views/*/page.{ts,css}', to: (file) => `views/${folderOf(file)}`, options: page },
  {
    from: 'test/extension/{index,*.suite}.ts',
    to: (file) => `test/${nameOf(file)}`,
    options: { ...cjs, external: ['vscode', 'mocha'] },
    test: true,
  },
];

/** The files a row starts from, as they are now. */
export function entries(bundle: Bundle): { in: string; out: string }[] {
  const files = globSync(bundle.from, { cwd: root });
  if (files.length === 0) throw new Failure(`There is no ${bundle.from} to bundle.`);
  return files.map((file) => ({
    in: path.join(root, file),
    out: bundle.to(file),
  }));
}
