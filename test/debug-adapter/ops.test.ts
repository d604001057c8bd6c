import assert from 'node:assert';
import { test } from 'node:test';
import { Gate } from '../../engine/protocol.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, frames, opBreakpoints, scope, scopes, set } from '../kit/look.ts';

const ops = fixture('ops.ts');

async function stopAt(client: Client, ...breakpoints: Parameters<typeof opBreakpoints>[1][]) {
  await client.launch(ops);
  await opBreakpoints(client, ...breakpoints);
  await client.go();
  return client.stopped();
}

async function nextOp(client: Client): Promise<string> {
  await client.request('tapedeck/nextOp');
  await client.event('continued');
  return (await client.stopped()).text!;
}

test('stops before an op, with its inputs and attributes on top of the user’s frame', () =>
  debug(async (client) => {
    const stop = await stopAt(client, 'matMul');
    assert.equal(stop.reason, 'breakpoint');
    assert.equal(stop.text, 'before matMul');
    assert.equal(stop.hitBreakpointIds?.length, 1);
    assert.deepEqual(await frames(client), ['matMul:7', '(anonymous):7']);
    const op = await scope(client, 'Op matMul');
    assert.deepEqual(Object.keys(op), ['x', 'y', 'transposeA', 'transposeB']);
    assert.match(op['x']!.value, /^f32\[2,2\] cpu {2}mean 2\.5 {2}sd 1\.12$/);
    assert.equal(op['transposeA']!.value, 'false');
    const module = await scope(client, 'Module');
    assert.equal(module['h']!.value, 'not initialized yet');
  }));

test('stops behind an op, with its output', () =>
  debug(async (client) => {
    const stop = await stopAt(client, 'after matMul');
    assert.equal(stop.text, 'after matMul');
    const { out } = await scope(client, 'Op matMul');
    assert.match(out!.value, /^f32\[2,2\] cpu {2}mean 2\.5/);
    assert.equal(await client.evaluate('out.array()', 'watch'), '(2) [Array(2), Array(2)]');
  }));

test('says of each op breakpoint whether there is such an op', () =>
  debug(async (client) => {
    await client.launch(ops);
    await client.breakpoints(ops, 7);
    const before = await opBreakpoints(client, 'matMul', 'matmul', 'encoder/*');
    assert.deepEqual(
      before.map(({ verified }) => verified),
      [false, false, false],
    );
    await client.go();
    await client.stopped();
    // The engine says so while the program runs on to its line.
    const told = await client.until(() => {
      const all = client.events
        .filter(({ event }) => event === 'breakpoint')
        .map(({ body }) => body.breakpoint as { id: number; verified: boolean; message?: string })
        .filter(({ id }) => id >= before[0]!.id!);
      return all.length < before.length ? undefined : all;
    }, 'what becomes of each op breakpoint');
    assert.deepEqual(
      told.map(({ verified, message }) => message ?? verified),
      [true, "No op is called 'matmul'; there is matMul.", true],
    );
    const [bad] = await opBreakpoints(client, { name: 'relu', condition: 'x +' });
    assert.match(bad!.message!, /^The condition is not an expression/);
  }));

test('goes from op to op, forward and into the backward pass', () =>
  debug(async (client) => {
    await stopAt(client, 'matMul');
    await opBreakpoints(client);
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push(await nextOp(client));
    assert.deepEqual(seen, [
      'before relu',
      'before square',
      'before mean',
      'before ∇mean',
      'before ∇square',
    ]);
    assert.deepEqual(await frames(client), ['∇square ← ops.ts:9:9', '(anonymous):10']);
    const op = await scope(client, 'Op ∇square');
    assert.match(op['g']!.value, /0\.25/);
    await client.request('tapedeck/finishOp');
    // Else an editor shows the reason of the stop before.
    await client.event('continued');
    assert.equal((await client.stopped()).text, 'after ∇square');
    assert.equal(await client.evaluate('dx.array()[1][1]', 'hover'), '2');
    assert.match(await finish(client), /loss 7\.5\ngradient \[\[5,7\],\[7,10\]\]/);
  }));

