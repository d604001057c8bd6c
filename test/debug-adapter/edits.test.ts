import assert from 'node:assert';
import { test } from 'node:test';
import { limits } from '../../debug-adapter/interpreter.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children, finish, scope, scopes, set, setIn } from '../kit/look.ts';

const edits = fixture('edits.ts');
// What node prints when nobody touches anything; the numbers below follow from it on paper.
const E1 = 2.7182817459106445;
const E2 = 7.389056205749512;

interface Printed {
  readonly [name: string]: readonly number[];
}

/** Runs to a line of the fixture, does something there, and gives what the program prints in the end. */
async function edited(line: number, work: (client: Client) => Promise<void>): Promise<Printed> {
  let printed: Printed = {};
  await debug(async (client) => {
    await client.launch(edits);
    await client.breakpoints(edits, line);
    await client.go();
    await client.stopped();
    await work(client);
    const text = await finish(client);
    printed = Object.fromEntries(
      [...text.matchAll(/(\w+) (\[[^\]]*\])/g)].map(([, name, list]) => [
        name!,
        JSON.parse(list!) as number[],
      ]),
    );
  });
  return printed;
}

function near(found: readonly number[] | undefined, wanted: readonly number[]): void {
  assert.equal(found?.length, wanted.length);
  wanted.forEach((value, i) => {
    const scale = Math.max(1, Math.abs(value));
    assert.ok(Math.abs(found![i]! - value) / scale < 1e-5, `${found} is not ${wanted}`);
  });
}

test('a literal edits a tensor in place, before its consumer: the gradient is that of the new values', async () => {
  const { h, view, first, second, other } = await edited(11, async (client) => {
    assert.match(await set(client, 'Local', 'h', '[1, 1, 1]'), /^f32\[3\] cpu {2}mean 1 {2}sd 0$/);
  });
  near(h, [1, 1, 1]);
  near(view, [1, 1]);
  // d sum(h*h)/dz = 2 h exp(z), with the new h, and exp(z) as its own forward pass saw it.
  near(first, [2, 2 * E1, 2 * E2]);
  near(second, [2, 2 * E1, 2 * E2]);
  near(other, [1, 1, 1]);
});

test('behind a consumer, the tape keeps what the consumer saw', async () => {
  const { h, first, second, other } = await edited(12, async (client) => {
    await set(client, 'Local', 'h', '1');
  });
  near(h, [1, 1, 1]);
  near(first, [2, 2 * E1 * E1, 2 * E2 * E2]);
  near(second, [2, 2 * E1 * E1, 2 * E2 * E2]);
  near(other, [1, 1, 1]);
});

test('an edit through a view is seen by what it is a view of', async () => {
  const { h, view, first } = await edited(11, async (client) => {
    await set(client, 'Local', 'view', '[5, 6]');
  });
  near(h, [1, 5, 6]);
  near(view, [5, 6]);
  near(first, [2, 10 * E1, 12 * E2]);
});

test('elements are editable in place, of a variable in an object too', async () => {
  const { w, fixed } = await edited(12, async (client) => {
    const { model } = await scope(client, 'Module');
    const found = await children(client, model!);
    const weights = found.find(({ name }) => name === 'w')!;
    assert.equal(weights.type, 'Variable');
    assert.equal(weights.evaluateName, 'model.w');
    assert.equal(weights.indexedVariables, 3);
    const elements = await children(client, weights, { filter: 'indexed', start: 1, count: 2 });
    assert.deepEqual(
      elements.map(({ name, value }) => `${name} ${value}`),
      ['[1] 2', '[2] 3'],
    );
    assert.equal(await setIn(client, weights, '[1]', '-0.5'), '-0.5');
    await assert.rejects(setIn(client, weights, '[2]', 'lots'), /'lots' is not a value of f32/);
  });
  near(w, [1, -0.5, 3]);
  near(fixed, [1, -0.5 * E1, 3 * E2]);
});

test('an expression gives a `let` another tensor, recorded by the tape', async () => {
  const { h, view, first } = await edited(11, async (client) => {
    assert.match(await set(client, 'Local', 'h', 'h.add(1)'), /^f32\[3\]/);
    const { h } = await scope(client, 'Local');
    assert.match(h!.value, /mean 4\.7/);
  });
  near(h, [2, E1 + 1, E2 + 1]);
  near(view, [E1, E2]);
  near(first, [4, 2 * (E1 + 1) * E1, 2 * (E2 + 1) * E2]);
});

test('a constant is changed in place where that fits, and says why where it does not', async () => {
  const { view, h } = await edited(11, async (client) => {
    await set(client, 'Local', 'view', 'view.mul(0).add(4)');
    const why =
      /"view" is a constant, so it can only be changed in place, and .*f32\[1\].* f32\[2\]/;
    await assert.rejects(set(client, 'Local', 'view', 'tf.ones([1])'), why);
    await assert.rejects(set(client, 'Local', 'z', 'tf.ones([4])'), /There is no variable "z"/);
  });
  near(view, [4, 4]);
  near(h, [1, 4, 4]);
});

