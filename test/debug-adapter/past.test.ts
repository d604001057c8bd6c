/** Stepping back over the op log, and what is shown there. */
import assert from 'node:assert';
import { test } from 'node:test';
import { fixture, type Client, type Stop } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, frames, opBreakpoints, scope, set } from '../kit/look.ts';

async function stopAt(client: Client, op: string, more: object = {}): Promise<void> {
  await client.launch(fixture('rewound.ts'), more);
  await opBreakpoints(client, op);
  await client.go();
  await client.stopped();
}

/** Moves, and says where one looks then. */
async function move(client: Client, command: string, args: object = {}): Promise<string> {
  await client.request(command, { threadId: 1, ...args });
  const { description } = (await client.stopped()) as Stop & { description: string };
  return description;
}

const text = async (client: Client, expression: string): Promise<string> =>
  (await client.evaluate(expression, 'watch')).replace(/^.*cpu {2}/, '');

test('step back shows tensors, variables and tapes as they were, and the program does not notice', () =>
  debug(async (client) => {
    const { supportsStepBack } = await client.initialize();
    assert.equal(supportsStepBack, true);
    await stopAt(client, 'exp', { opLog: 'always' });
    assert.equal(await text(client, 'w.array()'), '(2) [-0.5, 0]');
    const live = await client.ask('tapedeck/tensors', {});
    assert.equal(live.past, undefined);

    assert.equal(await move(client, 'stepBack'), '1 op ago, before log');
    assert.deepEqual((await frames(client)).slice(0, 2), [
      'log (past):11',
      'the present, not rewound:0',
    ]);
    const op = await scope(client, 'Op log');
    assert.match(op['x']!.value, /^f32\[2\] cpu {2}mean 0 {2}sd 0\.25/);
    assert.match(op['out']!.value, /^f32\[2\] cpu {2}mean -1\.39 .*NaN 1/);
    assert.equal(await text(client, 'y'), 'f32[2] not made yet');

    // To the op that the optimizer's last write came from, then to the one before.
    const { id } = live.tensors.find(({ name }) => name === 'w')!;
    await client.ask('tapedeck/travel', { how: 'write', id });
    assert.match((await client.stopped()).description!, /^4 ops ago, before sgdStep$/);
    assert.equal(await text(client, 'w.array()'), '(2) [0.25, 1]');
    const before = await client.ask('tapedeck/tensors', {});
    assert.equal(before.past!.op, 'sgdStep');
    // The variable itself, not one of the tensors that stand for it in the past.
    const rows = before.tensors.map(({ name, group, stats }) => `${group} ${name} ${stats?.max}`);
    assert.deepEqual(rows.sort(), ['other undefined 4', 'variable w 1']);
    await client.ask('tapedeck/travel', { how: 'write', id });
    await client.stopped();
    assert.equal(await text(client, 'w.array()'), '(2) [1, 2]');
    await move(client, 'stepBack');
    assert.match((await client.ask('tapedeck/tapes', {})).past!.op, /^∇/);
    assert.equal((await client.ask('tapedeck/state', {})).past!.op.slice(0, 1), '∇');
    await assert.rejects(
      client.ask('tapedeck/travel', { how: 'write', id }),
      /no write to this variable before here/,
    );

    // Looking is all one can do there.
    const past = /This is the past, which does not change\. Return to the present first/;
    assert.equal(await client.evaluate('w.mul(2).array()'), '(2) [2, 4]');
    await assert.rejects(client.evaluate('i = 7'), past);
    await assert.rejects(client.evaluate('w[0] = 7'), past);
    await assert.rejects(client.evaluate('w.assign([0, 0])'), /assign: this is the past/);
    await assert.rejects(set(client, 'Module', 'w', '[5, 6]'), /this is the past/);
    await assert.rejects(
      client.ask('tapedeck/setElement', { id, index: [0], value: '1' }),
      /this is the past/,
    );

    // Forward again, op by op, to the present.
    const ops: string[] = [];
    for (let at = ''; at !== 'Paused in the present';) {
      at = await move(client, 'next', { granularity: 'instruction' });
      ops.push(/ before (\S+)$/.exec(at)?.[1] ?? 'now');
    }
    assert.deepEqual(ops.slice(-4), ['sgdStep', 'sub', 'log', 'now']);
    assert.deepEqual((await frames(client))[0], 'exp:12');
    assert.equal(await text(client, 'w.array()'), '(2) [-0.5, 0]');

    assert.match(await move(client, 'reverseContinue'), /^\d+ ops ago, before mul$/);
    await assert.rejects(client.request('stepBack', { threadId: 1 }), /the op log begins here/);
    // A line step is one of the program as it is.
    await opBreakpoints(client);
    await client.step('next');
    assert.equal(await client.at(), '(anonymous):13');
    assert.equal((await client.ask('tapedeck/state', {})).past, undefined);
    const [said] = client.events.filter(
      ({ event, body }) => event === 'output' && /past is shown/.test((body as never)['output']),
    );
    assert.match((said!.body as { output: string }).output, /files and the clock are not rewound/);
    assert.equal(await finish(client), '-0.5,0 2\n');
  }));

