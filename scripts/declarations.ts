/**
 * The lent engine as a package: dist/engine gets a package.json and, in
 * types/, the declarations that editors and `tsc` read. TypeScript prints them
 * from the sources, only when a source has changed.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './setup/cache.mjs';
import { Failure } from './setup/steps.mjs';

const engine = path.join(root, 'engine');

export function declarations(dist: string): void {
  const folder = path.join(dist, 'engine');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), manifest());
  copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  const types = path.join(folder, 'types');
  const stamp = path.join(types, '.digest');
  const digest = digestOf(globSync('**/*.ts', { cwd: engine }).sort());
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  rmSync(types, { recursive: true, force: true });
  emit(types);
  writeFileSync(stamp, digest);
}

/** What users install: the engine's manifest, with the bundle in place of the sources. */
function manifest(): string {
  const source = JSON.parse(readFileSync(path.join(engine, 'package.json'), 'utf8')) as object;
  const files = ['*.js', 'types/**/*.d.ts'];
  const exports = {
    '.': { types: './types/index.d.ts', default: './index.js' },
    './package.json': './package.json',
  };
  return JSON.stringify({ ...source, files, exports, types: './types/index.d.ts' }, null, 2) + '\n';
}

function digestOf(files: readonly string[]): string {
  // How they are printed counts as well as what is printed.
  const digest = createHash('sha256').update(emit.toString());
  for (const file of files) digest.update(file).update(readFileSync(path.join(engine, file)));
  return digest.digest('hex');
}

function emit(outDir: string): void {
  const config = path.join(engine, 'host', 'tsconfig.json');
  const { options } = ts.getParsedCommandLineOfConfigFile(
    config,
    {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: engine,
      outDir,
      // Declarations are printed of what checks; `npm run check` says what does not.
      noEmitOnError: false,
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )!;
  const program = ts.createProgram([path.join(engine, 'index.ts')], options);
  const { diagnostics } = program.emit();
  const wrong = diagnostics.filter((d) => d.category === ts.DiagnosticCategory.Error);
  if (wrong.length === 0) return;
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (file: string) => file,
    getNewLine: () => '\n',
  };
  throw new Failure(`No declarations of the engine:\n${ts.formatDiagnostics(wrong, host)}`);
}
