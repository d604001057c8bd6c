/** What is no path, and labels that do not count; the ordinary numbers are in known/. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tapedeck/engine';

const logits = tf.randomNormal([1, 4, 3], 0, 1, 'f32', 3);
const loss = (labels: number[], labelLength: number, logitLength: number) =>
  tf.ctcLoss([labels], logits, [labelLength], [logitLength]).item();

test('in no time nothing can be spelled but nothing', () => {
  assert.equal(loss([1], 1, 0), Infinity);
  assert.equal(Math.abs(loss([1], 0, 0) as number), 0);
});

test('more labels than times cannot be spelled', () => {
  assert.equal(loss([1, 2, 1], 3, 2), Infinity);
  assert.ok(Number.isFinite(loss([1, 2, 1], 3, 3)));
});

test('labels beyond their length may be anything', () => {
  const alone = loss([1], 1, 4);
  assert.equal(loss([1, -1], 1, 4), alone);
  assert.equal(loss([1, 99], 1, 4), alone);
});