test('an op breakpoint holds inside gradient(), and steps go into the ops of a gradient', () =>
  debug(async (client) => {
    const stop = await stopAt(client, '∇square');
    assert.equal(stop.text, 'before ∇square');
    assert.deepEqual(await frames(client), ['∇square ← ops.ts:9:9', '(anonymous):10']);
    await client.request('stepIn', { threadId: 1, granularity: 'instruction' });
    await client.stopped();
    const [inner, outer] = await frames(client);
    assert.match(inner!, /:9$/);
    assert.equal(outer, '∇square ← ops.ts:9:9');
    await client.request('stepOut', { threadId: 1, granularity: 'instruction' });
    assert.equal((await client.stopped()).text, 'after ∇square');
  }));

test('line steps from an op pause land on the next line', () =>
  debug(async (client) => {
    await stopAt(client, 'matMul');
    await opBreakpoints(client);
    assert.equal((await client.step('next')).reason, 'step');
    assert.equal(await client.at(), '(anonymous):8');
    await opBreakpoints(client, 'relu');
    assert.equal((await client.step('next')).text, 'before relu');
    await opBreakpoints(client);
    assert.equal((await client.step('stepIn')).reason, 'step');
    assert.equal(await client.at(), '(anonymous):9');
  }));

test('an instruction step is an op step, and a line stop ends it', () =>
  debug(async (client) => {
    await stopAt(client, 'matMul');
    await opBreakpoints(client);
    await client.request('next', { threadId: 1, granularity: 'instruction' });
    const stop = await client.stopped();
    assert.equal(stop.reason, 'step');
    assert.equal(stop.text, 'before relu');
    await client.breakpoints(ops, 12);
    // The line comes behind the last op of the forward pass and of the backward pass.
    await opBreakpoints(client, '∇matMul');
    await client.step('continue');
    await opBreakpoints(client);
    await client.request('tapedeck/nextOp');
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.at(), '(anonymous):12');
    assert.deepEqual(await scopes(client).then(Object.keys), ['Module', 'Global']);
  }));

test('conditions and hit counts are judged in the program', () =>
  debug(async (client) => {
    await client.launch(fixture('steps.ts'));
    await opBreakpoints(client, { name: 'after square', condition: 'stats(out).mean > 30' });
    await client.go();
    assert.equal((await client.stopped()).text, 'after square');
    assert.equal(await client.evaluate('i'), '6');
    await opBreakpoints(client, { name: 'square', hitCondition: '== 3' });
    await client.step('continue');
    assert.equal(await client.evaluate('i'), '9');
    await opBreakpoints(client, {
      name: 'square',
      condition: 'inputs.x.item() === 12 && step === 12',
    });
    await client.step('continue');
    assert.equal(await client.evaluate('i'), '12');
    // Where an editor's own field for conditions does not work, the name holds one, too.
    await opBreakpoints(client, 'after * if op.name === "square" && stats(out).min > 195');
    await client.step('continue');
    assert.equal(await client.evaluate('i'), '14');
    await opBreakpoints(client, { name: 'square if step > 15', condition: 'inputs.x.item() > 16' });
    await client.step('continue');
    assert.equal(await client.evaluate('i'), '17');
    await opBreakpoints(client, 'square if outt > 0');
    // Said once, though seven more ops ask it.
    const why = "A breakpoint's condition or message failed: ReferenceError: outt is not defined\n";
    assert.equal(await finish(client), 'sum 2870\n');
    assert.equal(client.printed('stderr'), why);
  }));

test('an input changed at an op pause goes into the result', () =>
  debug(async (client) => {
    await stopAt(client, 'matMul');
    await opBreakpoints(client);
    await set(client, 'Op matMul', 'y', '[[2, 0], [0, 2]]');
    await client.step('next');
    assert.equal(await client.evaluate('JSON.stringify(h.array())'), "'[[2,4],[6,8]]'");
    assert.equal(await client.evaluate('JSON.stringify(w.array())'), "'[[2,0],[0,2]]'");
    assert.match(await finish(client), /loss 30\n/);
  }));

test('a step over a line stops at an op in it that has a breakpoint, and the next one ends the line', () =>
  debug(async (client) => {
    await client.launch(ops);
    await client.breakpoints(ops, 9);
    await opBreakpoints(client, 'square');
    await client.go();
    await client.stopped();
    const stop = await client.step('next');
    assert.equal(stop.text, 'before square');
    assert.equal((await client.stack()).at(-1)!.line, 9);
    await client.step('next');
    assert.deepEqual(await frames(client), ['(anonymous):10']);
  }));

