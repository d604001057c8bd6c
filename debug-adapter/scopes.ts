/**
 * The objects behind the scopes of a frame. V8 makes them once, when the
 * program stops: after something was assigned they are out of date, and a scope
 * is read again through the frame itself.
 */
import type { Cdp } from './cdp.ts';
import type { CallFrame, Pauses } from './pauses.ts';
import { GROUP, Ref, type Values } from './values.ts';

interface Copy {
  readonly round: number;
  readonly object: Promise<Ref>;
}

export class Scopes {
  private readonly cdp: Cdp;
  private readonly values: Values;
  private readonly copies = new Map<string, Copy>();
  private round = 0;

  constructor(cdp: Cdp, values: Values, pauses: Pauses) {
    this.cdp = cdp;
    this.values = values;
    pauses.onResume(() => {
      this.copies.clear();
      this.round = 0;
    });
  }

  /** Something may have been assigned. */
  touched(): void {
    this.round++;
  }

  object(frame: CallFrame, index: number): Promise<Ref> {
    const { object, type } = frame.scopeChain[index]!;
    const first = new Ref(object.objectId!);
    if (this.round === 0 || type === 'global' || type === 'with') return Promise.resolve(first);
    const key = `${frame.callFrameId} ${index}`;
    const known = this.copies.get(key);
    if (known?.round === this.round) return known.object;
    const fresh = this.read(frame, index, first);
    this.copies.set(key, { round: this.round, object: fresh });
    return fresh;
  }

  /** A name that an inner scope has as well is not to be seen through the frame: it stays as it was. */
  private async read(frame: CallFrame, index: number, old: Ref): Promise<Ref> {
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
      objectGroup: GROUP,
      silent: true,
    });
    if (!result.objectId || result.subtype === 'error') return old;
    await this.values.ask('update', old, new Ref(result.objectId));
    return old;
  }
}
