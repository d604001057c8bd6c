/**
 * Breakpoints of our own that catch a step where V8 loses it: V8 steps out of a
 * function by waiting at its return, and one that returns out of a `try` with a
 * `finally` has none. It is also how hidden code is left in one go.
 */
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { CallFrame } from './pauses.ts';
import type { Sources } from './sources.ts';
import type { Syntax } from './syntax.ts';

type Location = Protocol.Debugger.Location;

/** A trap costs some ten microseconds; frames far out are rarely where a step ends. */
const MOST = 1000;

export class Traps {
  private readonly cdp: Cdp;
  private readonly sources: Sources;
  private readonly syntax: Syntax;
  /** By place: V8's name, or null where the user has a breakpoint, which stops as well. */
  private readonly set = new Map<string, Promise<string | null>>();
  private names: ReadonlySet<string> = new Set();
  private readonly positions = new Map<string, readonly Location[]>();

  constructor(cdp: Cdp, sources: Sources, syntax: Syntax) {
    this.cdp = cdp;
    this.sources = sources;
    this.syntax = syntax;
    cdp.onStart(async () => {
      this.set.clear();
      this.names = new Set();
      this.positions.clear();
    });
  }

  /** Of what V8 says was hit, what is not ours. */
  foreign(hit: readonly string[]): string[] {
    return hit.filter((id) => !this.names.has(id));
  }

  /** Catches the program wherever it goes on in one of these frames, innermost first. */
  async frames(callFrames: readonly CallFrame[]): Promise<void> {
    for (const { functionLocation, location } of callFrames) {
      if (this.sources.kind(location.scriptId) !== 'user' || !functionLocation) continue;
      const positions = await this.within(functionLocation);
      if (this.set.size + positions.length > MOST) break;
      await this.at(positions);
    }
  }

  /** Catches the program in the user's functions that a hidden one was given: it may call them. */
  async callbacks({ location, scopeChain }: CallFrame): Promise<void> {
    // A function that is made from another (`grad(f)`) has it in its closure. Node's closures are whole modules.
    const node = this.sources.kind(location.scriptId) === 'node';
    for (const { type, object } of scopeChain) {
      if (type !== 'local' && (node || type !== 'closure')) continue;
      const { result } = await this.properties(object.objectId!);
      for (const { value } of result)
        if (value?.type === 'function') await this.entry(value.objectId!);
    }
  }

  async clear(): Promise<void> {
    if (!this.set.size) return;
    const names = await Promise.all(this.set.values());
    this.set.clear();
    this.names = new Set();
    const gone = names.filter((name) => name !== null);
    await Promise.all(
      gone.map((breakpointId) => this.cdp.send('Debugger.removeBreakpoint', { breakpointId })),
    );
  }

  private async entry(objectId: string): Promise<void> {
    const { internalProperties = [] } = await this.properties(objectId);
    const place = internalProperties.find(({ name }) => name === '[[FunctionLocation]]');
    const at = place?.value?.value as Location | undefined;
    if (at && this.sources.kind(at.scriptId) === 'user')
      await this.at((await this.within(at)).slice(0, 1));
  }

  private properties(objectId: string): Promise<Protocol.Runtime.GetPropertiesResponse> {
    return this.cdp.send('Runtime.getProperties', { objectId, ownProperties: true });
  }

  private async within(start: Location): Promise<readonly Location[]> {
    const key = place(start);
    if (!this.positions.has(key)) {
      // A module begins where its first function may begin: V8 would take that for what is meant.
      const module = start.lineNumber === 0 && !start.columnNumber;
      const { locations } = await this.cdp.send('Debugger.getPossibleBreakpoints', {
        start,
        restrictToFunction: !module,
      });
      const inside = await Promise.all(
        locations.map(async (location) => module && (await this.syntax.inFunction(location))),
      );
      this.positions.set(
        key,
        locations.filter((_, index) => !inside[index]),
      );
    }
    return this.positions.get(key)!;
  }

  private async at(locations: readonly Location[]): Promise<void> {
    for (const { scriptId, lineNumber, columnNumber = 0 } of locations) {
      const location = { scriptId, lineNumber, columnNumber };
      if (this.set.has(place(location))) continue;
      const set = this.cdp.send('Debugger.setBreakpoint', { location }).then(
        ({ breakpointId }) => breakpointId,
        () => null,
      );
      this.set.set(place(location), set);
    }
    const names = await Promise.all(this.set.values());
    this.names = new Set(names.filter((name) => name !== null));
  }
}

function place({ scriptId, lineNumber, columnNumber }: Location): string {
  return `${scriptId}:${lineNumber}:${columnNumber}`;
}
