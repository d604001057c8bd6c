/** The debugger looks and touches nothing: the losses of a program are the same under it, to the last bit. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../scripts/setup/cache.mjs';
import { debug } from '../kit/debug.ts';
import { lineOf, sample } from '../kit/sample.ts';

const program = path.join(root, 'samples/digits/train.ts');
const LOSS = lineOf(sample('digits')['train.ts']!, 'const loss =');
/** Some compute, some draw random numbers, some run the model under the open tape, one fails. */
const WATCHES = [
  'logits',
  'logits.softmax().max().item()',
  'tf.randomNormal([4])',
  'model.call(images).sum().item()',
  'tf.sparseSoftmaxCrossEntropy(labels, logits)',
  'tape.gradient(tf.sum(logits), model.variables)',
  'tf.setSeed(3)',
  'optimizer.learningRate',
  'labels.size',
  'logits.matMul(logits)',
];

test('the digits train alike with ten watches at every pause', async () => {
  const plain = await promisify(execFile)(process.execPath, [program]);
  await debug(async (client) => {
    await client.launch(program);
    await client.breakpoints(program, LOSS);
    await client.go();
    for (let pause = 0; pause < 50; pause++) {
      await client.stopped();
      for (const watch of WATCHES) await client.evaluate(watch, 'watch').catch(() => {});
      if (pause === 49) await client.breakpoints(program);
      await client.request('continue', { threadId: 1 });
    }
    assert.equal(await client.exited(), 0);
    assert.equal(client.printed('stdout'), plain.stdout);
  });
});
