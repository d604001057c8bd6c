import path from 'node:path';
import ts from 'typescript';
import { root } from '../setup/cache.mjs';

/** The engine as TypeScript understands it: for what documents say of types and comments. */
export function engineProgram(): ts.Program {
  return (program ??= made());
}

/** What a file of the engine exports, under their names. */
export function exportsOf(file: string): ReadonlyMap<string, ts.Symbol> {
  const checker = engineProgram().getTypeChecker();
  const source = engineProgram().getSourceFile(path.join(root, 'engine', file))!;
  const module = checker.getSymbolAtLocation(source)!;
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
}

function made(): ts.Program {
  const config = path.join(root, 'engine', 'host', 'tsconfig.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const { options } = ts.getParsedCommandLineOfConfigFile(config, undefined, host)!;
  return ts.createProgram([path.join(root, 'engine', 'index.ts')], options);
}

let program: ts.Program | undefined;
