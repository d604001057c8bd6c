/**
 * What the program tells the adapter by itself: through a binding of the
 * inspector, so that it comes in one order with V8's own events. The console's
 * events would do as well, but V8 sends them only with the Runtime domain on,
 * and with that it walks two hundred frames for every `Error` that is made.
 */
import type { Site } from '../../engine/protocol.ts';
import { TELL, type ProgramEvents } from './words.ts';

type Binding = (message: string) => void;

let binding: Binding | undefined;

/** Takes the binding that the adapter has made, before the program sees it. */
export function takeBinding(): void {
  const globals = globalThis as { [TELL]?: Binding };
  binding = globals[TELL];
  delete globals[TELL];
}

/** Nothing is told where the program runs free. */
export function tell<E extends keyof ProgramEvents>(
  method: E,
  ...[params]: ProgramEvents[E]
): void {
  binding?.(JSON.stringify({ method, params }));
}

interface Frame {
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/** How far the stack is looked through for a line of the program's own. */
const FAR = 100;
const errors = Error as unknown as { stackTraceLimit: number; prepareStackTrace: unknown };
const { captureStackTrace } = Error;

/** The lines that are running, the innermost first, without those of Node and of this folder. */
export function running(): Site[] {
  const { stackTraceLimit, prepareStackTrace } = errors;
  let frames: readonly Frame[] = [];
  const holder: { stack?: string } = {};
  try {
    errors.stackTraceLimit = FAR;
    errors.prepareStackTrace = (_: unknown, list: readonly Frame[]) => void (frames = list);
    captureStackTrace(holder, running);
    void holder.stack;
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
    errors.prepareStackTrace = prepareStackTrace;
  }
  return frames.flatMap((frame) => {
    const url = frame.getScriptNameOrSourceURL();
    if (!url || url.startsWith('node:') || url.startsWith(own)) return [];
    return [{ url, line: frame.getLineNumber() ?? 1, column: frame.getColumnNumber() ?? 1 }];
  });
}

const own = new URL('.', import.meta.url).href;
