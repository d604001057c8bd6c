/** The adapter as an executable of its own: `node dist/debug-adapter.js`. */
import { stdio } from './index.ts';
import { lent } from './lent.ts';

stdio(lent);
