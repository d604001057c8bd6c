/**
 * How the program's modules are found and read: TypeScript runs as it is, a
 * bare `@tapedeck/engine` is lent where the folder has none, and every module's
 * names can be seen from anywhere in it.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, type LoadFnOutput, type ResolveFnOutput } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Compiler } from './typescript.ts';
import type { Lent } from './words.ts';

const ENGINE = '@tapedeck/engine';
const TYPESCRIPT = /\.[mc]?ts$/;
/** What a TypeScript program may leave out or call by the name of what it compiles to. */
const ENDINGS: readonly [RegExp, string][] = [
  [/\.js$/, '.ts'],
  [/\.mjs$/, '.mts'],
  [/\.cjs$/, '.cts'],
  [/$/, '.ts'],
  [/$/, '/index.ts'],
];

/** Gives the folders of engines, of which more may be found later. */
export function installHooks(lent: Lent): ReadonlySet<string> {
  const compiler = new Compiler(lent);
  /** Their modules run as they are. */
  const engines = new Set([new URL('.', lent.engine).href]);

  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === ENGINE) {
        const found = attempt(() => next(specifier, context)) ?? {
          url: lent.engine,
          format: 'module',
          shortCircuit: true,
        };
        engines.add(new URL('.', found.url).href);
        return found;
      }
      try {
        return next(specifier, context);
      } catch (failure) {
        const found = guess(specifier, context.parentURL, (name) => next(name, context));
        if (found) return found;
        throw failure;
      }
    },
    load(url, context, next) {
      const file = filePath(url);
      if (file === null || file.includes('/node_modules/')) return next(url, context);
      const own = [...engines].some((folder) => url.startsWith(folder));
      if (TYPESCRIPT.test(file)) {
        const source = compiler.compile(readFileSync(file, 'utf8'), file);
        const format = formatOf(file, context.format, source);
        return { format, source: own ? source : withNames(source), shortCircuit: true };
      }
      const loaded = next(url, context);
      if (own || !/^(module|commonjs)$/.test(loaded.format ?? '')) return loaded;
      return withSource(loaded, (text) => withNames(compiler.lower(text, file)));
    },
  });
  return engines;
}

function withSource(loaded: LoadFnOutput, change: (text: string) => string): LoadFnOutput {
  const { source } = loaded;
  if (source === undefined || source === null) return loaded;
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
  return { ...loaded, source: change(text) };
}

/**
 * V8 drops names that the paused function does not mention; an `eval` anywhere
 * in the module keeps them all. It stands in a function of a block of its own:
 * neither has a position where a step could stop, or a name that could be seen.
 * It goes on the last line, behind a comment on the next, so that no position
 * changes, and in front of a source map, which must come last.
 */
function withNames(source: string): string {
  const map = source.search(/\n\/\/# sourceMappingURL=[^\n]*\s*$/);
  const at = map < 0 ? source.length : map;
  const last = source.slice(source.lastIndexOf('\n', at - 1) + 1, at);
  const gap = last.includes('//') ? '\n' : '';
  return `${source.slice(0, at)}${gap};{function tapedeck(){eval("")}}${source.slice(at)}`;
}

function filePath(url: string): string | null {
  return url.startsWith('file:') ? fileURLToPath(new URL(url)) : null;
}

function guess(
  specifier: string,
  parent: string | undefined,
  next: (specifier: string) => ResolveFnOutput,
): ResolveFnOutput | undefined {
  if (!/^\.\.?\/|^file:/.test(specifier) || !TYPESCRIPT.test(parent?.split('?')[0] ?? '')) return;
  for (const [ending, instead] of ENDINGS) {
    if (!ending.test(specifier)) continue;
    const found = attempt(() => next(specifier.replace(ending, instead)));
    if (found) return found;
  }
  return undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** As Node decides it: by the ending, then by the nearest package.json, then by what the file contains. */
function formatOf(file: string, known: string | null | undefined, source: string): string {
  if (file.endsWith('.mts')) return 'module';
  if (file.endsWith('.cts')) return 'commonjs';
  if (known) return known.startsWith('commonjs') ? 'commonjs' : 'module';
  const type = packageType(dirname(file));
  if (type) return type;
  return /^\s*(import|export)\b[^(.]/m.test(source) ||
    !/\b(require\s*\(|module\.exports|exports\.)/.test(source)
    ? 'module'
    : 'commonjs';
}

function packageType(folder: string): 'module' | 'commonjs' | undefined {
  const text = attempt(() => readFileSync(join(folder, 'package.json'), 'utf8'));
  if (text !== undefined) {
    const { type } = JSON.parse(text) as { type?: 'module' | 'commonjs' };
    return type;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : packageType(parent);
}
