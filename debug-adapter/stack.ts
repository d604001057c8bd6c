/**
 * The call stack the user sees: the ops that run, the layers they run in and
 * the user's own frames, innermost on top; then what stood before an await.
 * Frames of the engine and of Node are left out.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OP_FUNCTION, type Cursor, type OpFrame } from '../engine/protocol.ts';
import { addressOf } from './addresses.ts';
import { errors } from './errors.ts';
import { Handles } from './handles.ts';
import type { CallFrame, Pause, Pauses } from './pauses.ts';
import type { Remote } from './remote.ts';
import type { Location, Sources } from './sources.ts';

/** A frame as the editor knows it by number. */
export interface Shown {
  /** Where expressions are evaluated; for an op the user's frame below it; null for a memory (before an await). */
  readonly callFrame: CallFrame | null;
  readonly op: OpFrame | null;
  /** The op has run since: it is shown from the op log. */
  readonly past?: true;
}

export class Stack {
  private readonly pauses: Pauses;
  private readonly sources: Sources;
  private readonly remote: Remote;
  private readonly frames = new Handles<Shown>();
  private ops: Promise<readonly OpFrame[]> | null = null;
  private known: DebugProtocol.StackFrame[] | null = null;
  /** Where in the op log the next op will stand. */
  private next = 0;
  /** Ops have been run by hand since the program stopped. */
  private stale = false;

  constructor(pauses: Pauses, sources: Sources, remote: Remote) {
    this.pauses = pauses;
    this.sources = sources;
    this.remote = remote;
    pauses.onStop(async ({ opFrames }) => {
      if (opFrames) this.ops = Promise.resolve(opFrames);
    });
    pauses.onTurn(() => {
      this.frames.forget();
      this.stale = false;
      this.ops = this.known = null;
    });
  }

  async trace({
    startFrame = 0,
    levels,
  }: DebugProtocol.StackTraceArguments): Promise<DebugProtocol.StackTraceResponse['body']> {
    const pause = this.pauses.now();
    const { past } = this.pauses;
    const [ops, next] = await Promise.all([this.opFrames(), this.nextOp(pause)]);
    // It has gone on meanwhile: what is known from here on is of the next stop.
    if (this.pauses.current !== pause) throw errors.noFrame();
    this.next = next;
    const all = (this.known ??= [
      ...(past ? this.then(past, pause) : []),
      ...this.here(pause, ops),
      ...this.before(pause),
    ]);
    return {
      stackFrames: all.slice(startFrame, levels ? startFrame + levels : undefined),
      totalFrames: all.length,
    };
  }

  /** What is behind a frame's number; without one, the frame on top. */
  async frame(id?: number): Promise<Shown> {
    if (id !== undefined) return this.frames.get(id);
    const pause = this.pauses.now();
    const { past } = this.pauses;
    if (past) return this.pastOp(past.frames[0]!, pause);
    const [op = null] = pause.op ? await this.opFrames() : [];
    return { callFrame: pause.callFrames[pause.user] ?? null, op };
  }

  /** The ops that run, innermost first; none where the program stands on a line outside of all. */
  opFrames(): Promise<readonly OpFrame[]> {
    const { op, callFrames } = this.pauses.now();
    const any = op !== null || callFrames.some((frame) => this.isOp(frame));
    return (this.ops ??= any ? this.remote.ask('opFrames') : Promise.resolve([]));
  }

  /** Values in an op frame have changed: it is asked for anew. */
  refresh(): void {
    this.stale = true;
    this.ops = this.known = null;
  }

  /** A program that stops at an op has said it. */
  private async nextOp({ op }: Pause): Promise<number> {
    if (op && !this.stale) return op.next;
    const { end } = await this.remote.ask('logged').catch(() => ({ end: 0 }));
    return end;
  }

  /** The op behind a frame as it is now. */
  async op({ op, past }: Shown): Promise<OpFrame> {
    if (past) return op!;
    const ops = await this.opFrames();
    const now = ops.find((other) => other.depth === op?.depth);
    if (!now) throw errors.noFrame();
    return now;
  }

