/** What comes at once, too early or too late: nothing is left running, and nobody waits for ever. */
import assert from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Cdp } from '../../debug-adapter/cdp.ts';
import { fixture, gone } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children } from '../kit/look.ts';

const folder = mkdtempSync(join(tmpdir(), 'races-'));
after(() => rmSync(folder, { recursive: true }));

type Sent = Parameters<Cdp['send']>;

/** A program of a test's own. */
function program(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('a program that has not said hello when its session ends is ended', () =>
  debug(async (client) => {
    const pids = join(folder, 'pid');
    const slow = program(
      'slow.mjs',
      "import { writeFileSync } from 'node:fs';",
      `writeFileSync(${JSON.stringify(pids)}, String(process.pid));`,
      'await new Promise((resolve) => setTimeout(resolve, 600_000));',
    );
    await client.initialize();
    const launched = client
      .request('launch', {
        program: fixture('idle.ts'),
        runtimeExecutable: process.execPath,
        runtimeArgs: ['--import', slow],
      })
      .then(
        () => '',
        (failure: Error) => failure.message,
      );
    while (!existsSync(pids)) await setTimeout(20);
    await client.request('disconnect');
    await gone(Number(readFileSync(pids, 'utf8')));
    assert.match(await launched, /ended before/);
  }));

for (const command of ['disconnect', 'terminate'])
  test(`a launch that is ended by "${command}" before the program is there leaves none`, () =>
    debug(async (client) => {
      await client.initialize();
      const launched = client
        .request('launch', {
          program: fixture('idle.ts'),
          runtimeExecutable: process.execPath,
        })
        .then(
          () => '',
          (failure: Error) => failure.message,
        );
      await client.request(command);
      assert.match(await launched, /ended before/);
      await setTimeout(500);
      const started = client.events.find(({ event }) => event === 'process');
      assert.equal(started, undefined);
    }));

test('a program whose terminal starts it after the session ended does not wait for ever', () =>
  debug(async (client) => {
    let start = (): ChildProcess => assert.fail('no terminal was asked for');
    client.terminal = ({ args: [command, ...args], cwd, env }) => {
      start = () =>
        spawn(command!, args, { cwd, env: { ...process.env, ...env } as NodeJS.ProcessEnv });
      return { pid: 1 } as ChildProcess;
    };
    await client.initialize();
    const launched = client
      .request('launch', {
        program: fixture('idle.ts'),
        runtimeExecutable: process.execPath,
        console: 'integratedTerminal',
      })
      .then(
        () => '',
        (failure: Error) => failure.message,
      );
    await setTimeout(500);
    await client.request('disconnect');
    const child = start();
    await gone(child.pid!);
    assert.match(await launched, /ended before/);
  }));

test('a terminal gets the file of environment variables as well', () =>
  debug(async (client) => {
    let shown = '';
    client.terminal = ({ args: [command, ...args], cwd, env }) => {
      const child = spawn(command!, args, {
        cwd,
        env: { ...process.env, ...env } as NodeJS.ProcessEnv,
      });
      child.stdout.on('data', (text) => (shown += text));
      return child;
    };
    await client.launch(fixture('says.ts'), {
      console: 'integratedTerminal',
      envFile: fixture('one.env'),
    });
    await client.go();
    await client.exited();
    assert.equal((JSON.parse(shown) as { one: string }).one, 'from the file');
  }));

test('a restart that cannot start ends the session', () =>
  debug(async (client) => {
    const node = join(folder, 'node-link');
    symlinkSync(process.execPath, node);
    await client.launch(fixture('idle.ts'), { runtimeExecutable: node });
    await client.go();
    rmSync(node);
    await assert.rejects(client.request('restart'), /cannot be started/);
    await client.event('terminated');
  }));

test('a restart of a paused program says that it runs', () =>
  debug(async (client) => {
    const path = fixture('lines.ts');
    await client.launch(path);
    await client.breakpoints(path, 9);
    await client.go();
    await client.stopped();
    await client.breakpoints(path);
    await client.request('restart');
    await client.event('continued');
    await client.exited();
  }));

test('of two lists of breakpoints that are sent at once the second holds', () =>
  debug(async (client) => {
    const path = program('twice.js', 'let n = 0;', 'n++;', 'n++;', 'n++;', 'n++;', 'debugger;');
    await client.launch(path, { stopOnEntry: true });
    await client.breakpoints(path, 2);
    await client.go();
    await client.stopped();
    await Promise.all([client.breakpoints(path, 3), client.breakpoints(path, 5)]);
    assert.equal((await client.step('continue')).reason, 'breakpoint');
    assert.equal(await client.at(), '(anonymous):5');
  }));

test('a breakpoint on the first position stands beside the stop on entry, also after a restart', () =>
  debug(async (client) => {
    const path = program('entry.js', 'let n = 0;', 'n++;');
    await client.launch(path, { stopOnEntry: true });
    const [set] = await client.breakpoints(path, 1);
    assert.equal(set!.message, undefined);
    await client.go();
    assert.equal((await client.stopped()).reason, 'entry');
    await client.request('restart');
    assert.equal((await client.stopped()).reason, 'entry');
  }));

test('a script with an address or a map that makes no sense ends nobody', () =>
  debug(async (client) => {
    const path = program(
      'odd.js',
      "eval('1\\n//# sourceURL=file://elsewhere/x.js');",
      "eval('1\\n//# sourceURL=file:///a%2Fb.js');",
      "eval('1\\n//# sourceURL=file:///c.js\\n//# sourceMappingURL=data:application/json;base64,e30x');",
      "console.log('tapedeck:records', 'nothing');",
      "console.log('done');",
    );
    await client.launch(path);
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.match(client.printed('stdout'), /done/);
  }));

test('a pause of an idle program does not stop in what the adapter asks', (t) => {
  // With async stacks Node runs a hook of its own as soon as V8 is spoken to, and the pause is there. That is luck.
  const { send } = Cdp.prototype;
  t.mock.method(Cdp.prototype, 'send', function (this: Cdp, ...[method, params]: Sent) {
    const none = method === 'Debugger.setAsyncCallStackDepth' && { maxDepth: 0 };
    return Reflect.apply(send, this, [method, none || params]) as ReturnType<typeof send>;
  });
  return debug(async (client) => {
    const path = program(
      'idle.mjs',
      "import * as tf from '@tapedeck/engine';",
      'setInterval(() => {}, 600_000);',
      'console.log(tf.tensor([1, 2]));',
    );
    await client.launch(path);
    await client.go();
    await client.until(() => client.printed().includes('\n') || undefined, 'the start');
    // Idle by then, as a rule: only so it can be seen to stop where it must not.
    await setTimeout(300);
    const output: unknown = client.events.find(({ event }) => event === 'output')!.body;
    const paused = client.request('pause', { threadId: 1 });
    await setTimeout(20);
    // What it stops in answers when it goes on.
    await client.ask('tapedeck/hold', { id: 1, on: false });
    await client.ask('tapedeck/state', {});
    // V8 takes this kind of question as code of the program's, in which it may stop.
    const [print] = await children(client, output as { variablesReference: number });
    await children(client, print!);
    await paused;
    await client.stopped();
    // The print may be heard before the line behind it has ended.
    for (const { name, source } of await client.stack())
      assert.ok(name === 'idle: no code runs' || source?.path === path, name);
  });
});

test('a program that was stopped from outside is ended all the same', () =>
  debug(async (client) => {
    await client.launch(fixture('idle.ts'));
    await client.go();
    process.kill(client.pid(), 'SIGSTOP');
    await client.request('disconnect');
    await gone(client.pid());
  }));