test('a watch at an op speaks of the user’s variables first, the console of the op’s', () =>
  debug(async (client) => {
    const file = fixture('shadow.ts');
    await client.launch(file);
    await opBreakpoints(client, 'mul');
    await client.go();
    await client.stopped();
    assert.match(await client.evaluate('x.shape', 'watch'), /^\(1\) \[2\]/);
    assert.match(await client.evaluate('x.shape', 'hover'), /^\(1\) \[2\]/);
    assert.match(await client.evaluate('x.shape', 'repl'), /^\(1\) \[4\]/);
    assert.match(await client.evaluate('y.item()', 'watch'), /^0\.5/);
  }));

const custom = fixture('custom.ts');

async function inCustom(client: Client, ...names: string[]): Promise<void> {
  await client.launch(custom);
  await opBreakpoints(client, ...names);
  await client.go();
  await client.stopped();
}

test('the layers that an op runs in stand below it, also in the backward pass', () =>
  debug(async (client) => {
    await inCustom(client, 'square', '∇square');
    const [op, layer, ...below] = await client.stack();
    assert.equal(op!.name, 'square');
    assert.deepEqual([layer!.name, layer!.presentationHint], ['layer net/hidden', 'label']);
    assert.deepEqual(
      below.map(({ name, line }) => `${name}:${line}`),
      ['(anonymous):14', '(anonymous):14', '(anonymous):13'],
    );
    await client.step('continue');
    assert.deepEqual(await frames(client), [
      '∇square ← custom.ts:14:14',
      'layer net/hidden:0',
      '(anonymous):18',
    ]);
  }));

test('a gradient function of the user stands above the op it belongs to', () =>
  debug(async (client) => {
    await inCustom(client, '∇customGrad');
    await client.breakpoints(custom, 7);
    await client.request('stepIn', { threadId: 1, granularity: 'instruction' });
    assert.equal((await client.stopped()).text, 'before mul');
    const outer = ['∇customGrad ← custom.ts:15:15', 'layer net:0', '(anonymous):18'];
    assert.deepEqual(await frames(client), ['mul:6', 'gradFunc:6', ...outer]);
    // At a line as well: the op runs, though the program does not stand on it.
    await client.step('continue');
    assert.deepEqual(await frames(client), ['gradFunc:7', ...outer]);
    assert.equal(await client.evaluate('dy.shape.length', 'watch'), '1');
    const op = (await client.stack())[1]!;
    const answer = await client.request<{ result: string }>('evaluate', {
      expression: 'w.name',
      context: 'watch',
      frameId: op.id,
    });
    assert.equal(answer.result, "'w'");
    assert.match(await finish(client), /gradient \[1.5,6\]/);
  }));

test('adding up the gradients of a tensor is an op of the backward pass', () =>
  debug(async (client) => {
    await inCustom(client, 'add', '∇accumulate');
    assert.match((await frames(client))[0]!, /^∇accumulate ← custom\.ts:14/);
    const op = await scope(client, 'Op ∇accumulate');
    assert.deepEqual(Object.keys(op), ['before', 'more', 'of']);
    assert.equal(op['of']!.value, '"w f32[2]"');
    await client.request('tapedeck/finishOp');
    await client.stopped();
    assert.equal(await client.evaluate('out.array().join()'), "'1.5,6'");
    assert.match(await finish(client), /gradient/);
  }));

test('ops note their lines while breakpoints are left, and no longer than that', () =>
  debug(async (client) => {
    const gated = fixture('gated.ts');
    const said = (text: string) =>
      client.until(() => client.printed('stdout').endsWith(text) || undefined, text);
    const { SITES, BREAK } = Gate;
    await client.launch(gated);
    await client.go();
    await said('gate 0;\n');
    await client.breakpoints(gated, 9);
    await client.stopped();
    await client.breakpoints(gated);
    // Who stands and steps wants to know the lines that made what there is.
    for (let i = 0; i < 2; i++) {
      await client.request('next');
      await client.stopped();
    }
    await said(`gate ${SITES};\n`);
    await client.request('continue');
    await said('gate 0;\n');
    await opBreakpoints(client, 'matMul');
    await said(`gate ${SITES | BREAK};\n`);
    await opBreakpoints(client);
    await said('gate 0;\n');
  }));