  /**
   * An op that waits for what it runs has a function of its own among V8's frames: it stands above what
   * called it and below what it calls, a gradient function of the user's for one. The op of a pause has
   * none yet, or no more.
   */
  private here({ callFrames, op }: Pause, ops: readonly OpFrame[]): DebugProtocol.StackFrame[] {
    const frames: DebugProtocol.StackFrame[] = [];
    let next = 0;
    let path = '';
    const layer = () => {
      if (path) frames.push(this.label(`layer ${path}`));
      path = '';
    };
    const running = (depth: number) => {
      const op = ops[next++];
      if (!op) return;
      if (op.path !== path) layer();
      ({ path } = op);
      const below = callFrames.slice(depth).find((frame) => this.seen(frame));
      frames.push(this.opShown(op, below ?? null));
    };
    if (op) running(0);
    callFrames.forEach((frame, depth) => {
      if (this.isOp(frame)) return running(depth);
      if (!this.seen(frame)) return;
      // A gradient function of the user's runs in the layer of its op.
      if (ops[next]?.path !== path) layer();
      frames.push(this.shown(frame.functionName, frame.location, frame));
    });
    layer();
    return frames;
  }

  /** The op of the op log where one looks, and those around it. The frames of the present stand below. */
  private then({ frames }: Cursor, pause: Pause): DebugProtocol.StackFrame[] {
    let path = '';
    const shown: DebugProtocol.StackFrame[] = [];
    for (const op of frames) {
      if (path && op.path !== path) shown.push(this.label(`layer ${path}`));
      ({ path } = op);
      const { callFrame } = this.pastOp(op, pause);
      const frame = this.opShown(op, callFrame);
      shown.push({
        ...frame,
        id: this.frames.create(this.pastOp(op, pause)),
        name: `${frame.name} (past)`,
      });
    }
    if (path) shown.push(this.label(`layer ${path}`));
    return [...shown, this.label('the present, not rewound')];
  }

  /** Expressions see the names of the op as it was, and JavaScript’s of the present. */
  private pastOp(op: OpFrame, { callFrames, user }: Pause): Shown {
    return { callFrame: callFrames[user] ?? null, op, past: true };
  }

  /** What stood before an await. */
  private before({ user, asyncStackTrace }: Pause): DebugProtocol.StackFrame[] {
    const all: DebugProtocol.StackFrame[] = [];
    for (let trace = asyncStackTrace; trace; trace = trace.parent) {
      const frames = trace.callFrames.filter(({ scriptId }) => !this.sources.hidden(scriptId));
      if (!frames.length) continue;
      all.push(this.label(trace.description ?? 'async'));
      all.push(...frames.map((frame) => this.shown(frame.functionName, frame, null)));
    }
    const none = user < 0 && all.length === 0;
    return none ? [this.label('idle: no code runs')] : all;
  }

  /** One that has ended hands over to the next. */
  private row({ number, phase }: OpFrame): number {
    return number === undefined || phase === 'after' ? this.next : number;
  }

  private seen({ location }: CallFrame): boolean {
    return !this.sources.hidden(location.scriptId);
  }

  private isOp(frame: CallFrame): boolean {
    return frame.functionName === OP_FUNCTION && !this.seen(frame);
  }

  private label(name: string): DebugProtocol.StackFrame {
    const id = this.frames.create({ callFrame: null, op: null });
    return { id, name, line: 0, column: 0, presentationHint: 'label' };
  }

  private shown(
    name: string,
    location: Location,
    callFrame: CallFrame | null,
  ): DebugProtocol.StackFrame {
    const source = this.sources.source(location.scriptId);
    return {
      id: this.frames.create({ callFrame, op: null }),
      name: name || '(anonymous)',
      ...this.sources.position(location),
      ...(source && { source }),
      ...(callFrame && { instructionPointerReference: addressOf(this.next) }),
      presentationHint: this.sources.kind(location.scriptId) === 'user' ? 'normal' : 'subtle',
    };
  }

  /** A gradient opens the line of its forward op, and says which that is. */
  private opShown(op: OpFrame, callFrame: CallFrame | null): DebugProtocol.StackFrame {
    const place = op.site && this.sources.find(op.site);
    const { source, line, column } = place ?? {
      source: callFrame ? this.sources.source(callFrame.location.scriptId) : undefined,
      ...(callFrame ? this.sources.position(callFrame.location) : { line: 0, column: 0 }),
    };
    const from = op.direction === 'backward' && place ? ` ← ${source?.name}:${line}` : '';
    return {
      id: this.frames.create({ callFrame, op }),
      name: `${opTitle(op)}${from}`,
      line,
      column,
      ...(source && { source }),
      instructionPointerReference: addressOf(this.row(op)),
      presentationHint: 'normal',
    };
  }
}

/** `matMul`, `∇matMul`. */
export function opTitle({ op, direction }: Pick<OpFrame, 'op' | 'direction'>): string {
  return direction === 'backward' ? `∇${op}` : op;
}
