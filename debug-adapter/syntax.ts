/** What the grammar of a script says that V8 does not. */
import { parse, type Options, type Program, type SourceLocation } from 'acorn';
import type { Cdp } from './cdp.ts';
import type { Location } from './sources.ts';

interface Range {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface Ranges {
  readonly guarded: readonly Range[];
  readonly finished: readonly Range[];
  readonly functions: readonly Range[];
}

export class Syntax {
  private readonly cdp: Cdp;
  private readonly known = new Map<string, Ranges>();

  constructor(cdp: Cdp) {
    this.cdp = cdp;
    cdp.onStart(async () => this.known.clear());
  }

  /** Whether an exception that is thrown here is caught in the same function, by a `catch` or a `.catch()`. */
  async isGuarded(location: Location): Promise<boolean> {
    return covers((await this.read(location.scriptId)).guarded, location);
  }

  /** Whether a `finally` stands between here and the caller: V8 then misses the return. */
  async returnsThroughFinally(location: Location): Promise<boolean> {
    return covers((await this.read(location.scriptId)).finished, location);
  }

  /** Whether it is in a function, rather than at the top level of its module. */
  async inFunction(location: Location): Promise<boolean> {
    return covers((await this.read(location.scriptId)).functions, location);
  }

  private async read(scriptId: string): Promise<Ranges> {
    if (!this.known.has(scriptId)) {
      const { scriptSource } = await this.cdp.send('Debugger.getScriptSource', { scriptId });
      const tree = programOf(scriptSource);
      this.known.set(scriptId, {
        guarded: guardedRanges(tree),
        finished: finishedRanges(tree),
        functions: functionRanges(tree),
      });
    }
    return this.known.get(scriptId)!;
  }
}

/** The tree of a script, be it a module or not; null where it cannot be read. */
export function programOf(source: string): Program | null {
  const options: Omit<Options, 'sourceType'> = {
    ecmaVersion: 'latest',
    locations: true,
    allowHashBang: true,
    allowReturnOutsideFunction: true,
  };
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(source, { ...options, sourceType });
    } catch {
      // What one kind of source may not say the other may.
    }
  }
  return null;
}

/** What we read of a syntax tree. */
interface Tree {
  readonly type: string;
  readonly loc: SourceLocation;
  readonly handler?: Tree | null;
  readonly finalizer?: Tree | null;
  readonly block?: Tree;
  readonly callee?: Tree;
  readonly object?: Tree;
  readonly property?: Tree;
  readonly name?: string;
  readonly arguments?: readonly Tree[];
}

/** Where an exception does not get out: lines from 1, columns from 0, as acorn counts. */
export function guardedRanges(program: Program | null): Range[] {
  return collect(program, (node) => {
    if (node.type === 'TryStatement' && node.handler) return node.block!.loc;
    if (node.type !== 'CallExpression') return undefined;
    if (handlesRejection(node)) return node.callee!.object!.loc;
    return settles(node) ? node.loc : undefined;
  });
}

/** Statements with a `finally`. */
function finishedRanges(program: Program | null): Range[] {
  return collect(program, (node) =>
    node.type === 'TryStatement' && node.finalizer ? node.loc : undefined,
  );
}

function functionRanges(program: Program | null): Range[] {
  return collect(program, ({ type, loc }) => (/Function|StaticBlock/.test(type) ? loc : undefined));
}

/** What cannot be read has no ranges: stopping once too often is the smaller harm. */
function collect(program: Program | null, rangeOf: (node: Tree) => Range | undefined): Range[] {
  const ranges: Range[] = [];
  const visit = (node: Tree): void => {
    const range = rangeOf(node);
    if (range) ranges.push(range);
    for (const child of Object.values(node).flat() as (Tree | null)[])
      if (typeof child?.type === 'string') visit(child);
  };
  if (program) visit(program as unknown as Tree);
  return ranges;
}

function covers(ranges: readonly Range[], { lineNumber, columnNumber = 0 }: Location): boolean {
  const at = { line: lineNumber + 1, column: columnNumber };
  return ranges.some(({ start, end }) => !before(at, start) && !before(end, at));
}

/** `promise.catch(f)` or `promise.then(f, g)`. */
function handlesRejection({ callee, arguments: given = [] }: Tree): boolean {
  if (callee?.type !== 'MemberExpression') return false;
  const { name } = callee.property!;
  return (name === 'catch' && given.length > 0) || (name === 'then' && given.length > 1);
}

/** `Promise.allSettled([…])` and `Promise.any([…])`: what rejects in them is looked at. */
function settles({ callee }: Tree): boolean {
  if (callee?.type !== 'MemberExpression' || callee.object!.name !== 'Promise') return false;
  return /^(allSettled|any)$/.test(callee.property!.name ?? '');
}

function before(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
