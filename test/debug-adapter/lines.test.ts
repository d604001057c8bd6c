/** Breakpoints and steps on the lines of a program. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client, type Stop } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const lines = fixture('lines.ts');

test('stops at a line, steps over, into and out, and runs to the end', () =>
  debug(async (client) => {
    await client.launch(lines);
    const [told] = await client.breakpoints(lines, 14);
    assert.equal(told!.verified, false, 'nothing is loaded yet');
    await client.go();
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.at(), '(anonymous):14');
    assert.equal((await client.step('stepIn')).reason, 'step');
    assert.equal(await client.at(), 'layer:7');
    assert.deepEqual(
      (await client.stack()).map(({ name, line }) => `${name}:${line}`),
      ['layer:7', '(anonymous):14'],
      'frames of Node are hidden',
    );
    await client.step('next');
    assert.equal(await client.at(), 'layer:8');
    await client.step('stepOut');
    assert.equal(await client.at(), '(anonymous):15');
    await client.breakpoints(lines);
    await client.request('continue', { threadId: 1 });
    assert.equal(await client.exited(), 0);
    assert.match(client.printed('stdout'), /out 0 20\n.*out 4 32\ndone 5\n/s);
  }));

test('tells where a breakpoint came to stand once its file is loaded', () =>
  debug(async (client) => {
    await client.launch(lines);
    const [told] = await client.breakpoints(lines, 9);
    await client.go();
    const { body } = await client.event('breakpoint');
    assert.deepEqual(body.breakpoint, { id: told!.id, verified: true, line: 9, column: 13 });
    await client.stopped();
    const [again] = await client.breakpoints(lines, 10);
    assert.deepEqual(
      { verified: again!.verified, line: again!.line, column: again!.column },
      { verified: true, line: 10, column: 3 },
      'a loaded file answers at once',
    );
  }));

test('stops at a column, and knows the columns that can stop', () =>
  debug(async (client) => {
    const columns = fixture('columns.ts');
    await client.launch(columns);
    await client.breakpoints(columns, 3);
    await client.go();
    await client.stopped();
    const { breakpoints } = await client.request<DebugProtocol.BreakpointLocationsResponse['body']>(
      'breakpointLocations',
      { source: { path: columns }, line: 3 },
    );
    const text = 'const all: number[] = [twice(1), thrice(2)].map((x) => twice(x) + thrice(x));';
    const starts = breakpoints.map(({ line, column }) => {
      assert.equal(line, 3);
      return text.slice(column! - 1);
    });
    for (const start of ['twice(1)', 'thrice(2)', 'map(', 'twice(x)', 'thrice(x)'])
      assert.ok(
        starts.some((each) => each.startsWith(start)),
        start,
      );
    const column = text.indexOf('thrice(x)') + 1;
    await client.breakpoints(columns, { line: 3, column });
    await client.step('continue');
    const [top] = await client.stack();
    assert.deepEqual([top!.line, top!.column], [3, column]);
    assert.equal(await client.evaluate('x'), '2');
  }));

for (const ending of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'])
  test(`debugs a .${ending} file at its own lines`, () =>
    debug(async (client) => {
      const program = fixture(`endings/a.${ending}`);
      await client.launch(program);
      await client.breakpoints(program, 3);
      await client.go();
      await client.stopped();
      assert.equal(await client.at(), 'twice:3');
      assert.equal(await client.evaluate('y'), '42');
      await client.request('continue', { threadId: 1 });
      assert.equal(await client.exited(), 0);
    }));

test('debugs what only the TypeScript compiler can compile, at its own lines', () =>
  debug(async (client) => {
    const program = fixture('unmapped.ts');
    await client.launch(program);
    await client.breakpoints(program, 13);
    await client.go();
    await client.stopped();
    assert.equal(await client.at(), 'grow:13');
    assert.equal(await client.evaluate('by'), '1');
    await client.step('next');
    assert.equal(await client.at(), 'grow:14');
    assert.equal(await client.evaluate('next'), '21');
    await client.request('continue', { threadId: 1 });
    assert.equal(await client.exited(), 0);
  }));

test('a condition, a hit count, and both', () =>
  debug(async (client) => {
    await client.launch(lines);
    await client.breakpoints(lines, { line: 14, condition: 'i === 3' });
    await client.go();
    await client.stopped();
    assert.equal(await client.evaluate('i'), '3');
  }).then(() =>
    debug(async (client) => {
      await client.launch(lines);
      await client.breakpoints(
        lines,
        { line: 14, hitCondition: '% 2' },
        { line: 15, condition: 'i > 0', hitCondition: '= 2' },
      );
      await client.go();
      const stops: string[] = [];
      await client.stopped();
      stops.push(`${(await client.stack())[0]!.line} i=${await client.evaluate('i')}`);
      for (let n = 0; n < 2; n++) {
        await client.step('continue');
        stops.push(`${(await client.stack())[0]!.line} i=${await client.evaluate('i')}`);
      }
      assert.deepEqual(stops, ['14 i=1', '15 i=2', '14 i=3']);
    }),
  ));

test('a log message prints and never stops', () =>
  debug(async (client) => {
    await client.launch(lines);
    await client.breakpoints(lines, {
      line: 15,
      logMessage: 'i={i} twice={[i, i].map((n) => { return n; }).length * i} {"}"}',
    });
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.match(client.printed('console'), /^i=0 twice=0 \}\ni=1 twice=2 \}\n/);
    const told = client.events.find(({ body }) => body?.category === 'console');
    assert.equal(told!.body.line, 15, 'with the line it stands on');
    assert.equal(told!.body.source.path, lines);
  }));

test('a condition that fails says so once and does not stop', () =>
  debug(async (client) => {
    await client.launch(lines);
    await client.breakpoints(lines, { line: 14, condition: 'nothing.here > 1' });
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.equal(client.printed().match(/nothing is not defined/g)?.length, 1);
  }));

test('a hit count that is none is refused in words', () =>
  debug(async (client) => {
    await client.launch(lines);
    const [told] = await client.breakpoints(lines, { line: 14, hitCondition: 'often' });
    assert.match(told!.message!, /A hit count is a number.*"often"/);
  }));

test('stops at the entry, before anything has run', () =>
  debug(async (client) => {
    await client.launch(lines, { stopOnEntry: true });
    await client.go();
    assert.equal((await client.stopped()).reason, 'entry');
    assert.equal((await client.stack())[0]!.line, 4);
    assert.equal(client.printed(), '');
  }));

test('pauses a busy loop', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'));
    await client.go();
    await client.until(() => client.printed().includes('spinning') || undefined, 'the print');
    await client.request('pause', { threadId: 1 });
    assert.equal((await client.stopped()).reason, 'pause');
    assert.match(await client.at(), /^spin:/);
    assert.equal(await client.evaluate('k > 0'), 'true');
  }));

test('sets a breakpoint into a busy loop', () =>
  debug(async (client) => {
    await client.launch(fixture('busy.ts'));
    await client.go();
    await client.until(() => client.printed().includes('spinning') || undefined, 'the print');
    const [told] = await client.breakpoints(fixture('busy.ts'), 4);
    assert.equal(told!.verified, true);
    assert.equal((await client.stopped()).reason, 'breakpoint');
    assert.equal(await client.at(), 'spin:4');
  }));

/** The print may be heard before the line behind it has ended. */
async function pausedIdle(client: Client): Promise<Stop> {
  for (;;) {
    await client.request('pause', { threadId: 1 });
    const stop = await client.stopped();
    if ((await client.at()).startsWith('idle')) return stop;
    await client.request('continue', { threadId: 1 });
  }
}

