/**
 * A plugin of the TypeScript server. Where a folder has no `@tapedeck/engine`
 * of its own, the import means the engine that Tapedeck lends to the program
 * when it runs it; this lends its types to the editor, so that the two agree.
 * A copy in `node_modules` wins in both.
 *
 * It only answers a question that had no answer: options, files and other
 * imports of a project stay as they are. A file that belongs to no project is
 * also lent the types of Node when it imports a module of Node's, for that is
 * where it will run.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';

const ENGINE = '@tapedeck/engine';
/** Lie beside the plugin: the engine's types, with what of Node and of the newest library they stand on; and those alone. */
const LENT = path.join(__dirname, 'engine.d.ts');
const NODE = path.join(__dirname, 'node.d.ts');
/** `ts.server.ProjectKind.Inferred`: a file that no tsconfig.json speaks of. */
const INFERRED = 0;

export default function init(): ts.server.PluginModule {
  return {
    create(info) {
      lend(info.languageServiceHost, info.project.projectKind === INFERRED);
      return info.languageService;
    },
  };
}

function lend(host: ts.LanguageServiceHost, inferred: boolean): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (!resolve) return;
  host.resolveModuleNameLiterals = (literals, ...rest) =>
    resolve(literals, ...rest).map((answer, i) => {
      const file = answer.resolvedModule ? null : lentFor(literals[i]!.text, inferred);
      // What was looked for stays in the answer: the server watches those places, so that an installed copy is seen.
      return file ? { ...answer, resolvedModule: lent(file) } : answer;
    });
}

function lentFor(name: string, inferred: boolean): string | null {
  if (name === ENGINE) return LENT;
  return inferred && isBuiltin(name) ? NODE : null;
}

function lent(resolvedFileName: string): ts.ResolvedModuleFull {
  return { resolvedFileName, extension: '.d.ts', isExternalLibraryImport: true };
}
