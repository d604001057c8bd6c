/**
 * A synchronous loop that makes a tensor of 4 MB in each of 10,000 steps and
 * drops it: no tidy, no dispose, no await. Says how long the steps from 900
 * and from 9,900 on took, and the most memory it held.
 */
import * as tf from '@tapedeck/engine';

const x = tf.ones([1024, 1024]);
let resident = 0;
const marks: number[] = [];
for (let step = 0; step <= 10_000; step++) {
  if (step === 900 || step === 1_000 || step === 9_900 || step === 10_000) {
    marks.push(performance.now());
  }
  x.add(x);
  if (step % 50 === 0) resident = Math.max(resident, process.memoryUsage.rss());
}
const [a, b, c, d] = marks as [number, number, number, number];
console.log(JSON.stringify({ early: (b - a) / 1000, late: (d - c) / 1000, resident }));