test('pauses an idle program and lets it go on', () =>
  debug(async (client) => {
    await client.launch(fixture('idle.ts'));
    await client.go();
    await client.until(() => client.printed().includes('waiting') || undefined, 'the print');
    const stop = await pausedIdle(client);
    assert.equal(stop.reason, 'pause');
    assert.equal(stop.description, 'Paused');
    const names = (await client.stack()).map(({ name }) => name);
    assert.deepEqual(names, ['idle: no code runs']);
    assert.equal(await client.evaluate('1 + 1'), '2');
    await client.request('continue', { threadId: 1 });
    await client.request('pause', { threadId: 1 });
    assert.equal((await client.stopped()).reason, 'pause');
  }));

for (const command of ['next', 'stepIn', 'stepOut'] as const)
  test(`${command} from where nothing runs stops where the program goes on`, () =>
    debug(async (client) => {
      await client.launch(fixture('ticks.ts'));
      await client.go();
      await client.until(() => client.printed().includes('waiting') || undefined, 'the print');
      await pausedIdle(client);
      assert.equal((await client.step(command)).reason, 'step');
      assert.equal((await client.stack())[0]!.line, 3);
    }));

test('every name of the module is visible in a function that does not mention it', () =>
  debug(async (client) => {
    await client.launch(lines);
    await client.breakpoints(lines, 9);
    await client.go();
    await client.stopped();
    assert.equal(await client.evaluate('counter + layer.length'), '2');
  }));

test('what needs a paused program says so while it runs', () =>
  debug(async (client) => {
    await client.launch(fixture('idle.ts'));
    await client.go();
    await assert.rejects(client.request('next', { threadId: 1 }), /pause it first/);
    await assert.rejects(client.request('stackTrace', { threadId: 1 }), /pause it first/);
  }));

for (const command of ['next', 'stepOut'] as const)
  test(`${command} leaves a function that returns through a finally`, () =>
    debug(async (client) => {
      const program = fixture('finally.ts');
      await client.launch(program);
      await client.breakpoints(program, 3);
      await client.go();
      await client.stopped();
      await client.breakpoints(program);
      const visited: string[] = [];
      while (!visited.at(-1)?.startsWith('(anonymous)')) {
        await client.step(command);
        visited.push(await client.at());
      }
      assert.ok(visited.includes('outer:10'), String(visited));
      assert.equal(visited.at(-1), '(anonymous):14');
    }));
