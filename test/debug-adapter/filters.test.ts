/** Exception filters for tensors: where each stops the program, and what it tells. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { frames, scope } from '../kit/look.ts';

type Options = DebugProtocol.ExceptionFilterOptions;

/** What an editor shows of a stop: the frame on top, the message, and the lines of the chain without their folder. */
async function shown(client: Client) {
  const info = await client.request<DebugProtocol.ExceptionInfoResponse['body']>('exceptionInfo', {
    threadId: 1,
  });
  const chain = info.details!.stackTrace!.replace(/\(\/.*\//g, '(').split('\n');
  return {
    at: (await frames(client)).slice(0, 2),
    says: info.description,
    chain: chain.map((line) => line.trim()),
  };
}

async function filters(
  client: Client,
  ...on: (string | Options)[]
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.request<DebugProtocol.SetExceptionBreakpointsResponse['body']>(
    'setExceptionBreakpoints',
    {
      filters: on.filter((each) => typeof each === 'string'),
      filterOptions: on.filter((each) => typeof each !== 'string'),
    },
  );
  return body!.breakpoints!;
}

/** All stops up to the end of the program. */
async function stops(client: Client): Promise<Awaited<ReturnType<typeof shown>>[]> {
  const all: Awaited<ReturnType<typeof shown>>[] = [];
  for (;;) {
    const next = await client.until(() => {
      const come = client.events.map(({ event }) => event);
      if (come.includes('exited')) return 'exited';
      return come.filter((event) => event === 'stopped').length > all.length
        ? 'stopped'
        : undefined;
    }, 'a stop or the end');
    if (next === 'exited') return all;
    assert.equal((await client.stopped()).reason, 'exception');
    all.push(await shown(client));
    await client.request('continue', { threadId: 1 });
  }
}

const bad = fixture('bad-values.ts');

test('the first NaN or infinity stops where it is made, forward, backward and in functions of the user’s', () =>
  debug(async (client) => {
    await client.launch(bad);
    await filters(client, 'firstNaN');
    await client.go();
    const all = await stops(client);
    assert.deepEqual(
      all.map(({ at: [top], says }) => `${top} ${says}`),
      [
        'div:8 div made 2 NaN in f32[2]; its inputs are finite',
        '∇sqrt ← bad-values.ts:16:16 ∇sqrt made 1 Infinity in f32[2]; its inputs are finite',
        'div:19 div made 2 Infinity in f32[2]; its inputs are finite',
        // A mask of infinities is meant, no number in the data is not.
        'mul:23 mul made 1 NaN in f32[2]; x was not finite before',
        'exp:27 exp made 1 Infinity in f32[2]; its inputs are finite',
      ],
    );
    assert.deepEqual(all[1]!.chain, ['∇sqrt/div: 1 Infinity in f32[2] (bad-values.ts:16:32)']);
    assert.deepEqual(all[3]!.chain, [
      'x of mul, f32[2], came in with 1 NaN (bad-values.ts:23:22)',
      'mul: 1 NaN in f32[2] (bad-values.ts:23:22)',
    ]);
  }));

test('any NaN or infinity stops at each op that has some in its result, until the filter is off', () =>
  debug(async (client) => {
    await client.launch(bad);
    // Beside one that has every op announced.
    await filters(client, 'uncaught', 'anyNaN', 'misfit');
    await client.go();
    const tops: string[] = [];
    for (let i = 0; i < 5; i++) {
      assert.equal((await client.stopped()).reason, 'exception');
      tops.push((await frames(client))[0]!);
      // The op has its inputs still, and the program has not its result.
      if (i === 1) {
        const op = await scope(client, 'Op div');
        assert.deepEqual(Object.keys(op), ['out', 'x', 'y']);
        assert.equal((await scope(client, 'Module', 3))['normed']!.value, 'not initialized yet');
      }
      if (i === 4) await filters(client, 'uncaught');
      await client.request('continue', { threadId: 1 });
    }
    assert.deepEqual(tops, ['add:13', 'div:8', 'mul:8', 'add:15', '∇sqrt ← bad-values.ts:16:16']);
    await client.exited();
    assert.match(client.printed('stdout'), /nan nan/);
  }));

test('the chain goes from the first bad value over gradients and weights to where the program stands', () =>
  debug(async (client) => {
    await client.launch(bad);
    await filters(client, { filterId: 'firstNaN', condition: 'nan > 0 && step > 0' });
    await client.go();
    const all = await stops(client);
    assert.deepEqual(all, [
      {
        at: ['sub:28', '(anonymous):28'],
        says: 'sub made 1 NaN in f32[2]; x, y were not finite before',
        chain: [
          'exp: 1 Infinity in f32[2] (bad-values.ts:27:32)',
          '∇exp/mul: 1 Infinity in f32[2] (bad-values.ts:27:32)',
          'SGD/sgdStep: 1 -Infinity in f32[2] (bad-values.ts:27:15)',
          'sub: 1 NaN in f32[2] (bad-values.ts:28:16)',
        ],
      },
    ]);
  }));

test('a condition that is none is refused, and one that fails says so once', () =>
  debug(async (client) => {
    await client.launch(bad);
    await filters(client, { filterId: 'anyNaN', condition: 'nann > 1' });
    await client.breakpoints(bad, 28);
    await client.go();
    await client.stopped();
    const why = "A breakpoint's condition or message failed: ReferenceError: nann is not defined\n";
    assert.equal(client.printed('stderr'), why);
    const [, first, second] = await filters(
      client,
      'uncaught',
      { filterId: 'firstNaN', condition: 'nan' },
      { filterId: 'anyNaN', condition: 'nan >' },
    );
    assert.equal(first!.verified, true);
    assert.equal(second!.verified, false);
    assert.match(second!.message!, /^The condition is not an expression/);
    // What came before it was on is not known of: an infinity of a weight is as given.
    assert.equal(
      (await client.step('continue')).text,
      'sub made 1 NaN in f32[2]; x, y were not finite before',
    );
  }));

test('what does not fit stops where the engine refuses it, also where the program catches that', () =>
  debug(async (client) => {
    await client.launch(fixture('misfits.ts'));
    await filters(client, { filterId: 'misfit', condition: '!/softmax/.test(message)' });
    await client.go();
    const all = await stops(client);
    assert.deepEqual(
      all.map(({ at: [top], says }) => `${top} ${says!.replace(/^Error: (.*?):.*/, '$1')}`),
      [
        'matMul:16 matMul',
        '(anonymous):17 reshape',
        '(anonymous):18 assign',
        '(anonymous):19 ∇customGrad',
      ],
    );
    assert.match(client.printed('stdout'), /^matMul,reshape,assign/);
  }));
const trouble = fixture('training-trouble.ts');

test('gradients that are null, explode or vanish, dead and saturated activations, updates, tapes and leaks', () =>
  debug(async (client) => {
    await client.launch(trouble);
    await filters(
      client,
      'nullGradient',
      'explodingGradient',
      'vanishingGradient',
      'deadRelu',
      'saturated',
      'weightUpdate',
      'unusedTape',
      'tensorLeak',
    );
    await client.go();
    const all = await stops(client);
    assert.deepEqual(
      all.map(({ at: [top], says }) => `${top} | ${says}`),
      [
        "gradient:12 | the gradient of w is null. The values of f32[] left the tape through .item() on line 10 of training-trouble.ts: what the program makes of them in its own numbers does not depend on 'w', f32[2,2], for the tape. Use ops on the tensor itself.",
        '∇customGrad ← training-trouble.ts:19:19 | ∇customGrad made the gradient dx[0], f32[2,2], of norm 20000, 10000 an element',
        '∇customGrad ← training-trouble.ts:19:19 | ∇customGrad made the gradient dx[0], f32[2,2], of norm 2e6, 1e6 an element',
        'sigmoid:22 | sigmoid made f32[2,2]: 100 % of the values are within 1 % of 0 or 1',
        '∇sigmoid ← training-trouble.ts:22:22 | ∇sigmoid made the gradient dx, f32[2,2], of norm 0, 0 an element',
        'relu:25 | relu made f32[2,2]: 2 of 2 units are 0 for the whole batch',
        'tanh:27 | tanh made f32[2,2]: 100 % of the values are within 1 % of -1 or 1',
        'sgdStep:33 | sgdStep changes w by 20 times its size',
        'sgdStep:34 | sgdStep changes w by 0 times its size',
        'GradientTape:39 | a GradientTape ended and was never asked for a gradient; it recorded an op',
        'GradientTape:43 | a GradientTape that was made here before still records and was never asked for a gradient; it recorded an op',
        'step:54 | 40 more tensors are alive than 40 steps ago, 160 bytes; they have grown in number every 10 steps',
      ],
    );
    const chain = (says: string) => all.find((stop) => stop.says!.includes(says))!.chain;
    assert.deepEqual(chain('is null'), ['item: here the way breaks (training-trouble.ts:10:25)']);
    assert.deepEqual(chain('2e6'), [
      '∇sum: dx f32[2,2], norm 2 (training-trouble.ts:20:12)',
      '∇customGrad: dx[0] f32[2,2], norm 200 (training-trouble.ts:19:35)',
      '∇customGrad: dx[0] f32[2,2], norm 20000 (training-trouble.ts:19:35)',
      '∇customGrad: dx[0] f32[2,2], norm 2e6 (training-trouble.ts:19:35)',
    ]);
    assert.deepEqual(chain('made here before'), [
      'GradientTape: made (training-trouble.ts:43:13)',
      'neg: recorded last (training-trouble.ts:44:5)',
    ]);
    assert.deepEqual(chain('40 steps ago'), ['mean: 40 more (training-trouble.ts:52:17)']);
  }));

test('conditions move the limits', () =>
  debug(async (client) => {
    await client.launch(trouble);
    await filters(
      client,
      { filterId: 'nullGradient', condition: 'reason !== "readOut"' },
      { filterId: 'explodingGradient', condition: 'norm > 1e5 && op.name === "customGrad"' },
      { filterId: 'vanishingGradient', condition: 'norm > 0 && rms < 1e-7' },
      { filterId: 'deadRelu', condition: 'share < 0.9 && zeros === 0.5' },
      { filterId: 'saturated', condition: 'low > 0 && stats(inputs.x).min < -1' },
      { filterId: 'weightUpdate', condition: 'name === "w" && ratio > 100' },
      { filterId: 'unusedTape', condition: 'nodes > 1' },
      { filterId: 'tensorLeak', condition: 'bytes > 1e6' },
    );
    await client.go();
    const all = await stops(client);
    assert.deepEqual(
      all.map(({ says }) => says),
      [
        '∇customGrad made the gradient dx[0], f32[2,2], of norm 2e6, 1e6 an element',
        'relu made f32[2,2]: 0 of 2 units are 0 for the whole batch',
      ],
    );
  }));

test('updates that the program makes by itself are looked at, too', () =>
  debug(async (client) => {
    await client.launch(fixture('writes.ts'));
    await filters(client, { filterId: 'weightUpdate', condition: 'ratio > 0.9 && step > 3' });
    await client.go();
    assert.deepEqual(
      (await stops(client)).map(({ at: [top], says }) => `${top} ${says}`),
      ['assignSub:17 assignSub changes w by 2 times its size'],
    );
  }));
