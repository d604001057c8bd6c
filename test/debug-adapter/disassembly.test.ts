/** The op log as the Disassembly View shows it, steps in it, and breakpoints on its rows. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client, type Stop } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish, opBreakpoints } from '../kit/look.ts';

type Row = DebugProtocol.DisassembledInstruction;

/** Rows around an address, by offsets of the editor's. */
async function rows(
  client: Client,
  memoryReference: string,
  instructionOffset: number,
  instructionCount: number,
  offset = 0,
): Promise<Row[]> {
  const body = await client.request<NonNullable<DebugProtocol.DisassembleResponse['body']>>(
    'disassemble',
    { memoryReference, offset, instructionOffset, instructionCount, resolveSymbols: true },
  );
  return body.instructions;
}

/** A row without its time. */
const said = ({ instruction, line }: Row): string =>
  `${instruction.replace(/ {3}[\d.e-]+ (µs|ms)/, '')}${line === undefined ? '' : ` :${line}`}`;

const pointer = async (client: Client): Promise<string> =>
  (await client.stack())[0]!.instructionPointerReference!;

async function by(client: Client, command: string): Promise<Stop> {
  await client.request(command, { threadId: 1, granularity: 'instruction' });
  return client.stopped();
}

async function instructionBreakpoints(
  client: Client,
  ...breakpoints: DebugProtocol.InstructionBreakpoint[]
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.request<DebugProtocol.SetInstructionBreakpointsResponse['body']>(
    'setInstructionBreakpoints',
    { breakpoints },
  );
  return body.breakpoints;
}

async function stopped(client: Client, at: string, more: object = {}): Promise<string> {
  await client.launch(fixture('moves.ts'), { opLog: 'always', ...more });
  await opBreakpoints(client, at);
  await client.go();
  await client.stopped();
  return pointer(client);
}

test('the rows are the ops that ran, with shapes, times and lines; steps go op by op', () =>
  debug(async (client) => {
    const at = await stopped(client, 'logSumExp');
    const all = await rows(client, at, -9, 12);
    const ran = [
      'matMul f32[1,2], f32[2,2] → f32[1,2]   first :14',
      'relu f32[1,2] → f32[1,2]   first :15',
      'matMul f32[1,2], f32[2,2] → f32[1,2]   second :14',
      'relu f32[1,2] → f32[1,2]   second :15',
      'tanh f32[1,2] → f32[1,2] :33',
      'neg f32[1,2] → f32[1,2] :33',
      'mul f32[1,2], f32[] → f32[1,2] :20',
    ];
    // Nothing ran before the first, and what comes behind the next is not known.
    const none = ['', ''];
    assert.deepEqual(all.map(said), [...none, ...ran, 'logSumExp f32[1,2] :33', ...none]);
    assert.match(all[2]!.instruction, / {3}[\d.]+ (µs|ms) {3}first$/);
    assert.equal(all[2]!.symbol, 'first');
    assert.equal(all[2]!.location!.path, fixture('moves.ts'));
    const known = all.filter(({ presentationHint }) => presentationHint !== 'invalid');
    const addresses = known.map(({ address }) => Number(address));
    assert.ok(known.every(({ address }) => /^0x[\da-f]{8}$/.test(address)));
    assert.deepEqual(
      addresses,
      addresses.map((_, i) => addresses[0]! + i),
    );
    assert.equal(Number(at), addresses.at(-1));

    // An offset counts ops, in either direction and from any address.
    const [first] = known;
    assert.deepEqual(await rows(client, first!.address, -2, 12), all);
    assert.deepEqual(await rows(client, at, 0, 12, -9), all);
    assert.deepEqual(await rows(client, `${Number(at)}`, -12, 12, 3), all);
    assert.deepEqual(await rows(client, at, 5000, 0), []);
    assert.equal((await rows(client, at, 0, 10_000)).length, 10_000);
    await assert.rejects(rows(client, at, 0, 1e9), /a whole number up to 10000; it is 1000000000/);
    await assert.rejects(rows(client, at, 0.5, 1), /"instructionOffset"/);
    await assert.rejects(rows(client, 'logSumExp', 0, 1), /"logSumExp" is no address/);

    // Into the composite op and to its end; what it is made of stands further right.
    const frames = async (): Promise<string[]> =>
      (await client.stack()).map(
        ({ name, instructionPointerReference: to }) => `${name} +${Number(to) - Number(at)}`,
      );
    assert.deepEqual(await frames(), ['logSumExp +0', '(anonymous) +0']);
    assert.equal((await by(client, 'stepIn')).reason, 'step');
    assert.deepEqual(await frames(), ['max +1', 'logSumExp +0', '(anonymous) +1']);
    assert.deepEqual((await rows(client, at, 0, 3)).map(said), [
      'logSumExp f32[1,2] :33',
      '  max f32[1,2] :33',
      '',
    ]);
    await by(client, 'stepOut');
    const [top, , below] = (await frames()).map((frame) => frame.split(' +'));
    assert.equal(top![0], 'logSumExp');
    assert.equal(below, undefined);
    // It has run: what comes next is the op behind all it is made of.
    assert.ok(Number(top![1]) > 2);
    assert.equal(said((await rows(client, at, 0, 1))[0]!), 'logSumExp f32[1,2] → f32[] :33');
    const [next] = await rows(client, await pointer(client), 0, 1);
    assert.equal(next!.instruction, '⋯');
    assert.equal(next!.presentationHint, 'invalid');
    assert.equal(Number(next!.address), Number(at) + Number(top![1]));

    // Back over it, and forward again, with the arrow on what is looked at.
    await by(client, 'stepBack');
    assert.equal((await frames())[0], 'logSumExp (past) +0');
    await by(client, 'stepBack');
    assert.equal((await frames())[0], 'mul (past) +-1');
    await by(client, 'next');
    assert.equal((await frames())[0], 'logSumExp (past) +0');
    assert.deepEqual((await rows(client, at, -7, 7)).map(said), ran);
    await opBreakpoints(client);
    await finish(client);
  }));

