/** What the engine says of the breakpoints it was given, as an editor shows it. */
import type { DebugProtocol } from '@vscode/debugprotocol';

/** Null where the engine is not loaded yet. */
export type Verdicts = readonly { readonly id: number; readonly error?: string }[] | null;

/** A breakpoint that the engine was not given has no verdict. */
export function shown(
  id: number,
  verdicts: Verdicts,
  waiting = 'The program has not loaded the engine yet.',
): DebugProtocol.Breakpoint {
  const verdict = verdicts?.find((each) => each.id === id);
  if (!verdict) return { id, verified: false, message: waiting };
  if (verdict.error === undefined) return { id, verified: true };
  return { id, verified: false, message: sentence(verdict.error) };
}

/** The engine's errors begin small, after the name of an op. */
export function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
