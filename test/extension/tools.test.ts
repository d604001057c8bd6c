/** The tools of language models, against programs that are paused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, LONGEST, tools, type Asked, type ToolName } from '../../extension/tools.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const both = (ask: (name: string, args: object) => Promise<any>): Asked => ({
  own: ask,
  stock: ask,
});
const asked = (client: Client): Asked => both((name, args) => client.request<any>(name, args));

test('a model is told of tensors, of a NaN and of gradients, in short', () =>
  debug(async (client) => {
    const ask = asked(client);
    const tell = (name: ToolName, input: object = {}) => answer(name, ask, input as never);
    await client.launch(fixture('bad-values.ts'));
    await client.exceptions('firstNaN');
    await assert.rejects(
      tell('tapedeck_listTensors'),
      /No program is paused in Tapedeck\. Start one/,
    );
    await client.go();
    await client.stopped();
    const list = await tell('tapedeck_listTensors', { limit: 3 });
    assert.equal(list.split('\n').length, 4);
    assert.match(list, /^\d+ tensors, \d+ bytes; the largest:\n/);
    const told = await tell('tapedeck_explainNaN');
    assert.match(
      told,
      /^div made 2 NaN in f32\[2\]; its inputs are finite\n +norm\/div: 2 NaN .*bad-values\.ts:8:/,
    );
    assert.match(
      await tell('tapedeck_tensorStats', { tensor: 'x' }),
      /^.*f32\[2\] .*\n.*"count":2,.*"zeros":2/,
    );
    for (const tensor of ['x.dispose()', 'x = 1', 'x;y', 'a+b', '', 7])
      await assert.rejects(
        tell('tapedeck_tensorStats', { tensor }),
        /takes a name with properties/,
      );
    await assert.rejects(
      tell('tapedeck_tensorStats', { tensor: 'tf.square' }),
      /is not a tensor where/,
    );
    await assert.rejects(tell('tapedeck_firstDivergence'), /not compared with a run: "reference"/);
  }));

test('why a gradient is null is said in the words of the tape', () =>
  debug(async (client) => {
    const file = fixture('unconnected.ts');
    const tell = (input: object) =>
      answer('tapedeck_explainGradient', asked(client), input as never);
    await client.launch(file);
    await client.breakpoints(file, 7);
    await client.go();
    await client.stopped();
    assert.match(
      await tell({ tape: 'tape', target: 'loss', source: 'w' }),
      /left the tape through \.item\(\) on line 5/,
    );
    await assert.rejects(tell({ tape: 'tape', target: 'loss' }), /"source" takes a name/);
    await assert.rejects(tell({ tape: 'nobody', target: 'loss', source: 'w' }), /nobody/);
  }));

test('no answer is longer than a model can read, whatever the program holds', async () => {
  const tensor = { id: 1, text: 'f32[1]', name: 'n'.repeat(300), stats: { nan: 1, inf: 0 } };
  const program = both((name) =>
    Promise.resolve(
      name === 'tapedeck/state'
        ? { paused: true }
        : name === 'exceptionInfo'
          ? { exceptionId: 'Error' }
          : { tensors: Array(5000).fill(tensor), total: 5000, bytes: 5000 },
    ),
  );
  for (const name of ['tapedeck_listTensors', 'tapedeck_explainNaN'] as const) {
    const text = await answer(name, program, { limit: 1e9 });
    assert.ok(text.length < LONGEST + 100, `${name}: ${text.length}`);
    assert.match(text, /… and \d+ more characters; ask for less\.$/);
  }
});

test('what diverged first is told first', async () => {
  const row = { op: 'add', path: 'add', same: 0, close: 0, differing: 1, missing: 0, extra: 0 };
  const rows = [
    { ...row, abs: 1, rel: 1, first: { occurrence: 1, step: 2, op: 9 } },
    { ...row, path: 'net/add', abs: 2, rel: 0.5, first: { occurrence: 1, step: 0, op: 3 } },
  ];
  const counts = { ops: 10, same: 8, close: 0, differing: 2, missing: 0, extra: 0 };
  const program = both((name) =>
    Promise.resolve(
      name === 'tapedeck/state'
        ? { paused: true }
        : { comparison: { reference: 'a.ts', rows, ...counts } },
    ),
  );
  assert.match(
    await answer('tapedeck_firstDivergence', program, {}),
    /^net\/add was the first, in training step 0, run 1 of this op: differs by up to 2 \(relative 0\.5\)\. 10 ops/,
  );
  assert.deepEqual(Object.keys(tools).length, 5);
});
