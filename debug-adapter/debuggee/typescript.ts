/**
 * TypeScript to JavaScript. Types are blanked out where that is enough: every
 * token stays at its line and column, and nobody needs a map. What cannot be
 * blanked (enum, namespace, parameter properties, decorators, `using` on a
 * runtime without it) goes through TypeScript's own compiler, with a map.
 */
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { Script } from 'node:vm';
import type ts from 'typescript';
import { OURS, type Lent } from './words.ts';

export class Compiler {
  private readonly lent: Lent;
  private typescript: typeof ts | undefined;
  constructor(lent: Lent) {
    this.lent = lent;
  }

  /** Throws a SyntaxError that names the file where the program is not TypeScript. */
  compile(source: string, file: string): string {
    try {
      return this.lower(strip(source), file, source);
    } catch (failure) {
      const { code, message } = failure as NodeJS.ErrnoException;
      if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
        return this.transform(source, file, message);
      if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') throw wrong(file, failure as Error);
      throw failure;
    }
  }

  /** JavaScript that this runtime understands, from JavaScript that it may not. */
  lower(script: string, file: string, source = script): string {
    const missing = newer.find(([, syntax]) => syntax.test(script));
    const runtime = `Node ${process.versions.node}`;
    return missing ? this.transform(source, file, `${runtime} has no ${missing[0]}`) : script;
  }

  private transform(source: string, file: string, why: string): string {
    const ts = (this.typescript ??= this.load(file, why));
    const { outputText } = ts.transpileModule(source, {
      fileName: file,
      compilerOptions: {
        // What is newer, `using` and decorators, is written out in what every runtime has.
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Preserve,
        verbatimModuleSyntax: true,
        inlineSourceMap: true,
        sourceRoot: OURS,
      },
    });
    return outputText;
  }

  /** The copy in the program's folder first, then the one lent. */
  private load(file: string, why: string): typeof ts {
    const places = [
      () => createRequire(file)('typescript') as typeof ts,
      () => createRequire(import.meta.url)(this.lent.typescript ?? 'typescript') as typeof ts,
    ];
    for (const place of places) {
      try {
        const found = place();
        // From version 7 on the package has no interface for JavaScript.
        if (typeof found.transpileModule === 'function') return found;
      } catch {
        // Not there: the next place.
      }
    }
    throw new SyntaxError(
      `${file}: ${why}. Only TypeScript's own compiler can turn this into JavaScript: install "typescript" (version 6 or older) in the program's folder.`,
    );
  }
}

/** Node begins the stack with `:line`, some lines of code and a mark below the last: where to look. Who asked is no news. */
function wrong(file: string, { message, stack = '' }: Error): SyntaxError {
  const [head = ''] = stack.split(/\n+\w*Error\b/);
  const [line = '', ...code] = head.split('\n');
  const column = code.at(-1)?.indexOf('^') ?? -1;
  const place = `${file}${line}${column < 0 ? '' : `:${column + 1}`}`;
  const failure = new SyntaxError(`${place}: ${message}`);
  failure.stack = `${file}${line}\n${code.slice(-2).join('\n')}\n\nSyntaxError: ${message}\n    at ${place}`;
  return failure;
}

const hasUsing = ((): boolean => {
  try {
    new Script('{ using nothing = null; }');
    return true;
  } catch {
    return false;
  }
})();

/** Syntax that V8 may lack, each as it stands at the begin of a statement. */
const newer: readonly (readonly [name: string, syntax: RegExp])[] = [
  ...(hasUsing
    ? []
    : [['"using"', /^\s*(for\s*\()?\s*(await\s+)?using\s+[\w$]+\s*(=|of\b)/m] as const]),
  ['decorators', /^\s*@[\w$(]/m],
];

/** Node warns once that this is new; that is no news to the program's user. */
function strip(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
