/** From the launch configuration to the end of the program. */
import assert from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { attributes, schema } from '../../debug-adapter/launch.ts';
import { Client, fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const folder = mkdtempSync(join(tmpdir(), 'launch-'));
after(() => rmSync(folder, { recursive: true }));

/** What test/fixtures/says.ts prints about its process. */
async function said(configuration: object): Promise<Record<string, unknown>> {
  let text = '';
  await debug(async (client) => {
    await client.launch(fixture('says.ts'), configuration);
    await client.go();
    assert.equal(await client.exited(), 0);
    text = client.printed('stdout');
  });
  return JSON.parse(text) as Record<string, unknown>;
}

/** Stops at a breakpoint of test/fixtures/lines.ts. */
async function inLayer(client: Client): Promise<void> {
  const program = fixture('lines.ts');
  await client.launch(program);
  await client.breakpoints(program, 9);
  await client.go();
  await client.stopped();
}

test('passes arguments, flags, the folder and the environment on', async () => {
  const told = await said({
    args: ['--a', 'b c'],
    runtimeArgs: ['--no-warnings'],
    cwd: folder,
    envFile: fixture('one.env'),
    env: { TWO: 2, HOME: null },
  });
  assert.deepEqual(told, {
    args: ['--a', 'b c'],
    cwd: folder,
    execArgv: ['--no-warnings', '--import'],
    one: 'from the file',
    two: '2',
    home: null,
    line: [],
  });
});

test('runs in the folder of the program unless told otherwise', async () => {
  assert.equal((await said({}))['cwd'], dirname(fixture('says.ts')));
});

const broken: [object, RegExp][] = [
  [{ program: undefined }, /has no "program"/],
  [{ program: '/no/such/file.ts' }, /\/no\/such\/file\.ts does not exist/],
  [{ program: folder }, /is not a file/],
  [{ program: fixture('one.env') }, /runs \.ts \.mts .* files; the program .*one\.env is none/],
  [{ cwd: '/no/such/folder' }, /folder "cwd" \/no\/such\/folder does not exist/],
  [{ cwd: fixture('says.ts') }, /"cwd" must be a folder; .*says\.ts is a file/],
  [{ envFile: '/no/such.env' }, /"envFile" \/no\/such\.env does not exist/],
  [{ envFile: fixture('.') }, /"envFile" .* cannot be read: it is a folder/],
  [{ args: 'a b' }, /"args" .* must be a list of texts; it is "a b"/],
  [{ env: { A: [1] } }, /"env" .* must be an object of texts/],
  [{ stopOnEntry: 'yes' }, /"stopOnEntry" .* must be true or false; it is "yes"/],
  [{ console: 'externalTerminal' }, /must be "internalConsole" or "integratedTerminal"/],
  [{ stoponEntry: true }, /"stoponEntry", which means nothing; did you mean "stopOnEntry"/],
  [{ stopAtEntry: true }, /did you mean "stopOnEntry"/],
  [{ porgram: 'x.ts' }, /did you mean "program"/],
  [{ arg: [] }, /did you mean "args"/],
  [{ runtimeExecutable: 'no-such-node' }, /"no-such-node" cannot be started/],
];
for (const [configuration, message] of broken)
  test(`refuses ${JSON.stringify(configuration)}`, () =>
    debug(async (client) => {
      await client.initialize();
      const request = { program: fixture('says.ts'), ...configuration };
      await assert.rejects(client.request('launch', request), message);
    }));

test('attributes that editors add are none of its business', async () => {
  await said({ __sessionId: 'x', preLaunchTask: 'build', internalConsoleOptions: 'neverOpen' });
});

test('a session has one program', () =>
  debug(async (client) => {
    await client.launch(fixture('idle.ts'));
    const again = client.request('launch', { program: fixture('idle.ts') });
    await assert.rejects(again, /has its program already/);
  }));

test('refuses a runtime that is too old, with its version', () =>
  debug(async (client) => {
    const old = join(folder, 'node');
    writeFileSync(old, '#!/bin/sh\necho 20.11.1\n');
    chmodSync(old, 0o755);
    await client.initialize();
    await assert.rejects(
      client.request('launch', { program: fixture('says.ts'), runtimeExecutable: old }),
      /is Node 20\.11\.1; Tapedeck needs 22\.15\.0 or newer/,
    );
  }));

test('without a named runtime, an old node on the PATH gives way to our own, and that is said once', async () => {
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho 20.11.1\n', { mode: 0o755 });
  const said: string[] = [];
  for (let session = 0; session < 2; session++)
    await debug(async (client) => {
      await client.initialize();
      await client.request('launch', { program: fixture('says.ts'), env: { PATH: folder } });
      await client.go();
      assert.equal(await client.exited(), 0);
      said.push(client.printed('console'));
    });
  assert.match(said[0]!, /node on the PATH is 20\.11\.1/);
  assert.doesNotMatch(said[1]!, /PATH/);
});

test('a program that Node cannot even read ends the launch in words', () =>
  debug(async (client) => {
    await client.launch(fixture('says.ts'), { runtimeArgs: ['--no-such-flag'] }).then(
      () => assert.fail('launched'),
      (failure: Error) => assert.match(failure.message, /ended before the debugger reached it/),
    );
    assert.match(client.printed('stderr'), /--no-such-flag/);
  }));

for (const [how, code] of [
  ['plain', 0],
  ['code', 3],
  ['exit', 4],
] as const)
  test(`tells the exit code of a program that ends by "${how}", and its last words`, () =>
    debug(async (client) => {
      await client.launch(fixture('ends.ts'), { args: [how] });
      await client.go();
      assert.equal(await client.exited(), code);
      await client.event('terminated');
      assert.equal(client.printed('stdout'), `started ${how}\ngoodbye\n`);
    }));

for (const [how, signal] of [
  ['abort', 'SIGABRT'],
  ['kill', 'SIGKILL'],
] as const)
  test(`tells the signal of a program that ends by ${how}, and its last words`, () =>
    debug(async (client) => {
      await client.launch(fixture('ends.ts'), { args: [how] });
      await client.go();
      await client.exited();
      assert.match(client.printed('stdout'), new RegExp(`^started ${how}\n`));
      assert.match(client.printed('stderr'), new RegExp(`ended by ${signal}`));
    }));

test('nothing of much output is lost at the end', () =>
  debug(async (client) => {
    await client.launch(fixture('ends.ts'), { args: ['many'] });
    await client.go();
    await client.exited();
    const lines = client.printed('stdout').trim().split('\n');
    assert.equal(lines.length, 2002);
    assert.equal(lines[2000], 'line 1999');
  }));

test('stops before the program runs out of memory', () =>
  debug(async (client) => {
    await client.launch(fixture('ends.ts'), {
      args: ['memory'],
      runtimeArgs: ['--max-old-space-size=64'],
    });
    await client.go();
    const stop = await client.stopped();
    assert.match(stop.description!, /out of memory/);
    assert.equal(await client.evaluate('how'), "'memory'");
    await client.request('continue', { threadId: 1 });
    await client.exited();
    assert.match(client.printed('stderr'), /heap out of memory/);
  }));

test('asks a program to end and lets it say goodbye', () =>
  debug(async (client) => {
    await client.launch(fixture('ends.ts'), { args: ['graceful'] });
    await client.go();
    await client.until(() => client.printed().includes('started') || undefined, 'the start');
    await client.request('terminate');
    assert.equal(await client.exited(), 0);
    assert.match(client.printed('stdout'), /asked to end\ngoodbye\n$/);
  }));

test('ends a program that does not listen, also one that is paused', () =>
  debug(async (client) => {
    await client.launch(fixture('ends.ts'), { args: ['stubborn'] });
    await client.go();
    await client.until(() => client.printed().includes('started') || undefined, 'the start');
    await client.request('pause', { threadId: 1 });
    await client.stopped();
    await client.request('disconnect', { terminateDebuggee: true });
    await client.exited();
    assert.match(client.printed('stderr'), /ended by SIGKILL/);
  }));

test('a program that is paused ends when asked', () =>
  debug(async (client) => {
    await client.launch(fixture('idle.ts'), { stopOnEntry: true });
    await client.go();
    await client.stopped();
    await client.request('terminate');
    await client.exited();
    // That it ended by a signal is no news to who sent it.
    assert.equal(client.printed('stderr'), '');
  }));

test('runs without debugging: nothing stops, everything is printed', () =>
  debug(async (client) => {
    const program = fixture('lines.ts');
    await client.launch(program, { noDebug: true, stopOnEntry: true });
    await client.breakpoints(program, 9);
    await client.exceptions('all');
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.ok(!client.events.some(({ event }) => event === 'stopped'));
    assert.match(client.printed('stdout'), /out 4 32\ndone 5\n$/);
  }));

test('starts again with the breakpoints it has', () =>
  debug(async (client) => {
    await inLayer(client);
    const first = client.pid();
    await client.request('restart');
    await client.event('continued');
    await client.stopped();
    assert.notEqual(client.pid(), first);
    assert.equal(await client.at(), 'layer:9');
    assert.equal(await client.evaluate('counter'), '0');
    assert.ok(!client.events.some(({ event }) => event === 'terminated'));
  }));

test('runs in a terminal, where it can be typed into', () =>
  debug(async (client) => {
    const program = fixture('typed.ts');
    let shown = '';
    let child: ChildProcess | undefined;
    client.terminal = ({ args: [command, ...args], cwd, env }) => {
      child = spawn(command!, args, { cwd, env: { ...process.env, ...env } as NodeJS.ProcessEnv });
      child.stdout!.on('data', (text) => (shown += text));
      return child;
    };
    await client.launch(program, { console: 'integratedTerminal' });
    await client.breakpoints(program, 7);
    await client.go();
    child!.stdin!.end('hello\n');
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.evaluate('line'), "'hello'");
    await client.request('continue', { threadId: 1 });
    assert.equal(await client.exited(), 0);
    assert.equal(shown, 'typed hello\n');
    assert.equal(client.printed('stdout'), '', 'what the terminal shows is not shown twice');
  }));

