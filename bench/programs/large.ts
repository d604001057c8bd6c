/** Stops with a tensor of 10⁸ elements in its hands. */
import * as tf from '@tapedeck/engine';

const large = tf.randomUniform([10_000, 10_000]);
console.log(large.shape);
