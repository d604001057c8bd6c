/**
 * A plugin of the TypeScript server. Where a folder has no `@tapedeck/engine`
 * of its own, the import means the engine that Tapedeck lends to the program
 * when it runs it; this lends its types to the editor, so that the two agree.
 * A copy in `node_modules` wins in both.
 *
 * It only answers a question that had no answer: options, files and other
 * imports of a project stay as they are.
 */
import path from 'node:path';
import type ts from 'typescript';

const ENGINE = '@tapedeck/engine';
/** Lies beside the plugin: the engine's types, with what of Node and of the newest library they stand on. */
const LENT = path.join(__dirname, 'engine.d.ts');

export default function init(): ts.server.PluginModule {
  return {
    create(info) {
      lend(info.languageServiceHost);
      return info.languageService;
    },
  };
}

function lend(host: ts.LanguageServiceHost): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (!resolve) return;
  host.resolveModuleNameLiterals = (literals, ...rest) =>
    resolve(literals, ...rest).map((answer, i) =>
      // What was looked for stays in the answer: the server watches those places, so that an installed copy is seen.
      literals[i]?.text === ENGINE && !answer.resolvedModule
        ? { ...answer, resolvedModule: lent() }
        : answer,
    );
}

function lent(): ts.ResolvedModuleFull {
  return { resolvedFileName: LENT, extension: '.d.ts', isExternalLibraryImport: true };
}
