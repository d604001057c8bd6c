/** Requests that no editor would send: each is answered, in words where it is refused, and nobody falls over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import fc from 'fast-check';
import { inline } from '../../debug-adapter/index.ts';
import { limits } from '../../debug-adapter/interpreter.ts';
import { fixture, gone, lent, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 2018);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1);

const program = fixture('endless.ts');
/** All that the adapter knows, DAP's and ours, and some that it does not. */
const known = Object.keys(Reflect.get(inline(lent), 'requests') as object);
const unknown = ['', 'frobnicate', 'constructor', '__proto__', 'toString', 'tapedeck/nothing'];
const ends = /^(launch|attach|restart|terminate|disconnect)$/;

const small = fc.integer({ min: 0, max: 40 });
const whole = fc.oneof(
  fc.integer({ min: -2, max: 40 }),
  fc.constantFrom(2 ** 30 + 1, 2 ** 31, 2 ** 53, -1e9, 0.5, 1e300),
);
const texts = fc.constantFrom(
  ...['', 'x', 'w', 'tf', 'x.matMul(w)', 'throw 1', 'x[0', 'for (;;) {}', 'w = 3', '[1, 2]', 'NaN'],
  ...['matMul', '∇matMul', 'after *', '**', '* if (', 'x log {', 'loss', 'all', 'firstNaN', '%3'],
  ...['repl', 'hover', 'watch', 'clipboard', 'named', 'indexed', 'back', 'write', 'op', 'step'],
  ...['0x10', '-0x1', '__proto__', 'a\u0000b', '𝕏', program, '/no/such/file.ts', 'file:///%zz'],
);
const strange = fc.oneof(
  { depthSize: 'small' },
  fc.constantFrom(null, true, false, [], {}, [null], { length: -1 }),
  fc.jsonValue({ maxDepth: 2 }),
);
/** What an argument of this name would be; names that a request does not have do no harm. */
const fields: Record<string, fc.Arbitrary<unknown>> = {
  ...Object.fromEntries(
    'threadId frameId variablesReference line column endLine start count levels startFrame id from limit offset instructionOffset instructionCount requestId'
      .split(' ')
      .map((name) => [name, small]),
  ),
  ...Object.fromEntries(
    'expression context name value text filter granularity to path memoryReference data dataId'
      .split(' ')
      .map((name) => [name, texts]),
  ),
  how: fc.constantFrom('back', 'next', 'into', 'out', 'reverse', 'write', 'finite'),
  source: fc.record({ path: fc.oneof(fc.constant(program), texts) }),
  breakpoints: fc.array(
    fc.record(
      {
        line: small,
        column: small,
        name: texts,
        condition: texts,
        hitCondition: texts,
        logMessage: texts,
        dataId: texts,
      },
      { requiredKeys: ['line', 'name', 'dataId'] },
    ),
    { maxLength: 3 },
  ),
  filters: fc.array(texts, { maxLength: 3 }),
  filterOptions: fc.array(fc.record({ filterId: texts, condition: texts }), { maxLength: 2 }),
  index: fc.array(small, { maxLength: 3 }),
  ref: fc.record({ id: small, expression: texts }),
  window: fc.record({
    rowAxis: fc.constantFrom(0, 1, null),
    columnAxis: fc.constantFrom(1, 0, 7, null),
    at: fc.array(small, { maxLength: 3 }),
    rows: fc.tuple(small, fc.constantFrom(3, 40, 1e9)),
    columns: fc.tuple(small, fc.constantFrom(3, 40, 1e9)),
  }),
  on: fc.boolean(),
  exact: fc.boolean(),
};
const right = fc.record(fields);
const holey = fc.record(fields, { requiredKeys: [] });
/** One of them is not what it should be. */
const wrong = fc
  .tuple(right, fc.constantFrom(...Object.keys(fields)), fc.oneof(whole, texts, strange))
  .map(([all, name, value]) => ({ ...all, [name]: value }));
const args = fc.oneof(
  { weight: 6, arbitrary: right },
  { weight: 2, arbitrary: holey },
  { weight: 2, arbitrary: wrong },
  { weight: 1, arbitrary: strange },
);
interface Asked {
  readonly command: string;
  readonly args: unknown;
}
const request = (commands: readonly string[]): fc.Arbitrary<Asked> =>
  fc.record({ command: fc.constantFrom(...commands), args });

/** Numbers that mean something now, in place of some of those that mean nothing. */
async function timely(client: Client, asked: readonly Asked[]): Promise<Asked[]> {
  const frames = (await client.stack()).map(({ id }) => id);
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: frames[0],
  });
  const containers = scopes.map(({ variablesReference }) => variablesReference);
  const live = (ids: readonly number[], n: unknown) =>
    typeof n === 'number' && n > 5 && n <= 40 ? ids[n % ids.length] : n;
  return asked.map(({ command, args }) => {
    if (typeof args !== 'object' || args === null || Array.isArray(args)) return { command, args };
    const { frameId, variablesReference } = args as Record<string, unknown>;
    const now = {
      ...(frameId !== undefined && { frameId: live(frames, frameId) }),
      ...(variablesReference !== undefined && {
        variablesReference: live(containers, variablesReference),
      }),
    };
    return { command, args: { ...args, ...now } };
  });
}

