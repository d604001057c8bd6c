/** Changing parts of tensors, and what an op is about to work on: its attributes, its results, a gradient on its way. */
import assert from 'node:assert';
import { test } from 'node:test';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children, finish, opBreakpoints, scope, scopes, set, setIn } from '../kit/look.ts';

const changes = fixture('changes.ts');

/** Stops at ops one after the other, does something at each, and gives what the program prints by name. */
async function changed(
  steps: readonly (readonly [op: string, work: (client: Client) => Promise<unknown>])[],
): Promise<Record<string, unknown>> {
  let text = '';
  await debug(async (client) => {
    await client.launch(changes);
    for (const [i, [op, work]] of steps.entries()) {
      await opBreakpoints(client, op);
      if (i === 0) await client.go();
      else await client.request('continue', { threadId: 1 });
      await client.stopped();
      await work(client);
    }
    await opBreakpoints(client);
    text = await finish(client);
  });
  return Object.fromEntries(
    [...text.matchAll(/(\w+) (\[\S*)/g)].map(([, name, list]) => [name, JSON.parse(list!)]),
  );
}

test('a part of a tensor is changed as NumPy writes it, as a call, and in Variables', async () => {
  const { x } = await changed([
    [
      'sum',
      async (client) => {
        const value = async (text: string) =>
          (await client.evaluate(text)).replace(/.*cpu {2}/, '');
        assert.match(
          await client.evaluate('x[0, :] = [7, 8, 9]'),
          /^f32\[2,3\] .*max 9|^f32\[2,3\]/,
        );
        assert.equal(await value('x[0, :].array()'), '(3) [7, 8, 9]');
        await client.evaluate(`x.at(':, 1').assign(-1)`);
        await client.evaluate('x[1, -1] = 0.5');
        await client.evaluate('x[:, ::2] = x[:, ::2].mul(2)');
        await client.evaluate(`x.at('[1]').assign([[10, 20, 30]])`);
        const wrong = (text: string) =>
          client.evaluate(text).then(
            () => 'it was taken',
            (failure: Error) => failure.message,
          );
        assert.match(await wrong('x[0, :] = [1, 2]'), /a list of 2 does not fit f32\[3\]/);
        assert.match(await wrong('x[2, :] = 1'), /at: position 2 .*\[2,3\]|at: .*2/);
        assert.match(await wrong('x[0, :] = tf.ones([2])'), /broadcast/);
        assert.match(await wrong('total[0, :] = 1'), /total is not defined|no tensor|before init/);
        assert.match(await wrong('start[1:] = 1'), /"start" is no tensor/);
        const { variablesReference } = (await scope(client, 'Module'))['x']!;
        const [, row] = await children(client, { variablesReference });
        assert.equal(row!.presentationHint, undefined);
        assert.match(await setIn(client, { variablesReference }, '[1]', '[0, 0, 6]'), /mean 2/);
        // The last edit is taken back, and done again.
        await client.ask('tapedeck/undoEdit', {});
        assert.equal(await value('x[1, :].array()'), '(3) [10, 20, 30]');
        const { edits } = await client.ask('tapedeck/edits', {});
        assert.deepEqual(
          edits.slice(-2).map(({ what, elements, undone }) => `${what} ${elements} ${undone}`),
          ['f32[2,3] 3 false', 'f32[2,3] 3 true'],
        );
        await client.ask('tapedeck/redoEdit', {});
        assert.equal(await value('x[1, :].array()'), '(3) [0, 0, 6]');
        // A watch can be given a value, and looking changes nothing.
        const frameId = (await client.stack())[0]!.id;
        const expression = 'x[1, :2]';
        await client.request('setExpression', { expression, value: '4', frameId });
        await assert.rejects(client.evaluate(`x.at('0').assign(0)`, 'watch'), /is no variable/);
      },
    ],
  ]);
  assert.deepEqual(x, [
    [
      [14, -1, 18],
      [4, 4, 6],
    ],
  ]);
});

test('an attribute of the op about to run, and what does not fit', async () => {
  const wrong = (client: Client, op: string, name: string, value: string) =>
    set(client, `Op ${op}`, name, value).then(
      () => 'it was taken',
      (failure: Error) => failure.message,
    );
  const { total, spread } = await changed([
    [
      'sum',
      async (client) => {
        assert.equal((await scope(client, 'Op sum'))['axes']!.value, '[1]');
        assert.equal(await set(client, 'Op sum', 'axes', '[-2]'), '[0]');
        assert.match(await wrong(client, 'sum', 'axes', '[2]'), /'axes'\[0\] is 2; .* -2 to 1/);
        assert.match(await wrong(client, 'sum', 'axes', '[0, -2]'), /names an axis twice/);
        assert.match(await wrong(client, 'sum', 'axes', '1'), /'axes' is 1; it must be a list/);
        assert.match(await wrong(client, 'sum', 'keepDims', '1'), /it must be a boolean/);
        assert.equal((await scope(client, 'Op sum'))['axes']!.value, '[0]');
        await assert.rejects(client.evaluate('op.attrs.rate = 1'), /no attribute 'rate'; it has /);
      },
    ],
    [
      // In the middle of a composite op, in a callback.
      'std',
      async (client) => {
        await client.ask('tapedeck/intoOp', {});
        await client.stopped();
        const [inner] = Object.keys(await scopes(client));
        const frame = (await client.stack()).findIndex(({ name }) => name === 'std');
        const { id } = (await client.stack())[frame]!;
        await assert.rejects(
          client.request('setExpression', { expression: 'op.attrs.ddof', value: '1', frameId: id }),
          /std has begun|no attribute/,
        );
        assert.match(inner!, /^Op /);
      },
    ],
  ]);
  assert.deepEqual(total, [[5, 7, 9]]);
  assert.ok(spread);
});

test('the result of an op, and gradients on their way: each alone, also where two share their bytes', async () => {
  const { gradients } = await changed([
    ['after add', (client) => set(client, 'Op add', 'out', '[0, 1]')],
    // A gradient function of the user's gets what was put in its place.
    ['∇customGrad', (client) => set(client, 'Op ∇customGrad', 'g', '[1, 10]')],
    [
      'after ∇add',
      async (client) => {
        assert.match((await scope(client, 'Op ∇add'))['dx']!.value, /mean 16\.5/);
        await set(client, 'Op ∇add', 'dy', '7');
        assert.match((await scope(client, 'Op ∇add'))['dx']!.value, /mean 16\.5/);
      },
    ],
  ]);
  assert.deepEqual(gradients, [
    [3, 30],
    [7, 7],
  ]);
});