test('an editor without a terminal says so', () =>
  debug(async (client) => {
    await client.initialize();
    await assert.rejects(
      client.request('launch', { program: fixture('typed.ts'), console: 'integratedTerminal' }),
      /opened no terminal/,
    );
  }));

test('children of every kind run undebugged and do not hang', () =>
  debug(async (client) => {
    await client.launch(fixture('family.ts'));
    await client.go();
    assert.equal(await client.exited(), 0);
    for (const kind of ['fork', 'worker', 'exec', 'child'])
      assert.match(client.printed('stdout'), new RegExp(`${kind} says hello`));
  }));

test('leaves no socket behind and opens no port', () =>
  debug(async (client) => {
    process.env['TMPDIR'] = folder;
    await client.launch(fixture('idle.ts'));
    delete process.env['TMPDIR'];
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('tapedeck-')),
      [],
    );
  }));

test('the schema has every attribute with its default', () => {
  const { properties } = schema() as { properties: Record<string, { default?: unknown }> };
  assert.deepEqual(Object.keys(properties), Object.keys(attributes));
  assert.deepEqual(properties['console']!.default, 'internalConsole');
});

test('works as an executable', () =>
  debug(async (client) => {
    await inLayer(client);
    assert.equal(await client.at(), 'layer:9');
  }, Client.spawn()));
