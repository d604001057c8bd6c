/** Breakpoints in source files: what the editor wants, and what V8 was told. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Site } from '../engine/protocol.ts';
import type { CallSites } from './call-sites.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import type { Launch } from './launch.ts';
import { callAt, type NamedCall } from './calls.ts';
import { faulty, probe, type Call } from './probe.ts';
import type { Location, Script, Sources } from './sources.ts';

interface Breakpoint {
  readonly id: number;
  readonly wanted: DebugProtocol.SourceBreakpoint;
  /** Its condition, hit count or message is nothing to evaluate. */
  readonly refused: boolean;
  /** V8's names for it: one for the file, or one for each script of a mapped file. */
  v8: string[];
  told: DebugProtocol.Breakpoint;
}

/** A place in what V8 runs, as people count. */
type At = Pick<Site, 'url' | 'line' | 'column'>;

/** In milliseconds. */
const SOON = 50;

export class Breakpoints {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly callSites: CallSites;
  private readonly byPath = new Map<string, Breakpoint[]>();
  private readonly byV8 = new Map<string, Breakpoint>();
  private entry: string | null = null;
  private count = 0;
  /** What sets and removes waits for what did before: else a list that is replaced at once leaves some behind. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(cdp: Cdp, client: Client, sources: Sources, callSites: CallSites) {
    this.cdp = cdp;
    this.client = client;
    this.sources = sources;
    this.callSites = callSites;
    cdp.on('Debugger.breakpointResolved', ({ breakpointId, location }) => {
      const breakpoint = this.byV8.get(breakpointId);
      const script = this.sources.script(location.scriptId);
      // In a mapped script the line was the file's, not the script's: it is set anew below.
      if (!breakpoint || script?.map) return;
      this.stands(breakpoint, location);
      this.client.tell('breakpoint', { reason: 'changed', breakpoint: breakpoint.told });
      if (script && this.movedToCall(breakpoint))
        void this.inTurn(() => this.bindAnew([script], breakpoint));
    });
    cdp.on('Program.faults', ({ why, breakpoint: id }) => {
      const found = [...this.byPath.values()].flat().find((breakpoint) => breakpoint.id === id);
      if (!found) return;
      found.told = { ...found.told, message: faulty(why) };
      client.tell('breakpoint', { reason: 'changed', breakpoint: found.told });
    });
    cdp.onStart(async () => {
      this.byV8.clear();
      await cdp.send('Debugger.setInstrumentationBreakpoint', {
        instrumentation: 'beforeScriptWithSourceMapExecution',
      });
      await this.inTurn(async () => {
        for (const [path, all] of this.byPath) for (const each of all) await this.bind(path, each);
      });
    });
  }

  /** All breakpoints of one file, instead of those it had. */
  set({
    source,
    breakpoints = [],
  }: DebugProtocol.SetBreakpointsArguments): Promise<DebugProtocol.SetBreakpointsResponse['body']> {
    return this.inTurn(async () => {
      const path = source.path ?? '';
      for (const each of this.byPath.get(path) ?? []) await this.remove(each);
      const all = breakpoints.map((wanted) => this.make(wanted));
      this.byPath.set(path, all);
      if (this.cdp.debugging) for (const each of all) await this.bind(path, each);
      // A pause is to come, and with it the question which lines recorded the tape.
      await this.callSites.count('lines', [...this.byPath.values()].flat().length);
      return { breakpoints: all.map(({ told }) => told) };
    });
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
    if (!script || !this.cdp.debugging) return { breakpoints: [] };
    const end = endColumn ? { line: endLine, column: endColumn } : { line: endLine + 1, column: 1 };
    const { locations } = await this.cdp.send('Debugger.getPossibleBreakpoints', {
      start: this.sources.location(script, { line, column }),
      end: this.sources.location(script, end),
    });
    return { breakpoints: locations.map((location) => this.sources.position(location)) };
  }

  /** Stops in front of the program's first line. */
  async stopAtEntry({ program }: Launch): Promise<void> {
    // By a pattern: V8 takes one breakpoint a place and kind of name, and the user may want the first line.
    const { breakpointId } = await this.cdp.send('Debugger.setBreakpointByUrl', {
      urlRegex: `^${this.sources.url(program).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`,
      lineNumber: 0,
      columnNumber: 0,
    });
    this.entry = breakpointId;
  }

  /** The editor's numbers for what V8 says it hit. */
  numbers(hit: readonly string[]): number[] {
    return hit.flatMap((id) => this.byV8.get(id)?.id ?? []);
  }

  isEntry(breakpoint: string): boolean {
    return breakpoint === this.entry;
  }

  /** A script that is not laid out like its file is about to run its first line. */
  bindMapped(scriptId: string): Promise<void> {
    return this.inTurn(async () => {
      const script = this.sources.script(scriptId);
      if (!script?.map) return;
      for (const breakpoint of this.byPath.get(script.path!) ?? [])
        await this.bindAnew([script], breakpoint);
    });
  }

