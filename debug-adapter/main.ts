/** The adapter as an executable of its own: `node dist/debug-adapter.js`. */
import { stdio } from './index.ts';

const built = import.meta.url.endsWith('.js');
const beside = (path: string) => new URL(path, import.meta.url);

stdio(
  built
    ? { preload: beside('./debuggee/preload.js'), engine: beside('./engine/index.js') }
    : { preload: beside('./debuggee/preload.ts'), engine: beside('../engine/index.ts') },
);
