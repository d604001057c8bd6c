/** Trains the sample on the digits and says how long that took, from the first line of the sample to its last. */
import '@tapedeck/engine';
import { start } from './start.ts';
import '../../samples/digits/train.ts';

console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
