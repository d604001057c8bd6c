/** A gradient: what was computed while the tape ran, walked backwards. */
import * as tf from '@tapedeck/engine';

const x = tf.variable([1, 2, 3], true, 'x');

function gradient(): tf.Tensor {
  using tape = new tf.GradientTape();
  const y = x.mul(x).sum();
  return tape.gradient(y, x)!;
}

// The derivative of x² is 2x.
console.log(gradient());
