/** Going about among ops, layers, gradients and training steps; breakpoints on one call of a line; messages. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RunTo } from '../../debug-adapter/protocol.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, frames, opBreakpoints, scope } from '../kit/look.ts';

const moves = fixture('moves.ts');
const text = readFileSync(moves, 'utf8').split('\n');

/** The first line that says this, and the column where it does. */
function place(says: string): { line: number; column: number } {
  const index = text.findIndex((line) => line.includes(says));
  return { line: index + 1, column: text[index]!.indexOf(says) + 1 };
}
const lineOf = (says: string): number => place(says).line;
const LOOP = lineOf('second.call');
const LOSS = lineOf('logSumExp');
const GRADIENT = lineOf('tape.gradient');

/** Stops on a line, or before the first op that is called so. */
async function begin(client: Client, at: number | string): Promise<void> {
  await client.launch(moves);
  if (typeof at === 'number') await client.breakpoints(moves, at);
  else await opBreakpoints(client, at);
  await client.go();
  await client.stopped();
  await client.breakpoints(moves);
  await opBreakpoints(client);
}

async function go(client: Client, to: RunTo | 'nextOp' | 'intoOp' | 'outOfOp'): Promise<string> {
  if (typeof to === 'string') await client.ask(`tapedeck/${to}`, {});
  else await client.ask('tapedeck/runTo', to);
  await client.event('continued');
  const { text } = await client.stopped();
  const [top] = await client.stack();
  return `${text} at ${top!.line}`;
}

test('runs to another layer, out of it, to its gradient and to the next step', () =>
  debug(async (client) => {
    await begin(client, LOOP);
    assert.equal(await go(client, { to: 'layer' }), `before matMul at ${lineOf('matMul')}`);
    assert.equal((await frames(client))[1], 'layer first:0');
    assert.equal(await go(client, { to: 'layer' }), `before matMul at ${lineOf('matMul')}`);
    assert.equal((await frames(client))[1], 'layer second:0');
    assert.equal(await go(client, 'outOfOp'), `before tanh at ${LOSS}`);
    assert.equal(await go(client, { to: 'op', name: 'log*' }), `before logSumExp at ${LOSS}`);
    assert.match(await go(client, 'intoOp'), /^before \w+ at \d+$/);
    assert.equal((await frames(client))[1], `logSumExp:${LOSS}`);
    assert.equal(await go(client, 'outOfOp'), `after logSumExp at ${LOSS}`);
    // The gradient of a layer's op, by the line it was called from, and the layer that comes before it.
    assert.match(
      await go(client, { to: 'gradient', path: moves, line: lineOf('h.relu') }),
      /^before ∇relu/,
    );
    assert.deepEqual((await frames(client)).slice(0, 3), [
      '∇relu ← moves.ts:15:15',
      'layer second:0',
      `(anonymous):${GRADIENT}`,
    ]);
    assert.equal(await go(client, { to: 'layer' }), 'before ∇relu at 15');
    assert.equal((await frames(client))[1], 'layer first:0');
    assert.equal(await client.evaluate('i'), '0');
    assert.equal(await go(client, { to: 'step' }), `before matMul at ${lineOf('matMul')}`);
    assert.equal(await client.evaluate('tf.memory().tensors > 0', 'watch'), 'true');
    const op = { to: 'op', name: 'after ∇tanh if step === 2' } as const;
    assert.equal(await go(client, op), `after ∇tanh at ${LOSS}`);
    assert.deepEqual(Object.keys(await scope(client, 'Op ∇tanh')), ['dx', 'g', 'out']);
    await assert.rejects(go(client, { to: 'op', name: 'tahn' }), /no op is called 'tahn'/);
    // Where there is nothing left to run to, the program ends.
    await client.ask('tapedeck/runTo', { to: 'op', name: 'conv2d' });
    await client.exited();
  }));

test('runs from a forward op and from a forward line into their gradients, in the next step, too', () =>
  debug(async (client) => {
    await begin(client, 'tanh');
    assert.equal(await go(client, { to: 'gradient' }), `before ∇tanh at ${LOSS}`);
    // From the line itself, in the next step.
    await client.breakpoints(moves, LOSS);
    await client.step('continue');
    await client.breakpoints(moves);
    assert.equal(await go(client, { to: 'gradient' }), `before ∇sum at ${LOSS}`);
    assert.match(await finish(client), /^(loss .*\n){3}$/);
  }));

test('in a gradient function of the user the next op is one of its own, and out of it is its end', () =>
  debug(async (client) => {
    await client.launch(moves);
    await client.breakpoints(moves, lineOf('dy.mul'));
    await client.go();
    await client.stopped();
    await client.breakpoints(moves);
    assert.equal(await go(client, 'nextOp'), `before mul at ${lineOf('dy.mul')}`);
    assert.equal(await go(client, 'outOfOp'), `after ∇customGrad at ${LOSS}`);
    assert.ok('dx[0]' in (await scope(client, 'Op ∇customGrad')));
  }));