/** Sends all of them at once and waits until every one has its answer. */
async function flood(client: Client, asked: readonly Asked[]): Promise<void> {
  const answers = asked.map(({ command, args }) =>
    client.request(command, args as object).then(
      () => null,
      (failure: Error) => {
        const what = `${command} ${JSON.stringify(args)}`;
        assert.doesNotMatch(failure.message, /did not come/, what);
        // A sentence for people, not what JavaScript stumbled over.
        assert.match(failure.message, /\S/, what);
        assert.doesNotMatch(
          failure.message,
          /Cannot read properties|is not a function|is not iterable|undefined \(|JSON|\[object/,
          what,
        );
      },
    ),
  );
  await Promise.all(answers);
}

/** Whatever it was about to do, it stops and can be looked at. */
async function standing(client: Client): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const frames = await client.stack().catch(() => []);
    if (frames.length) return;
    await client.request('pause', { threadId: 1 });
    await setTimeout(50);
  }
  assert.fail('the program does not stop');
}

async function each(
  arbitrary: fc.Arbitrary<readonly Asked[]>,
  work: (asked: readonly Asked[]) => Promise<void>,
  numRuns: number,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, work), {
    seed: SEED,
    numRuns: numRuns * RUNS,
    // What one run leaves behind, the next begins with: a smaller one would prove nothing.
    endOnFailure: true,
  });
}

test('before a launch and after the end, whatever is asked is answered', async () => {
  await each(
    fc.array(request([...known.filter((name) => name !== 'disconnect'), ...unknown]), {
      minLength: 80,
      maxLength: 120,
    }),
    (asked) =>
      debug(async (client) => {
        await flood(client, asked.slice(0, 40));
        await client.initialize();
        await flood(client, asked.slice(40));
        await client.request('disconnect');
        await flood(client, asked);
      }),
    2,
  );
});

test('in a program that runs and stops, whatever is asked is answered', async (t) => {
  const before = { ...limits };
  for (const name of Object.keys(limits)) limits[name] = 0.2;
  t.after(() => Object.assign(limits, before));
  await debug(async (client) => {
    await client.launch(program);
    await client.breakpoints(program, 8);
    await client.go();
    await client.stopped();
    const commands = known.filter((name) => !ends.test(name));
    await each(
      fc.array(request([...commands, ...unknown]), { minLength: 20, maxLength: 40 }),
      async (asked) => {
        await flood(client, await timely(client, asked));
        // Whatever came of it, the program can be stopped and looked at.
        await client.request('setFunctionBreakpoints', { breakpoints: [] });
        await client.request('setDataBreakpoints', { breakpoints: [] });
        await client.request('setExceptionBreakpoints', { filters: [] });
        await client.breakpoints(program, 8);
        await standing(client);
      },
      15,
    );
  });
});

test('a launch, its end and its restart may come in any order and all at once', async () => {
  const right: Record<string, object> = {
    launch: { program, runtimeExecutable: process.execPath },
    setBreakpoints: { source: { path: program }, breakpoints: [{ line: 8 }] },
    disconnect: { terminateDebuggee: true },
  };
  const step = fc.record({
    command: fc.constantFrom(
      ...['launch', 'configurationDone', 'restart', 'terminate', 'pause', 'continue', 'next'],
      ...['setBreakpoints', 'stackTrace', 'disconnect', 'tapedeck/nextOp', 'threads'],
    ),
    wait: fc.constantFrom(0, 0, 0, 5, 60, 300),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      const pids: number[] = [];
      await debug(async (client) => {
        await client.initialize();
        const asked: Promise<string>[] = [];
        const ask = (command: string) =>
          asked.push(
            client.request(command, right[command] ?? { threadId: 1 }).then(
              () => '',
              (failure: Error) => failure.message,
            ),
          );
        ask('launch');
        for (const { command, wait } of steps) {
          ask(command);
          await setTimeout(wait);
        }
        ask('disconnect');
        for (const message of await Promise.all(asked))
          assert.doesNotMatch(message, /did not come/);
        for (const { event, body } of client.events)
          if (event === 'process') pids.push((body as { systemProcessId: number }).systemProcessId);
      });
      await Promise.all(pids.map(gone));
    }),
    { seed: SEED, numRuns: 4 * RUNS, endOnFailure: true },
  );
});

test('messages that are none are passed over, and the next one is answered', async () => {
  const adapter = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../debug-adapter/main.ts', import.meta.url))],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  try {
    let said = '';
    adapter.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const send = (body: string, length: unknown = Buffer.byteLength(body)) =>
      adapter.stdin.write(`Content-Length: ${length}\r\n\r\n${body}`);
    for (const body of ['{', 'null', '7', '"x"', '[]', '{}', '{"type":"request"}']) send(body);
    send('{"type":"request","seq":5,"command":7}');
    send('{"type":"request","seq":"6","command":"threads"}');
    send('{"type":"response","request_seq":99}');
    send('', 'many');
    send('{"type":"request","seq":8,"command":"threads","arguments":null}');
    for (let tries = 0; !said.includes('"request_seq":8') && tries < 400; tries++)
      await setTimeout(25);
    assert.match(said, /"request_seq":8,[^]*"success":true/);
    assert.match(said, /"request_seq":5,[^]*"success":false/);
    await setTimeout(300);
    assert.equal(adapter.exitCode, null, 'it is still there');
  } finally {
    adapter.kill();
    await gone(adapter.pid!);
  }
});
