/** "Break on Value Change" for variables, and for what ops make. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, frames, scope, scopes } from '../kit/look.ts';

const writes = fixture('writes.ts');
type Info = DebugProtocol.DataBreakpointInfoResponse['body'];

async function watch(client: Client, ...breakpoints: DebugProtocol.DataBreakpoint[]) {
  const body = await client.request<DebugProtocol.SetDataBreakpointsResponse['body']>(
    'setDataBreakpoints',
    { breakpoints },
  );
  return body.breakpoints;
}

async function where(client: Client): Promise<string> {
  const { reason, text } = await client.stopped();
  assert.equal(reason, 'data breakpoint');
  return `${text} ${(await frames(client))[0]}`;
}

test('a variable stops where it is written, by an optimizer or by hand, with what it was before', () =>
  debug(async (client) => {
    await client.launch(writes);
    const [waiting] = await watch(client, { dataId: 'variable/w' });
    assert.equal(waiting!.verified, false);
    await client.go();
    assert.equal(await where(client), 'adamStep wrote w adamStep:9');
    const told = client.events.find(({ event }) => event === 'breakpoint')!;
    assert.equal((told.body as DebugProtocol.BreakpointEvent['body']).breakpoint.verified, true);
    const step = await scope(client, 'Op adamStep');
    assert.deepEqual(Object.keys(step), ['out', 'before']);
    assert.equal(await client.evaluate('before.array().join()'), "'1,2'");
    assert.equal(await client.evaluate('out.array().join()'), "'0.5,1.5'");
    assert.equal(await client.evaluate('w.array().join()', 'watch'), "'0.5,1.5'");
    const stops = [];
    await watch(client, { dataId: 'variable/w', condition: 'Math.abs(stats(out).max) > 4' });
    await client.request('continue', { threadId: 1 });
    stops.push(await where(client));
    await watch(client, { dataId: 'variable/w', hitCondition: '2' });
    await client.request('continue', { threadId: 1 });
    stops.push(await where(client));
    assert.deepEqual(stops, ['assignAt wrote w assignAt:16', 'sgdStep wrote w sgdStep:18']);
    await watch(client);
    assert.match(await finish(client), /begin\nw f32\[2\].*-6/);
  }));

test('what can be watched is said: a variable by its name, a tensor by the op that makes it', () =>
  debug(async (client) => {
    await client.launch(writes);
    await client.breakpoints(writes, 11);
    await client.go();
    await client.stopped();
    const [frame, caller] = await client.stack();
    const info = (name: string, more: object) =>
      client.request<Info>('dataBreakpointInfo', { name, ...more });
    const { variablesReference } = (await scopes(client))['Module']!;
    assert.deepEqual(await info('w', { variablesReference }), {
      dataId: 'variable/w',
      description: 'variable w',
      accessTypes: ['write'],
      canPersist: true,
    });
    const none = await info('adam', { variablesReference });
    assert.equal(none.dataId, null);
    assert.match(none.description, /^adam is no tensor/);
    // Only what is taped or logged notes its line.
    const untaped = await info('untaped', { variablesReference });
    assert.equal(untaped.dataId, null);
    assert.match(untaped.description, /^untaped was made by neg, .* op breakpoint: after neg\.$/);
    assert.match((await info('loss', { frameId: caller!.id })).description, /^loss is no tensor/);
    const loss = await info('loss', { frameId: frame!.id });
    assert.equal(loss.description, 'sum at writes.ts:9');
    await watch(client, { dataId: loss.dataId!, condition: 'out.item() < 1' });
    await client.breakpoints(writes);
    await client.request('continue', { threadId: 1 });
    assert.equal(await where(client), 'sum made a value sum:9');
    assert.equal(await client.evaluate('out.item() < 1'), 'true');
  }));
