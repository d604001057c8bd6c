/** The call stack the user sees. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Handles } from './handles.ts';
import type { CallFrame, Pauses } from './pauses.ts';
import type { Location, Sources } from './sources.ts';

export class Stack {
  private readonly pauses: Pauses;
  private readonly sources: Sources;
  private readonly frames = new Handles<CallFrame | null>();

  constructor(pauses: Pauses, sources: Sources) {
    this.pauses = pauses;
    this.sources = sources;
    pauses.onResume(() => this.frames.forget());
  }

  async trace({
    startFrame = 0,
    levels,
  }: DebugProtocol.StackTraceArguments): Promise<DebugProtocol.StackTraceResponse['body']> {
    const { callFrames, asyncStackTrace } = this.pauses.now();
    const all = callFrames
      .filter((frame) => !this.sources.hidden(frame.location.scriptId))
      .map((frame) => this.shown(frame.functionName, frame.location, frame));
    for (let trace = asyncStackTrace; trace; trace = trace.parent) {
      const frames = trace.callFrames.filter(({ scriptId }) => !this.sources.hidden(scriptId));
      if (!frames.length) continue;
      all.push({
        id: this.frames.create(null),
        name: trace.description ?? 'async',
        line: 0,
        column: 0,
        presentationHint: 'label',
      });
      all.push(...frames.map((frame) => this.shown(frame.functionName, frame, null)));
    }
    return {
      stackFrames: all.slice(startFrame, levels ? startFrame + levels : undefined),
      totalFrames: all.length,
    };
  }

  /** The frame of V8 behind a number; null for one that is only a memory (before an await). */
  frame(id: number): CallFrame | null {
    return this.frames.get(id);
  }

  private shown(
    name: string,
    location: Location,
    frame: CallFrame | null,
  ): DebugProtocol.StackFrame {
    const source = this.sources.source(location.scriptId);
    return {
      id: this.frames.create(frame),
      name: name || '(anonymous)',
      ...this.sources.position(location),
      ...(source && { source }),
      presentationHint: this.sources.kind(location.scriptId) === 'user' ? 'normal' : 'subtle',
    };
  }
}