  private make(wanted: DebugProtocol.SourceBreakpoint): Breakpoint {
    const id = ++this.count;
    const told = { id, verified: false, line: wanted.line };
    const made = { id, wanted, refused: false, v8: [], told };
    try {
      probe(id, wanted);
      return made;
    } catch (failure) {
      const { message } = failure as Error;
      return { ...made, refused: true, told: { ...told, message } };
    }
  }

  /** What V8 is to evaluate there. A place within a line that is the call of an op is a breakpoint on the op. */
  private condition(
    { id, wanted, told }: Breakpoint,
    path: string,
    at: At,
  ): { condition?: string } {
    const { line, column } = told.verified ? told : wanted;
    const found = wanted.column === undefined ? null : this.callAt(path, line!, column!);
    const call: Call | null = found && { ...at, id, op: found.name, callee: found.callee };
    const condition = probe(id, wanted, call);
    return condition === undefined ? {} : { condition };
  }

  private callAt(path: string, line: number, column: number): NamedCall | null {
    const text = this.sources.text(path).split('\n')[line - 1];
    return text === undefined ? null : callAt(text, column);
  }

  /** It was set beside the call of an op, and V8 has put it there. */
  private movedToCall({ wanted, told }: Breakpoint): boolean {
    return wanted.column !== undefined && told.column !== wanted.column;
  }

  private async bind(path: string, breakpoint: Breakpoint): Promise<void> {
    const { wanted } = breakpoint;
    if (breakpoint.refused) return;
    const mapped = this.sources.ofPath(path).filter((script) => script.map);
    for (const script of mapped) await this.bindIn(script, breakpoint);
    if (mapped.length) return;
    const { line, column = 1 } = wanted;
    const url = this.sources.url(path);
    await this.keep(
      breakpoint,
      this.cdp.send('Debugger.setBreakpointByUrl', {
        url,
        lineNumber: line - 1,
        columnNumber: column - 1,
        ...this.condition(breakpoint, path, { url, line, column }),
      }),
    );
    const [script] = this.sources.ofPath(path);
    if (script && breakpoint.told.verified && this.movedToCall(breakpoint))
      await this.bindAnew([script], breakpoint);
    // A script that V8 is about to compile takes none, and V8 does not come back to it.
    if (!breakpoint.told.verified && this.sources.ofPath(path).length)
      setTimeout(() => void this.bindAgain(path, breakpoint).catch(() => {}), SOON).unref();
  }

  private bindAgain(path: string, breakpoint: Breakpoint): Promise<void> {
    return this.inTurn(async () => {
      if (breakpoint.told.verified || !this.byPath.get(path)?.includes(breakpoint)) return;
      await this.bindAnew(this.sources.ofPath(path), breakpoint);
    });
  }

  /** In these scripts, and nowhere else. */
  private async bindAnew(scripts: readonly Script[], breakpoint: Breakpoint): Promise<void> {
    await this.remove(breakpoint);
    for (const script of scripts) await this.bindIn(script, breakpoint);
    if (breakpoint.told.verified)
      this.client.tell('breakpoint', { reason: 'changed', breakpoint: breakpoint.told });
  }

  private async bindIn(script: Script, breakpoint: Breakpoint): Promise<void> {
    const { line, column = 1 } = breakpoint.told.verified ? breakpoint.told : breakpoint.wanted;
    const location = this.sources.location(script, { line: line!, column });
    const { lineNumber, columnNumber = 0 } = location;
    const at = { url: script.url, line: lineNumber + 1, column: columnNumber + 1 };
    const set = this.cdp.send('Debugger.setBreakpoint', {
      location,
      ...this.condition(breakpoint, script.path!, at),
    });
    await this.keep(
      breakpoint,
      set.then(({ breakpointId, actualLocation }) => ({
        breakpointId,
        locations: [actualLocation],
      })),
    );
  }

  private async keep(
    breakpoint: Breakpoint,
    setting: Promise<Protocol.Debugger.SetBreakpointByUrlResponse>,
  ): Promise<void> {
    try {
      const { breakpointId, locations } = await setting;
      breakpoint.v8.push(breakpointId);
      this.byV8.set(breakpointId, breakpoint);
      const [at] = locations;
      if (at) this.stands(breakpoint, at);
    } catch (failure) {
      breakpoint.told = { ...breakpoint.told, message: (failure as Error).message };
    }
  }

  private async remove(breakpoint: Breakpoint): Promise<void> {
    for (const breakpointId of breakpoint.v8) {
      this.byV8.delete(breakpointId);
      await this.cdp.send('Debugger.removeBreakpoint', { breakpointId }).catch(() => {});
    }
    breakpoint.v8 = [];
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  private stands(breakpoint: Breakpoint, location: Location): void {
    breakpoint.told = { id: breakpoint.id, verified: true, ...this.sources.position(location) };
  }
}
