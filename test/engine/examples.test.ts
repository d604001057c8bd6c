/** The examples in the comments of what users call run, as they stand there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import * as tf from '../../engine/index.ts';
import { examplesOf, readFunctions } from '../../scripts/docs/functions.ts';

/** What examples speak of without making it. */
function given(): Record<string, unknown> {
  const [w, b] = [tf.variable(tf.ones([3, 2]), true, 'w'), tf.variable(tf.zeros([2]), true, 'b')];
  const x = tf.tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  return {
    x,
    xs: x,
    w,
    b,
    y: tf.ones([2, 2]),
    h: x,
    weights: tf.ones([3]),
    blocks: [(h: tf.Tensor) => h.tanh()],
    model: (x: tf.Tensor) => x.matMul(w).add(b),
    loss: (w: tf.Tensor, x: tf.Tensor) => w.mul(x).sum(),
    optimizer: tf.train.sgd(0.01),
  };
}

for (const { name, documentation } of readFunctions()) {
  test(`${name} has a comment of whole sentences and an example that runs`, () => {
    assert.match(documentation, /\./, `${name} lacks a comment`);
    const examples = examplesOf(documentation);
    assert.ok(examples.length > 0, `${name} has no example: indent one in its comment`);
    for (const example of examples) {
      const names = given();
      const { outputText } = ts.transpileModule(example, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      // Names that it makes are its own: it stands in a block.
      new Function('tf', ...Object.keys(names), `{ ${outputText} }`)(tf, ...Object.values(names));
    }
  });
}
