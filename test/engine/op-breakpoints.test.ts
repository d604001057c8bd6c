import assert from 'node:assert';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';
import { OpBreakpoints } from '../../engine/op-breakpoints.ts';
import { DESK, type Asks, type OpBreakpoint } from '../../engine/protocol.ts';

const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;

const table = { names: ['matMul', 'relu', 'add'] };
const op = { name: '', path: '', direction: 'forward', attrs: {} } as const;
const nothing = () => ({ op, inputs: {}, out: undefined, step: 0 });

function stops(wanted: Partial<OpBreakpoint>): (name: string, path?: string) => boolean {
  const breakpoints = new OpBreakpoints(assert.fail);
  const [answer] = breakpoints.set([{ id: 1, name: '', when: 'before', ...wanted }], table);
  if (answer!.error) throw new Error(answer!.error);
  return (name, path = name) => breakpoints.hits(name, path, 'before', nothing).length > 0;
}

test('a name stops the op wherever a forward pass runs it, and not inside a gradient', () => {
  const at = stops({ name: 'matMul' });
  assert.ok(at('matMul'));
  assert.ok(at('matMul', 'encoder/dense/matMul'));
  assert.ok(!at('matMul', '∇matMul/matMul'));
  assert.ok(!at('∇matMul'));
  assert.ok(!at('relu'));
});

test('∇ stops gradients, * anything, and a slash compares the whole path', () => {
  const gradient = stops({ name: '∇matMul' });
  assert.ok(gradient('∇matMul', 'encoder/∇matMul'));
  assert.ok(!gradient('matMul'));
  assert.ok(stops({ name: '*' })('∇add'));
  const layer = stops({ name: 'encoder/*' });
  assert.ok(layer('relu', 'encoder/relu'));
  assert.ok(!layer('relu', 'decoder/relu'));
  assert.ok(stops({ name: '∇matMul/*' })('add', '∇matMul/add'));
  // Two stars are for those who know them from files.
  for (const name of ['encoder/0/**', '**/0/relu', '**/encoder/**', '*/0/*']) {
    const deep = stops({ name });
    assert.ok(deep('relu', 'encoder/0/relu'), name);
    assert.ok(!deep('relu', 'encoder/1/relu') || name === '**/encoder/**', name);
    assert.ok(!deep('relu', 'relu'), name);
  }
});

test('says what is wrong with a breakpoint', () => {
  assert.throws(() => stops({ name: 'matmul' }), /no op is called 'matmul'; there is matMul/);
  assert.throws(() => stops({ name: ' ' }), /needs the name of an op/);
  assert.throws(() => stops({ name: 'add', hit: 'often' }), /a hit count is a number/);
  assert.throws(() => stops({ name: 'add', condition: '1 +' }), /not an expression/);
});

test('a gradient that never runs under its name is no breakpoint', () => {
  const wanted = ['∇matMul', '∇layerNorm', '∇conv1d', '∇argMax'].map((name, id) => ({
    id,
    name,
    when: 'before' as const,
  }));
  const errors = desk.setOpBreakpoints(wanted).map(({ error }) => error);
  desk.setOpBreakpoints([]);
  assert.deepEqual(errors, [
    undefined,
    undefined,
    'conv1d is written in other ops, and a backward pass runs the gradients of those; stop at conv1d and step into it to see which',
    'argMax has no gradient',
  ]);
});

test('hits are counted where the condition holds', () => {
  const breakpoints = new OpBreakpoints(assert.fail);
  const wanted: OpBreakpoint = {
    id: 4,
    name: 'add',
    when: 'after',
    condition: 'step > 2',
    hit: '2',
  };
  breakpoints.set([wanted], table);
  const at = (step: number) =>
    breakpoints.hits('add', 'add', 'after', () => ({ ...nothing(), step }));
  assert.deepEqual([1, 3, 4, 5].map(at), [[], [], [4], [4]]);
  assert.deepEqual(breakpoints.hits('add', 'add', 'before', nothing), []);
  // Setting the same again, as an editor does when another one changes, starts no new count.
  breakpoints.set([wanted, { id: 5, name: 'relu', when: 'before' }], table);
  assert.deepEqual(at(9), [4]);
});

test('stats of several outputs counts over all of them', () => {
  const [whole, broken] = [tf.tensor([1, 0]), tf.tensor([NaN, 0, NaN])];
  const holds = (condition: string) => {
    const breakpoints = new OpBreakpoints(assert.fail);
    breakpoints.set([{ id: 1, name: '*', when: 'after', condition }], table);
    const out = { value: whole, indices: broken };
    const inputs = Object.assign([broken], { x: broken });
    const circumstance = () => ({ ...nothing(), inputs, out });
    return breakpoints.hits('add', 'add', 'after', circumstance).length > 0;
  };
  assert.ok(holds('stats(out).nan === 2 && stats(out).zeros === 2 && stats(out).inf === 0'));
  assert.ok(holds('stats(inputs).nan === 2'));
  assert.ok(holds('stats(out.indices).nan === 2 && stats(out.value).max === 1'));
  assert.ok(!holds('stats(out.value).nan > 0'));
});

test('a condition that throws does not hold, and says so once', () => {
  const faults: string[] = [];
  const breakpoints = new OpBreakpoints((why) => faults.push(why));
  const wanted: OpBreakpoint = { id: 1, name: 'add', when: 'before', condition: 'outt > 0' };
  breakpoints.set([wanted], table);
  const at = () => breakpoints.hits('add', 'add', 'before', nothing);
  assert.deepEqual([at(), at()], [[], []]);
  // Setting the same again is no reason to say it again.
  breakpoints.set([wanted], table);
  assert.deepEqual(at(), []);
  assert.deepEqual(faults, ['ReferenceError: outt is not defined']);
});
