import assert from 'node:assert/strict';
import { test } from 'node:test';
import ops from '../../engine/ops.json' with { type: 'json' };
import { choices } from '../../extension/op-choices.ts';

const labels = (typed: string) => choices(ops, typed).map(({ label }) => label);

test('every op of the table is offered, forward and backward, before and after', () => {
  const all = labels('');
  assert.equal(new Set(all).size, all.length);
  for (const name of ['matMul', '∇matMul', 'after matMul', 'after ∇matMul', '∇accumulate'])
    assert.ok(all.includes(name), name);
  for (const { name } of ops) assert.ok(all.includes(name) && all.includes(`after ${name}`), name);
  assert.ok(all.indexOf('matMul') < all.indexOf('∇matMul'));
  assert.match(choices(ops, '')[all.indexOf('matMul')]!.detail!, /product/);
});

test('what has no gradient has no backward op', () => {
  assert.ok(labels('').includes('floor'));
  assert.ok(!labels('').includes('∇floor'));
});

test('what was typed is offered too, unless it is an op', () => {
  assert.deepEqual(labels(' matMul '), labels(''));
  assert.deepEqual(choices(ops, 'encoder/*').at(-1), {
    label: 'encoder/*',
    description: 'every op that this fits',
    alwaysShow: true,
  });
  assert.equal(labels('myOp').at(-1), 'myOp');
});

test('the begin of a name is not offered: the editor would put it in front of the op that is meant', () => {
  assert.deepEqual(labels('matm'), labels(''));
  assert.deepEqual(labels('∇matM'), labels(''));
});