test('a breakpoint on one call of a line stops at that op, with its inputs, and at no other', () =>
  debug(async (client) => {
    await begin(client, LOOP);
    const at = { source: { path: moves }, line: LOSS };
    const { breakpoints: places } = await client.request<
      DebugProtocol.BreakpointLocationsResponse['body']
    >('breakpointLocations', at);
    const line = text[LOSS - 1]!;
    const called = places.map(({ column }) => /^\w+/.exec(line.slice(column! - 1))![0]);
    for (const op of ['tanh', 'neg', 'halved', 'logSumExp', 'sum']) assert.ok(called.includes(op));
    const column = (name: string) => line.indexOf(`${name}(`) + 1;
    const set = await client.breakpoints(
      moves,
      { line: LOSS, column: column('neg') },
      { line: LOSS, column: column('sum'), condition: 'i === 1' },
      // No op, though it is called like one.
      place('relu(0.1'),
    );
    assert.deepEqual(
      set.map(({ verified, column }) => verified && column),
      [column('neg'), column('sum'), place('relu(0.1').column],
    );
    const stop = await client.step('continue');
    assert.deepEqual([stop.reason, stop.text], ['breakpoint', 'before neg']);
    assert.deepEqual(stop.hitBreakpointIds, [set[0]!.id]);
    assert.deepEqual(await frames(client), [`neg:${LOSS}`, `(anonymous):${LOSS}`]);
    assert.match((await scope(client, 'Op neg'))['x']!.value, /^f32\[1,2\]/);
    assert.equal((await client.step('continue')).text, 'before neg');
    assert.equal((await client.step('continue')).text, 'before sum');
    assert.equal(await client.evaluate('i'), '1');
    // Between two calls it is one on the second.
    const between = { line: LOSS, column: column('tanh') - 3 };
    assert.equal((await client.breakpoints(moves, between))[0]!.column, column('tanh'));
    assert.equal((await client.step('continue')).text, 'before tanh');
    await client.breakpoints(moves);
    assert.match(await finish(client), /^(loss .*\n){3}$/);
  }));

test('a breakpoint on a call that is set before the program runs is one on the op from its first time on', () =>
  debug(async (client) => {
    await client.launch(moves);
    await client.breakpoints(moves, place('tanh('), place('relu(0.1'));
    await client.go();
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.at(), `(anonymous):${lineOf('relu(0.1')}`);
    const stop = await client.step('continue');
    assert.deepEqual([stop.text, await client.evaluate('i')], ['before tanh', '0']);
  }));

test('messages speak of statistics, at lines and at ops, and what fails is said once, at the breakpoint', () =>
  debug(async (client) => {
    await client.launch(moves);
    const [line] = await client.breakpoints(
      moves,
      { line: GRADIENT, logMessage: 'loss {stats(loss)}, {stats(loss).mean < 0}' },
      { line: GRADIENT + 1, condition: 'los > 0' },
    );
    const [log, , , bad] = await opBreakpoints(
      client,
      { name: 'after tanh log tanh {stats(out)} of {op.name} in {step}' },
      'after ∇tanh if step == 1 log {stats(out).zero}, {out}',
      'relu log {inputs.z.shape}',
      { name: 'neg log {', condition: 'true' },
    );
    assert.match(bad!.message!, /is not an expression/);
    await client.go();
    await client.exited();
    const printed = client.printed('console').split('\n');
    assert.equal(
      printed.filter((text) => /^loss min \S+ {2}max \S+ .*, (true|false)$/.test(text)).length,
      3,
    );
    assert.match(
      printed[0]!,
      /^tanh min 0 {2}max 1 {2}mean 0\.5 {2}sd 0\.5 {2}zeros 1 of tanh in 0$/,
    );
    assert.ok(printed.some((text) => /^undefined, f32\[1,2\] cpu {2}mean/.test(text)));
    const faults = client.printed('stderr').match(/failed: .*/g)!;
    assert.equal(faults.length, 2);
    assert.match(faults.join('\n'), /los is not defined/);
    assert.match(faults.join('\n'), /reading 'shape'/);
    const told = client.events
      .filter(({ event }) => event === 'breakpoint')
      .map(({ body }) => body.breakpoint as DebugProtocol.Breakpoint)
      .filter(({ message }) => /^Its condition or message failed: /.test(message ?? ''));
    assert.deepEqual(
      told.map(({ id, verified }) => [id, verified]),
      [
        [log!.id! + 2, true],
        [line!.id! + 1, true],
      ],
    );
  }));

test('of two layers that share their lines, the gradient is that of the layer', () =>
  debug(async (client) => {
    await begin(client, LOOP);
    await assert.rejects(
      client.ask('tapedeck/runTo', { to: 'end' } as unknown as RunTo),
      /no way to run to "end"; "to" is one of "op"/,
    );
    await go(client, { to: 'layer' });
    assert.equal((await frames(client))[1], 'layer first:0');
    await go(client, { to: 'gradient' });
    assert.deepEqual((await frames(client)).slice(0, 2), [
      `∇matMul ← moves.ts:${lineOf('matMul')}:${lineOf('matMul')}`,
      'layer first:0',
    ]);
    await finish(client);
  }));

test('behind a step of an optimizer, what was and what is can be told apart by name', () =>
  debug(async (client) => {
    await client.launch(fixture('training.ts'));
    await opBreakpoints(client, 'after adamStep');
    await client.go();
    await client.stopped();
    const names = Object.keys(await scope(client, 'Op adamStep'));
    assert.equal(names.length, new Set(names).size);
    assert.ok(names.includes('variable') && names.includes('newVariable'), `${names}`);
    assert.equal(await client.evaluate('newVariable.equal(variable).all().item()'), 'false');
    await opBreakpoints(client);
    await finish(client);
  }));
