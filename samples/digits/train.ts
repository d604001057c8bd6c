/**
 * Trains a small network to read handwritten digits.
 *
 * Press F5. Then set a breakpoint in `trainOn`, or an op breakpoint on
 * `matMul`, and look at the tensors on the way.
 */
import * as tf from '@tapedeck/engine';
import { readDigits, type Digits } from './digits.ts';

const EPOCHS = 20;
const BATCH = 32;

class Dense {
  readonly name: string;
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;

  constructor(name: string, inputs: number, outputs: number) {
    this.name = name;
    const random = tf.randomNormal([inputs, outputs], 0, Math.sqrt(2 / inputs));
    this.weight = tf.variable(random, true, `${name}/weight`);
    this.bias = tf.variable(tf.zeros([outputs]), true, `${name}/bias`);
  }

  call(x: tf.Tensor): tf.Tensor {
    return tf.scope(this.name, () => x.matMul(this.weight).biasAdd(this.bias));
  }
}

class Classifier {
  readonly hidden = new Dense('hidden', 64, 128);
  readonly output = new Dense('output', 128, 10);

  get variables(): tf.Variable[] {
    return [this.hidden, this.output].flatMap(({ weight, bias }) => [weight, bias]);
  }

  /** Ten numbers for each image, the highest for the digit it most likely shows. */
  call(images: tf.Tensor): tf.Tensor {
    return this.output.call(this.hidden.call(images).relu());
  }
}

function trainOn(model: Classifier, optimizer: tf.Adam, { images, labels }: Digits): tf.Tensor {
  using tape = new tf.GradientTape();
  const logits = model.call(images);
  const loss = tf.sparseSoftmaxCrossEntropy(labels, logits);
  const gradients = tape.gradient(loss, model.variables);
  optimizer.apply(gradients, model.variables);
  return loss;
}

/** The share of digits that the model reads rightly. */
function accuracy(model: Classifier, { images, labels }: Digits): number {
  const guesses = model.call(images).argMax(1);
  return guesses.equal(labels).cast('f32').mean().item();
}

/** The digits in a new order, in batches. */
function* batches({ images, labels }: Digits): Generator<Digits> {
  const order = tf.randomUniform([labels.size]).argSort();
  for (let at = 0; at < order.size; at += BATCH) {
    const chosen = order.slice([at], [Math.min(BATCH, order.size - at)]);
    yield { images: images.gather(chosen), labels: labels.gather(chosen) };
  }
}

tf.setSeed(7);
const { train, test } = readDigits();
const model = new Classifier();
const optimizer = new tf.Adam(0.005);

for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  let sum = 0;
  let count = 0;
  for (const batch of batches(train)) {
    sum += trainOn(model, optimizer, batch).item();
    count++;
  }
  // Smaller steps the nearer it gets.
  optimizer.learningRate *= 0.9;
  const right = (100 * accuracy(model, test)).toFixed(1);
  console.log(`epoch ${epoch}: loss ${sum / count}, ${right} % of the test digits right`);
}