test('a breakpoint on a row stops wherever that line calls the op again, and stays for the next run', () =>
  debug(async (client) => {
    const at = await stopped(client, 'logSumExp');
    await by(client, 'stepIn');
    const wanted = [
      { instructionReference: at, offset: -3, hitCondition: '2' },
      { instructionReference: at, offset: 1, condition: 'inputs.x.rank === 2 && step === 1' },
    ];
    const gone = { instructionReference: at, offset: 30 };
    const answers = await instructionBreakpoints(client, ...wanted, gone, {
      instructionReference: 'here',
    });
    assert.deepEqual(
      answers.map(({ verified, line, message }) => `${verified} ${line} ${message}`),
      [
        'true 33 Stops at tanh wherever this line calls it.',
        'true 33 Stops at logSumExp/max wherever this line calls it.',
        'false undefined What runs here is not known yet: set a breakpoint on an op that has run.',
        'false undefined "here" is no address in the op log.',
      ],
    );
    await opBreakpoints(client);
    const { reason, hitBreakpointIds } = await client.step('continue');
    assert.equal(reason, 'instruction breakpoint');
    assert.deepEqual(hitBreakpointIds, [answers[1]!.id]);
    assert.equal(await client.at(), 'max:33');
    await client.step('continue');
    assert.equal(await client.at(), 'tanh:33');
    assert.equal(await client.evaluate('tf.backendInfo && i', 'watch'), '2');
    // Backwards it is one that a reverse stops at; hits are not counted there.
    await by(client, 'reverseContinue');
    assert.equal(await client.at(), 'max (past):33');
    const again = await instructionBreakpoints(client, wanted[0]!, {
      instructionReference: at,
      offset: 1,
      condition: 'inputs.',
    });
    assert.deepEqual(
      again.map(({ id }) => id),
      answers.slice(0, 2).map(({ id }) => id),
    );
    assert.match(again[1]!.message!, /^The condition is not an expression/);

    await instructionBreakpoints(client, { instructionReference: at, offset: -3 });
    await client.request('restart', {});
    assert.equal((await client.stopped()).reason, 'instruction breakpoint');
    assert.equal(await client.at(), 'tanh:33');
    await instructionBreakpoints(client);
    await finish(client);
  }));

test('a row may be a write, and without an op log there is one row', () =>
  debug(async (client) => {
    const at = await stopped(client, 'logSumExp', { opLog: 'off' });
    assert.deepEqual((await rows(client, at, -1, 3)).map(said), ['', 'logSumExp f32[1,2] :33', '']);
    await opBreakpoints(client);
    await finish(client);
  }).then(() =>
    debug(async (client) => {
      await client.launch(fixture('rewound.ts'), { opLog: 'always' });
      await opBreakpoints(client, 'sub');
      await client.go();
      await client.stopped();
      const at = await pointer(client);
      const [write] = await rows(client, at, -1, 1);
      assert.equal(said(write!), 'update f32[2] → f32[2]   SGD :8');
      const [answer] = await instructionBreakpoints(client, {
        instructionReference: at,
        offset: -1,
      });
      assert.match(answer!.message!, /^This is a write to a variable, not an op/);
      await opBreakpoints(client);
      await finish(client);
    }),
  ));
