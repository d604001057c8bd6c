/** Starts an adapter: inside the process that asks for it, or on a pair of streams. */
import { Session } from './session.ts';
import type { Lendings } from './targets.ts';

export { tensorFilters } from './filters.ts';
export { attributes, ENDINGS, schema } from './launch.ts';
export type { Lendings } from './targets.ts';

/** For `vscode.DebugAdapterInlineImplementation`. */
export function inline(lent: Lendings): Session {
  return new Session(lent);
}

/** Speaks DAP on the process's own streams until the editor closes them. */
export function stdio(lent: Lendings): void {
  const session = new Session(lent);
  process.on('SIGTERM', () => session.shutdown());
  session.start(process.stdin, process.stdout);
}
