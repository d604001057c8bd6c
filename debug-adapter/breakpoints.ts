/** Breakpoints in source files: what the editor wants, and what V8 was told. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import type { Hit } from './debuggee/probes.ts';
import { PROBES } from './debuggee/words.ts';
import type { Launch } from './launch.ts';
import type { Sources } from './sources.ts';

interface Breakpoint {
  readonly id: number;
  readonly wanted: DebugProtocol.SourceBreakpoint;
  readonly condition: string | undefined;
  /** V8's names for it: one for the file, or one for each script of a mapped file. */
  v8: string[];
  told: DebugProtocol.Breakpoint;
}

export class Breakpoints {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly byPath = new Map<string, Breakpoint[]>();
  private readonly byV8 = new Map<string, Breakpoint>();
  private entry: string | null = null;
  private count = 0;

  constructor(cdp: Cdp, client: Client, sources: Sources) {
    this.cdp = cdp;
    this.client = client;
    this.sources = sources;
    cdp.on('Debugger.breakpointResolved', ({ breakpointId, location }) => {
      const breakpoint = this.byV8.get(breakpointId);
      if (!breakpoint) return;
      const position = this.sources.position(location);
      breakpoint.told = { id: breakpoint.id, verified: true, ...position };
      this.client.tell('breakpoint', { reason: 'changed', breakpoint: breakpoint.told });
    });
    cdp.onStart(async () => {
      this.byV8.clear();
      for (const [path, all] of this.byPath) for (const each of all) await this.bind(path, each);
    });
  }

  /** All breakpoints of one file, instead of those it had. */
  async set({
    source,
    breakpoints = [],
  }: DebugProtocol.SetBreakpointsArguments): Promise<DebugProtocol.SetBreakpointsResponse['body']> {
    const path = source.path ?? '';
    for (const { v8 } of this.byPath.get(path) ?? [])
      for (const breakpointId of v8) {
        this.byV8.delete(breakpointId);
        await this.cdp.send('Debugger.removeBreakpoint', { breakpointId }).catch(() => {});
      }
    const all = breakpoints.map((wanted) => this.make(wanted));
    this.byPath.set(path, all);
    if (this.cdp.connected) for (const each of all) await this.bind(path, each);
    return { breakpoints: all.map(({ told }) => told) };
  }

  /** Where in a range a breakpoint can stand; nothing for a file that is not loaded yet. */
  async locations({
    source,
    line,
    column = 1,
    endLine = line,
    endColumn,
  }: DebugProtocol.BreakpointLocationsArguments): Promise<
    DebugProtocol.BreakpointLocationsResponse['body']
  > {
    const [script] = this.sources.ofPath(source.path ?? '');
    if (!script || !this.cdp.connected) return { breakpoints: [] };
    const end = endColumn ? { line: endLine, column: endColumn } : { line: endLine + 1, column: 1 };
    const { locations } = await this.cdp.send('Debugger.getPossibleBreakpoints', {
      start: this.sources.location(script, { line, column }),
      end: this.sources.location(script, end),
    });
    return { breakpoints: locations.map((location) => this.sources.position(location)) };
  }

  /** Stops in front of the program's first line. */
  async stopAtEntry({ program }: Launch): Promise<void> {
    const { breakpointId } = await this.cdp.send('Debugger.setBreakpointByUrl', {
      url: this.sources.url(program),
      lineNumber: 0,
      columnNumber: 0,
    });
    this.entry = breakpointId;
  }

  isEntry(breakpoint: string): boolean {
    return breakpoint === this.entry;
  }

  private make(wanted: DebugProtocol.SourceBreakpoint): Breakpoint {
    const id = ++this.count;
    const told = { id, verified: false, line: wanted.line };
    try {
      return { id, wanted, condition: probe(id, wanted), v8: [], told };
    } catch (failure) {
      const message = (failure as Error).message;
      return { id, wanted, condition: 'false', v8: [], told: { ...told, message } };
    }
  }

  private async bind(path: string, breakpoint: Breakpoint): Promise<void> {
    const { id, wanted, condition } = breakpoint;
    if (condition === 'false') return;
    try {
      const { breakpointId, locations } = await this.cdp.send('Debugger.setBreakpointByUrl', {
        url: this.sources.url(path),
        lineNumber: wanted.line - 1,
        columnNumber: (wanted.column ?? 1) - 1,
        ...(condition !== undefined && { condition }),
      });
      breakpoint.v8 = [breakpointId];
      this.byV8.set(breakpointId, breakpoint);
      const [at] = locations;
      if (at) breakpoint.told = { id, verified: true, ...this.sources.position(at) };
    } catch (failure) {
      breakpoint.told = { ...breakpoint.told, message: (failure as Error).message };
    }
  }
}

/** What V8 evaluates at the breakpoint; undefined where it always stops. */
function probe(
  id: number,
  { condition, hitCondition, logMessage }: DebugProtocol.SourceBreakpoint,
): string | undefined {
  const hit = hitCondition ? JSON.stringify(parseHit(hitCondition)) : 'null';
  const test = condition ? `() => (${condition}\n)` : 'null';
  const probes = `globalThis[Symbol.for(${JSON.stringify(PROBES)})]`;
  if (logMessage) return `${probes}.logs(${id}, ${test}, ${hit}, () => [${message(logMessage)}])`;
  return condition || hitCondition ? `${probes}.stops(${id}, ${test}, ${hit})` : undefined;
}

/** `5`, `>= 5`, `% 3`: the hits at which it stops. */
export function parseHit(text: string): Hit {
  const [, test = '>=', count] = /^\s*(===?|=|>=?|<=?|%)?\s*(\d+)\s*$/.exec(text) ?? [];
  if (count === undefined)
    throw new Error(`A hit count is a number, or one behind = > >= < <= or %; not "${text}".`);
  return { test: (/^=/.test(test) ? '=' : test) as Hit['test'], count: Number(count) };
}

/** Text and `{expressions}` in turn; braces inside an expression are its own. */
export function message(text: string): string {
  const parts: string[] = [];
  let plain = '';
  for (let i = 0; i < text.length;) {
    const end = text[i] === '{' ? closing(text, i) : -1;
    if (end < 0) plain += text[i++];
    else {
      if (plain) parts.push(JSON.stringify(plain));
      plain = '';
      parts.push(`(${text.slice(i + 1, end)}\n)`);
      i = end + 1;
    }
  }
  return [...parts, ...(plain ? [JSON.stringify(plain)] : [])].join();
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}