test('the log is kept from the first op pause on, goes back to op breakpoints and to a NaN, or is off', () =>
  debug(async (client) => {
    await stopAt(client, 'sub');
    await assert.rejects(
      client.request('stepBack', { threadId: 1 }),
      /the op log is empty: it is kept from the first stop at an op or the first exception filter/,
    );
    await client.ask('tapedeck/nextOp', {});
    await client.stopped();
    assert.equal(await client.at(), 'log:11');
    await client.ask('tapedeck/nextOp', {});
    await client.stopped();
    await client.ask('tapedeck/travel', { how: 'finite' });
    assert.equal((await client.stopped()).description, '1 op ago, before log');
    assert.equal(await move(client, 'reverseContinue'), '2 ops ago, before sub');
    await client.ask('tapedeck/nextOp', {});
    assert.equal((await client.stopped()).description, '1 op ago, before log');
    await opBreakpoints(client);
    assert.match(await finish(client), /^-0\.5,0 2/);
  }).then(() =>
    debug(async (client) => {
      await stopAt(client, 'sub', { opLog: 'off' });
      await assert.rejects(client.request('stepBack', { threadId: 1 }), /"opLog": "off"/);
    }),
  ));

test('the log is kept from the first filter for tensors on, so that one steps back from where it stops', () =>
  debug(async (client) => {
    await client.launch(fixture('rewound.ts'));
    await client.exceptions('uncaught', 'firstNaN');
    await client.go();
    await client.stopped();
    assert.equal(await client.at(), 'log:11');
    assert.equal(await move(client, 'stepBack'), '1 op ago, before log');
    assert.equal(await move(client, 'stepBack'), '2 ops ago, before sub');
    await client.ask('tapedeck/travel', { how: 'reverse' });
    assert.match((await client.stopped()).description!, /, before mul$/);
    await client.exceptions('uncaught');
    assert.equal(await finish(client), '-0.5,0 2\n');
  }));

test('a program that is sent on while one moves shows the present where it stops next', () =>
  debug(async (client) => {
    await client.launch(fixture('rewound.ts'), { opLog: 'always' });
    await opBreakpoints(client, 'sub', 'exp');
    await client.go();
    await client.stopped();
    const moved = client.request('stepBack', { threadId: 1 }).then(
      () => 'moved',
      (failure: Error) => failure.message,
    );
    await client.request('continue', { threadId: 1 });
    // Whichever came first.
    if ((await moved) === 'moved') await client.stopped();
    await client.stopped();
    assert.equal((await frames(client))[0], 'exp:12');
    assert.equal((await client.ask('tapedeck/state', {})).past, undefined);
    assert.equal(await text(client, 'w.array()'), '(2) [-0.5, 0]');
    assert.equal(await finish(client), '-0.5,0 2\n');
  }));
