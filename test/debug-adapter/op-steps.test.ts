/** What passes between the adapter and the program from one op pause to the next. */
import assert from 'node:assert';
import { test } from 'node:test';
import { Cdp } from '../../debug-adapter/cdp.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children, finish, opBreakpoints, scope, scopes } from '../kit/look.ts';

async function stopAt(client: Client, file: string, ...names: string[]): Promise<void> {
  await client.launch(fixture(file));
  await opBreakpoints(client, ...names);
  await client.go();
  await client.stopped();
}

async function nextOp(client: Client): Promise<void> {
  await client.ask('tapedeck/nextOp', {});
  await client.stopped();
}

/** All that an editor reads when the program stops. */
async function look(client: Client): Promise<void> {
  const all = Object.values(await scopes(client));
  await Promise.all(
    all.filter(({ expensive }) => !expensive).map((each) => children(client, each)),
  );
}

test('a step to the next op, with all that an editor reads there, is one question to the program', (t) =>
  debug(async (client) => {
    await stopAt(client, 'ops.ts', 'matMul');
    await look(client);
    await nextOp(client);
    await look(client);
    const sent = t.mock.method(Cdp.prototype, 'send');
    await nextOp(client);
    await look(client);
    assert.deepEqual(
      sent.mock.calls.map(({ arguments: [method] }) => method),
      ['Relay.step', 'Debugger.resume', 'Runtime.callFunctionOn'],
    );
  }));

test('what an evaluation has changed is shown, though the scope was read ahead', () =>
  debug(async (client) => {
    await stopAt(client, 'ops.ts', 'matMul');
    await look(client);
    await nextOp(client);
    // A watch is quiet; what it calls may change things all the same.
    await client.evaluate('start.push(5)', 'watch');
    const { start } = await scope(client, 'Module');
    assert.equal(start!.value, '(5) [1, 2, 3, 4, 5]');
    await nextOp(client);
    await client.evaluate('start.length = 0');
    assert.equal((await scope(client, 'Module'))['start']!.value, '(0) []');
  }));

test('a tensor that was found at an op is let go with the step', () =>
  debug(async (client) => {
    await stopAt(client, 'ops.ts', 'matMul');
    const { variablesReference } = (await scopes(client))['Op matMul']!;
    const { tensor } = await client.ask('tapedeck/tensorOf', { variablesReference, name: 'x' });
    assert.equal((await client.ask('tapedeck/stats', { id: tensor!.id, exact: true })).mean, 2.5);
    await nextOp(client);
    const gone = client.ask('tapedeck/stats', { id: tensor!.id, exact: true });
    await assert.rejects(gone, /the program has moved on/);
  }));

test('a stop on a line takes back the step from op to op that it came in the way of', () =>
  debug(async (client) => {
    await stopAt(client, 'ops.ts', 'matMul');
    await opBreakpoints(client);
    await client.breakpoints(fixture('ops.ts'), 8);
    await nextOp(client);
    assert.equal(await client.at(), '(anonymous):8');
    await client.breakpoints(fixture('ops.ts'));
    assert.match(await finish(client), /gradient/);
  }));

test('an op whose tensors cannot be read stops all the same, and who asks the engine hears why', () =>
  debug(async (client) => {
    await stopAt(client, 'blind.ts', 'square');
    await assert.rejects(client.stack(), /The device is lost/);
    await assert.rejects(opBreakpoints(client, 'square', 'relu'), /^Error: These are too many\.$/);
    await opBreakpoints(client);
    assert.equal(await finish(client), 'square 9\n');
  }));

test('the program finds nothing of what tells the adapter', () =>
  debug(async (client) => {
    await stopAt(client, 'globals.ts', 'square');
    await opBreakpoints(client);
    assert.equal(await finish(client), 'names []\n');
  }));
