/** A program never outlives its adapter, unless it is told to. */
import assert from 'node:assert';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { alive, Client, fixture, gone } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

/** The same moments in every run. */
const moments = fc.sample(
  fc.record({ whom: fc.constantFrom('adapter', 'program'), after: fc.nat(400) }),
  {
    seed: 2018,
    numRuns: 4,
  },
);
for (const { whom, after } of moments)
  test(`${whom} killed ${after} ms after the launch began: no process is left, and the next launch works`, async () => {
    const client = Client.spawn();
    await client.initialize();
    const program = fixture('endless.ts');
    const asked = { program, runtimeExecutable: process.execPath };
    // Nobody answers for an adapter that is gone.
    void client
      .request('launch', asked)
      .then(
        () => client.go(),
        () => {},
      )
      .catch(() => {});
    await setTimeout(after);
    const pids = () =>
      client.events
        .filter(({ event }) => event === 'process')
        .map(({ body }) => (body as { systemProcessId: number }).systemProcessId);
    if (whom === 'adapter') client.adapter!.kill('SIGKILL');
    else {
      await client.event('process');
      process.kill(pids()[0]!, 'SIGKILL');
      await client.event('terminated');
      client.adapter!.kill();
    }
    await Promise.all(pids().map(gone));
    await debug(async (next) => {
      await next.launch(program);
      await next.breakpoints(program, 8);
      await next.go();
      await next.stopped();
    });
  });

for (const [name, noDebug] of [
  ['debugged', false],
  ['running without debugging', true],
] as const)
  test(`a busy program, ${name}, ends when its adapter is killed`, () =>
    debug(async (client) => {
      await client.launch(fixture('busy.ts'), { noDebug });
      await client.go();
      await client.until(() => client.printed().includes('spinning') || undefined, 'the print');
      assert.ok(alive(client.pid()));
      client.adapter!.kill('SIGKILL');
      await gone(client.pid());
    }, Client.spawn()));

test('a paused program ends when its adapter is killed', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'), { stopOnEntry: true });
    await client.go();
    await client.stopped();
    client.adapter!.kill('SIGKILL');
    await gone(client.pid());
  }, Client.spawn()));

test('a program that waits for its first line ends when its adapter is killed', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'));
    client.adapter!.kill('SIGKILL');
    await gone(client.pid());
  }, Client.spawn()));

test('a program that will not end when asked is killed', () =>
  debug(async (client) => {
    await client.launch(fixture('ends.ts'), { args: ['stubborn'] });
    await client.go();
    await client.until(() => client.printed().includes('started') || undefined, 'the print');
    client.adapter!.kill('SIGKILL');
    await gone(client.pid());
  }, Client.spawn()));

test('a program that is told to goes on, also from a pause', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'), { stopOnEntry: true, onAdapterLoss: 'continue' });
    await client.go();
    await client.stopped();
    client.adapter!.kill('SIGKILL');
    await new Promise((resolve) => client.adapter!.once('exit', resolve));
    await setTimeout(500);
    assert.ok(alive(client.pid()));
    process.kill(client.pid(), 'SIGKILL');
  }, Client.spawn()));

test('ends its program when the editor closes the streams', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'));
    await client.go();
    client.adapter!.stdin!.end();
    await gone(client.pid());
  }, Client.spawn()));

test('a program that is let go runs on without its adapter', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'), { stopOnEntry: true });
    await client.go();
    await client.stopped();
    await client.request('disconnect', { terminateDebuggee: false });
    client.adapter!.kill('SIGKILL');
    await setTimeout(500);
    assert.ok(alive(client.pid()));
    process.kill(client.pid(), 'SIGKILL');
  }, Client.spawn()));

test('stepping past the last line ends the program', () =>
  debug(async (client) => {
    const program = fixture('lines.ts');
    const count = (name: string) => client.events.filter(({ event }) => event === name).length;
    await client.launch(program);
    await client.breakpoints(program, 17);
    await client.go();
    await client.stopped();
    while (!count('exited')) {
      const before = count('stopped');
      await client.request('stepIn', { threadId: 1 });
      await client.until(
        () => count('stopped') > before || count('exited') > 0 || undefined,
        'the next stop or the end',
      );
    }
    await gone(client.pid());
  }));
