import assert from 'node:assert';
import { test } from 'node:test';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, scopes } from '../kit/look.ts';

const training = fixture('training.ts');

async function stopAt(client: Client, line: number): Promise<void> {
  await client.launch(training);
  await client.breakpoints(training, line);
  await client.go();
  await client.stopped();
}

test('lists the tensors that are alive, in their groups, with the lines that made them', () =>
  debug(async (client) => {
    await stopAt(client, 17);
    await client.step('continue');
    const { tensors, total, bytes } = await client.ask('tapedeck/tensors', {});
    assert.equal(total, tensors.length);
    assert.ok(bytes >= tensors.reduce((most, tensor) => Math.max(most, tensor.bytes), 0));
    const groups = (name: string) => tensors.filter(({ group }) => group === name);
    // Each weight, and Adam's two means of it.
    assert.deepEqual(
      groups('variable').map(({ shape }) => shape.join()),
      ['8,16', '8,16', '8,16', '16,1', '16,1', '16,1'],
    );
    const relu = groups('saved').find(({ op }) => op === 'relu')!;
    assert.equal(relu.place?.path, training);
    assert.equal(relu.place?.line, 16);
    assert.match(relu.text, /^f32\[64,16\] cpu {2}mean /);
    const { tensors: largest } = await client.ask('tapedeck/tensors', { limit: 2 });
    assert.equal(largest.length, 2);
    assert.ok(largest[0]!.bytes >= largest[1]!.bytes);
    // The program itself can ask, too.
    const line = `tf.memory({ list: true }).list.find(({ op }) => op === 'relu').line`;
    assert.match(await client.evaluate(line, 'repl'), /training\.ts:16'$/);
  }));

test('finds the tensor behind a variable, reads a window of it, and edits a cell', () =>
  debug(async (client) => {
    await stopAt(client, 17);
    const { Module } = await scopes(client);
    const { tensor } = await client.ask('tapedeck/tensorOf', {
      variablesReference: Module!.variablesReference,
      name: 'w1',
    });
    const id = tensor!.id;
    const window = {
      rowAxis: 0,
      columnAxis: 1,
      at: [0, 0],
      rows: [2, 4],
      columns: [0, 3],
    } as const;
    const cells = async () => {
      const { base64 } = await client.ask('tapedeck/window', { id, window });
      const bytes = Uint8Array.from(Buffer.from(base64!, 'base64'));
      return [...new Float64Array(bytes.buffer)];
    };
    const before = await cells();
    assert.equal(before.length, 6);
    assert.equal(String(before[4]), await client.evaluate('w1.array()[3][1]', 'watch'));
    const { tensor: after } = await client.ask('tapedeck/setElement', {
      id,
      index: [3, 1],
      value: '0.5',
    });
    assert.ok(after.version > tensor!.version);
    assert.deepEqual(await cells(), before.with(4, 0.5));
    const changed = client.events.filter(({ event }) => event === 'tapedeck/changed');
    assert.deepEqual(changed.at(-1)!.body, { ids: [id] });
    await assert.rejects(
      client.ask('tapedeck/setElement', { id, index: [8, 0], value: '1' }),
      /f32\[8,16\] has no element \[8,0\]/,
    );
    assert.equal((await client.ask('tapedeck/stats', { id, exact: true })).count, 128);
  }));

test('an id held by an editor stays good over pauses; one that is gone is found by its expression', () =>
  debug(async (client) => {
    await stopAt(client, 17);
    const find = (id: number, expression: string) =>
      client.ask('tapedeck/tensor', { ref: { id, expression } });
    const { tensor: w } = await find(0, 'w1');
    const { tensor: h } = await find(0, 'h');
    await client.ask('tapedeck/hold', { id: w!.id, on: true });
    await client.step('continue');
    const { tensor: held } = await client.ask('tapedeck/tensor', { ref: { id: w!.id } });
    assert.equal(held!.id, w!.id);
    assert.ok(held!.version > w!.version);
    assert.equal((await client.ask('tapedeck/tensor', { ref: { id: h!.id } })).tensor, null);
    const { tensor: next } = await find(h!.id, 'h');
    assert.ok(next!.id > h!.id);
    assert.equal((await find(0, 'nothing.here')).tensor, null);
  }));

test('shows the tape: nodes in order, what they save, and gradients once they are known', () =>
  debug(async (client) => {
    await stopAt(client, 18);
    const { tapes } = await client.ask('tapedeck/tapes', {});
    assert.equal(tapes.length, 1);
    const [tape] = tapes;
    assert.equal(tape!.state, 'recording');
    assert.equal(tape!.place?.line, 14);
    const nodes = async (id: number) =>
      (await client.ask('tapedeck/tape', { id, start: 0, count: 100 })).nodes;
    const forward = await nodes(tape!.id);
    assert.deepEqual(
      forward.map(({ op, place }) => `${op}:${place?.line}`),
      ['matMul:16', 'relu:16', 'matMul:17', 'squaredDifference:17', 'mean:17'],
    );
    assert.deepEqual(
      forward[2]!.inputs.map(({ name, node }) => `${name} ${node}`),
      ['x 1', 'y null'],
    );
    assert.deepEqual(
      forward[1]!.saved.map(({ name, bytes }) => `${name} ${bytes}`),
      ['out 4096'],
    );
    assert.equal(forward[0]!.gradient, undefined);
    await client.breakpoints(training, 20);
    await client.step('continue');
    const [used] = (await client.ask('tapedeck/tapes', {})).tapes;
    assert.equal(used!.state, 'used');
    assert.equal(used!.bytes, 0);
    const backward = await nodes(used!.id);
    assert.match(backward[4]!.gradient!.text, /^f32\[\] cpu {2}1$/);
    assert.match(backward[0]!.gradient!.text, /^f32\[64,16\] cpu {2}mean /);
    await client.breakpoints(training);
    await finish(client);
  }));

test('says in a sentence that the program runs', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'));
    await client.go();
    await client.until(() => client.printed().includes('spinning') || undefined, 'the print');
    await assert.rejects(client.ask('tapedeck/tensors', {}), /program is running; pause it/);
    await assert.rejects(client.ask('tapedeck/tapes', {}), /program is running; pause it/);
    const state = await client.ask('tapedeck/state', {});
    assert.deepEqual(state, { paused: false, engine: false, profiling: false });
  }));

test('what a busy loop drops comes back under the debugger too, call sites, tensors and tapes looked at', () =>
  debug(async (client) => {
    const churn = fixture('churn.ts');
    await client.launch(churn, { args: ['800'] });
    await client.breakpoints(churn, 9);
    await client.go();
    for (let stop = 0; stop < 3; stop++) {
      await client.stopped();
      await client.ask('tapedeck/tapes', {});
      const { total } = await client.ask('tapedeck/tensors', {});
      assert.ok(total < 10, `${total} tensors are alive`);
      if (stop < 2) await client.request('continue', { threadId: 1 });
    }
    await client.breakpoints(churn);
    const { value, most } = JSON.parse((await finish(client)).split('\n')[1]!) as {
      value: number;
      most: number;
    };
    assert.equal(value, 800);
    assert.ok(most < 1e9, `${most} bytes resident`);
  }));