test('what does not fit is an error that says what would, and changes nothing', async () => {
  const { h } = await edited(11, async (client) => {
    const wrong = (value: string) =>
      set(client, 'Local', 'h', value).then(
        () => 'it was taken',
        (failure: Error) => failure.message,
      );
    assert.match(await wrong('[1, 2]'), /a list of 2 does not fit f32\[3\]: a list of 3 numbers/);
    assert.match(await wrong('[[1], [2], [3]]'), /does not fit|is not a value/);
    assert.match(await wrong('[1, 2, true, 4]'), /a list of 4 does not fit/);
    assert.match(await wrong('nothing.here'), /nothing is not defined/);
    assert.match(await wrong('1 +'), /not JavaScript/);
  });
  near(h, [1, E1, E2]);
});

test('texts are edited in place, and whole numbers beyond 2⁵³ exactly', async () => {
  await edited(11, async (client) => {
    const { model } = await scope(client, 'Module');
    const member = async (name: string) =>
      (await children(client, model!)).find((each) => each.name === name)!;
    const text = await member('text');
    assert.match(await setIn(client, model!, 'text', `['x', "y\\"z"]`), /"x", "y\\"z"$/);
    assert.equal(await setIn(client, text, '[0]', `'one two'`), '"one two"');
    assert.equal(await setIn(client, text, '[1]', 'as it is'), '"as it is"');
    assert.match(await client.evaluate(`model.text[1] = 'end'`), /"one two", "end"$/);
    await assert.rejects(client.evaluate('model.text[1] = text'), /An element takes a text, not/);
    await assert.rejects(setIn(client, model!, 'text', '3'), /^Error: 3 is not a value of string/);

    assert.equal(
      await setIn(client, await member('big'), '[0]', '9007199254740993'),
      '9007199254740993',
    );
    await client.evaluate('model.big = [-9007199254740995, +9_007_199_254_740_997]');
    const big = await children(client, await member('big'), {
      filter: 'indexed',
      start: 0,
      count: 2,
    });
    assert.deepEqual(
      big.map(({ value }) => value),
      ['-9007199254740995', '9007199254740997'],
    );
    // A tensor of numbers may give its name to a text, as to anything else.
    await client.evaluate(`model.big = 'gone'`);
    assert.equal((await member('big')).value, `'gone'`);
  });
});

test('the console edits by the same rules', async () => {
  const { h, other, w } = await edited(11, async (client) => {
    assert.match(await client.evaluate('h = [3, 3, 3]'), /^f32\[3\] cpu {2}mean 3 {2}sd 0$/);
    await client.evaluate('h[1] = 7');
    await assert.rejects(client.evaluate('h[3] = 7'), /f32\[3\] has no element \[3\]/);
    await client.evaluate('model.w = 2;');
    await client.evaluate('count = 41 + 1');
    await client.evaluate('model.list[0] = 9');
    assert.equal(await client.evaluate('model.list'), '(3) [9, 2, 3]');
    await assert.rejects(client.evaluate('tape = 5'), /"tape" is a constant/);
    await assert.rejects(client.evaluate('unheard = 5'), /unheard is not defined/);
    assert.equal(await client.evaluate('typeof unheard'), "'undefined'");
  });
  near(h, [3, 7, 3]);
  near(other, [3, 7, 3]);
  near(w, [2, 2, 2]);
});

test('JavaScript values are set where they are, and shown at once', () =>
  debug(async (client) => {
    await client.launch(edits);
    await client.breakpoints(edits, 11);
    await client.go();
    await client.stopped();
    assert.match(
      (await scope(client, 'Local'))['tape']!.value,
      /^GradientTape \d+: recording, 2 nodes$/,
    );
    assert.equal(await set(client, 'Module', 'count', '7 * 6'), '42');
    assert.equal((await scope(client, 'Module'))['count']!.value, '42');
    assert.equal(await client.evaluate('count', 'watch'), '42');
    await assert.rejects(set(client, 'Module', 'model', '3'), /"model" is a constant/);
    await assert.rejects(set(client, 'Module', 'count', '1 +'), /That is not JavaScript/);
    const { model } = await scope(client, 'Module');
    assert.equal(await setIn(client, model!, 'list', '[...model.list, 4]'), '(4) [1, 2, 3, 4]');
    const body = await client.request<{ value: string }>('setExpression', {
      expression: 'model.list[3]',
      value: '"four"',
      frameId: (await client.stack())[0]!.id,
    });
    assert.equal(body.value, "'four'");
    const { Local } = await scopes(client);
    assert.ok(Local);
    assert.match(await finish(client), /42 4\n$/);
  }));

test('a setter has a time limit, and so has the getter that is read after it', (t) => {
  const before = { ...limits };
  Object.assign(limits, { getter: 0.2, edit: 0.2 });
  t.after(() => Object.assign(limits, before));
  return debug(async (client) => {
    await client.launch(fixture('getters.ts'));
    await client.go();
    await client.stopped();
    const { stuck } = await scope(client, 'Module');
    await children(client, stuck!);
    assert.equal(await setIn(client, stuck!, 'slow', '0'), '0');
    await assert.rejects(setIn(client, stuck!, 'slow', '3'), /ended after 0\.2 s/);
    await assert.rejects(setIn(client, stuck!, 'slow', '2'), /ended after 0\.2 s/);
    assert.equal(await client.evaluate('stuck.held'), '2');
    assert.match(await finish(client), /^3 object object /);
  });
});
