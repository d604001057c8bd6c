/** What an adapter of its own lends to programs: what is built, or the sources, whichever it is itself. */
import type { Lendings } from './targets.ts';

const built = import.meta.url.endsWith('.js');
const beside = (path: string) => new URL(path, import.meta.url);

export const lent: Lendings = built
  ? { preload: beside('./debuggee/preload.js'), engine: beside('./engine/index.js') }
  : { preload: beside('./debuggee/preload.ts'), engine: beside('../engine/index.ts') };
