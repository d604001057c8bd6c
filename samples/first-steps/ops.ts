/** The first ops: a matrix product and a bias, each computed as soon as it is written. */
import * as tf from '@tapedeck/engine';

const x = tf.tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const weight = tf.tensor([
  [1, 0],
  [0, 1],
  [1, 1],
]);
const bias = tf.tensor([10, 20]);

const product = x.matMul(weight);
console.log(product);

const shifted = product.biasAdd(bias);
console.log(shifted);

// Any number can be read at once, and decide what happens next.
if (shifted.max().item() > 30) console.log('The largest is', shifted.max().item());
