/**
 * Walks down Rosenbrock's valley, (1 − x)² + 100 (y − x²)². How far each step
 * goes is decided by a loop that looks at the values it has just computed.
 */
import * as tf from '@tapedeck/engine';

function valley(at: tf.Tensor): tf.Tensor {
  const [x, y] = [at.slice([0], [1]), at.slice([1], [1])];
  const aside = y.sub(x.square());
  return tf.sub(1, x).square().add(aside.square().mul(100)).sum();
}

/** The first of 1, ½, ¼ … that goes down at least a little of what the slope promises (Armijo's rule). */
function stepLength(at: tf.Tensor, height: number, slope: tf.Tensor): number {
  const promised = slope.square().sum().item();
  let length = 1;
  while (valley(at.sub(slope.mul(length))).item() > height - 1e-4 * length * promised) length /= 2;
  return length;
}

const descend = tf.valueAndGrad(valley);
let at = tf.tensor([-1.2, 1]);
for (let step = 0; step <= 2000; step++) {
  const { value, grad } = descend(at);
  const length = stepLength(at, value.item(), grad);
  if (step % 400 === 0) console.log(`step ${step}: height ${value.item()}, step length ${length}`);
  at = at.sub(grad.mul(length));
}
console.log(at);
