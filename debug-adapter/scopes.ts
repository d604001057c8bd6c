/**
 * The objects behind the scopes of a frame. V8 makes them once, when the
 * program stops: after something was assigned they are out of date, and a scope
 * is read again through the frame itself.
 */
import type { Cdp } from './cdp.ts';
import type { Interpreter } from './interpreter.ts';
import type { CallFrame, Pauses } from './pauses.ts';
import { Argument, Ref, type Filter, type Row, type Values } from './values.ts';

interface Copy {
  readonly round: number;
  readonly object: Promise<Ref>;
}

/** A scope of a frame: the frame has several, innermost first. */
export interface Place {
  readonly frame: CallFrame;
  readonly index: number;
}

/** What stands in a scope; `self` is what `this` is there, where it is something. */
export interface Look {
  readonly root: Ref;
  readonly self: Row | null;
  readonly rows: readonly Row[];
}

/** How many children a client gets that does not ask for pages. */
export const PAGE = 1000;

export class Scopes {
  private readonly cdp: Cdp;
  private readonly values: Values;
  private readonly copies = new Map<string, Copy>();
  private round = 0;
  /** Kinds of scopes that were looked at since the last stop. */
  private kinds = new Set<string>();
  /** What was asked for at the stop, before the editor did. It is good once, and until anything is evaluated. */
  private readonly ahead = new Map<string, Promise<Look>>();

  constructor(cdp: Cdp, values: Values, pauses: Pauses, interpreter: Interpreter) {
    this.cdp = cdp;
    this.values = values;
    pauses.onStop(async ({ callFrames, user }) => this.askAhead(callFrames[user]));
    pauses.onTurn(() => this.ahead.clear());
    pauses.onResume(() => {
      this.copies.clear();
      this.round = 0;
    });
    interpreter.onRun(() => this.ahead.clear());
  }

  /** Something may have been assigned. */
  touched(): void {
    this.round++;
    this.ahead.clear();
  }

  /** The rows of a scope, as Variables shows them. */
  async look(place: Place, filter: Filter, start: number, count: number): Promise<Look> {
    const { frame, index } = place;
    this.kinds.add(frame.scopeChain[index]!.type);
    const key = keyOf(place);
    const known = this.ahead.get(key);
    this.ahead.delete(key);
    const whole = filter === 'all' && start === 0 && count === PAGE;
    return (whole && known) || this.read(place, filter, start, count);
  }

  /** Who looked at a scope at the last stop will at this one: what takes the longest is then under way. */
  private askAhead(frame: CallFrame | undefined): void {
    const { kinds } = this;
    this.kinds = new Set();
    frame?.scopeChain.forEach(({ type }, index) => {
      if (!kinds.has(type) || type === 'global') return;
      const found = this.read({ frame, index }, 'all', 0, PAGE);
      this.ahead.set(keyOf({ frame, index }), found);
      // Nobody may come for it.
      found.catch(() => {});
    });
  }

  private async read(
    { frame, index }: Place,
    filter: Filter,
    start: number,
    count: number,
  ): Promise<Look> {
    const root = await this.object({ frame, index });
    const { this: self, scopeChain } = frame;
    const receiver = scopeChain[index]!.type === 'local' && self.objectId !== undefined;
    const [row, rows] = await Promise.all([
      receiver ? this.values.ask('row', new Argument(self), 'this') : null,
      this.values.ask('children', root, [], filter, start, count, true),
    ]);
    return { root, self: row, rows };
  }

  object(place: Place): Promise<Ref> {
    const { frame, index } = place;
    const { object, type } = frame.scopeChain[index]!;
    const first = new Ref(object.objectId!);
    if (this.round === 0 || type === 'global' || type === 'with') return Promise.resolve(first);
    const key = keyOf(place);
    const known = this.copies.get(key);
    if (known?.round === this.round) return known.object;
    const fresh = this.copy(place, first);
    this.copies.set(key, { round: this.round, object: fresh });
    return fresh;
  }

  /** A name that an inner scope has as well is not to be seen through the frame: it stays as it was. */
  private async copy({ frame, index }: Place, old: Ref): Promise<Ref> {
    const inner = await Promise.all(
      frame.scopeChain
        .slice(0, index)
        .map(({ object }) => this.values.ask('names', new Ref(object.objectId!))),
    );
    const hidden = new Set(inner.flat());
    const names = (await this.values.ask('names', old)).filter(
      (name) => !hidden.has(name) && name !== 'this',
    );
    const { result } = await this.cdp.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame.callFrameId,
      expression: `(() => { const seen = {}; ${names
        .map((name) => `try { seen.${name} = ${name}; } catch {}`)
        .join(' ')} return seen; })()`,
      objectGroup: this.values.group(),
      silent: true,
    });
    if (!result.objectId || result.subtype === 'error') return old;
    await this.values.ask('update', old, new Ref(result.objectId));
    return old;
  }
}

function keyOf({ frame, index }: Place): string {
  return `${frame.callFrameId} ${index}`;
}
