/**
 * The worlds of the house: every tsconfig below the root is one, and says what
 * exists for its files (Node, a browser, VS Code, or nothing).
 */
import { globSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './setup/cache.mjs';

export interface World {
  /** The path of its tsconfig, from the root. */
  readonly config: string;
  readonly files: readonly string[];
  readonly options: ts.CompilerOptions;
  readonly errors: readonly ts.Diagnostic[];
}

const NO_INPUTS = 18003;

/** All worlds that have a file in them. */
export function worlds(): World[] {
  return globSync('*/**/tsconfig*.json', {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', '.cache'].includes(path.basename(name)),
  })
    .sort()
    .map((config) => {
      const parsed = ts.getParsedCommandLineOfConfigFile(path.join(root, config), undefined, {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: (problem) => {
          throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
        },
      })!;
      const errors = parsed.errors.filter(({ code }) => code !== NO_INPUTS);
      return { config, files: parsed.fileNames, options: parsed.options, errors };
    })
    .filter(({ files, errors }) => files.length > 0 || errors.length > 0);
}
