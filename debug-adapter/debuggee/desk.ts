/** The engine's front desk, once the program has loaded an engine. */
import { DESK, type Asks } from '../../engine/protocol.ts';

export function desk(): Asks | undefined {
  return (globalThis as { readonly [key: symbol]: unknown })[Symbol.for(DESK)] as Asks | undefined;
}
