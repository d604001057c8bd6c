import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { limits } from '../../debug-adapter/interpreter.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children, finish, scope, setIn } from '../kit/look.ts';

const values = fixture('values.ts');
type Shown = Record<string, DebugProtocol.Variable>;

async function atTheEnd(client: Client): Promise<Shown> {
  await client.launch(values);
  await client.breakpoints(values, 28);
  await client.go();
  await client.stopped();
  return scope(client, 'Module');
}

const named = (list: readonly DebugProtocol.Variable[]): Shown =>
  Object.fromEntries(list.map((each) => [each.name, each]));

test('a tensor is one line: dtype, shape, device and statistics', () =>
  debug(async (client) => {
    const shown = await atTheEnd(client);
    const line = (name: string) => shown[name]!.value;
    assert.match(line('matrix'), /^f32\[150,2\] cpu {2}mean 150 {2}sd 86\.6$/);
    assert.match(line('odd'), /^f32\[3\] cpu {2}mean 1 {2}sd 0 {2}NaN 1 {2}Inf 1$/);
    assert.match(line('whole'), /^i32\[2\] cpu {2}mean 1\.5 {2}sd 0\.5$/);
    assert.match(line('gone'), /^f32\[2\] disposed$/);
    // Twelve million elements: sampled, and said so.
    assert.match(line('big'), /^f32\[4000,3000\] cpu {2}mean ~0 {2}sd ~0$/);
    assert.equal(shown['matrix']!.type, 'Tensor');
    const menu = shown['matrix'] as { __vscodeVariableMenuContext?: string };
    assert.equal(menu.__vscodeVariableMenuContext, 'tensor');
    assert.equal(line('holder'), '{t: f32[2,3], deep: {…}}');
    const { about } = named(await children(client, shown['big']!));
    const facts = named(await children(client, about!));
    assert.equal(facts['zeros']!.value, '12000000');
  }));

test('rows and elements of a tensor come in pages, of a view too', () =>
  debug(async (client) => {
    const { matrix, part } = await atTheEnd(client);
    assert.equal(matrix!.indexedVariables, 150);
    const page = await children(client, matrix!, { filter: 'indexed', start: 100, count: 50 });
    assert.equal(page.length, 50);
    assert.equal(page[0]!.name, '[100]');
    assert.match(page[0]!.value, /^\[2\] {2}mean 200\.5|^\[2\] {2}mean 201/);
    const row = await children(client, page[0]!, { filter: 'indexed', start: 0, count: 2 });
    assert.deepEqual(
      row.map(({ name, value, variablesReference }) => [name, value, variablesReference]),
      [
        ['[0]', '200', 0],
        ['[1]', '201', 0],
      ],
    );
    // The transpose is a view: its element is the matrix's own.
    const [, second] = await children(client, part!, { filter: 'indexed', start: 0, count: 2 });
    assert.equal(await setIn(client, second!, '[100]', '0.1').catch(String), '0.1');
    assert.equal(await client.evaluate('matrix.array()[100][1]'), '0.10000000149011612');
  }));

test('an element takes what fits its dtype, and says what would', () =>
  debug(async (client) => {
    const { whole } = await atTheEnd(client);
    const says = (value: string) =>
      setIn(client, whole!, '[0]', value).then(String, (failure: Error) => failure.message);
    await children(client, whole!);
    assert.match(await says('1.5'), /1\.5 does not fit i32: whole numbers from -2147483648/);
    assert.match(await says('3000000000'), /3000000000 does not fit i32/);
    assert.match(await says('x'), /'x' is not a value of i32: 3 would be/);
    assert.equal(await says('-7'), '-7');
  }));

test('JavaScript values have previews, pages and getters that wait', () =>
  debug(async (client) => {
    const shown = await atTheEnd(client);
    const line = (name: string) => shown[name]!.value;
    assert.equal(line('long'), '(250) [0, 1, 4, 9, 16, 25, 36, 49, …]');
    assert.equal(line('map'), "Map(2) {'a' => 1, {…} => Array(1)}");
    assert.equal(line('set'), "Set(2) {'one', 2}");
    assert.equal(line('typed'), 'Float64Array(3) [0.5, -0, NaN]');
    assert.equal(line('text'), `'it\\'s "said"'`);
    assert.equal(line('point'), 'Point {x: 1}');
    assert.equal(line('Point'), 'class Point');
    assert.equal(shown['long']!.indexedVariables, 250);
    const page = await children(client, shown['long']!, {
      filter: 'indexed',
      start: 200,
      count: 100,
    });
    assert.equal(page.length, 50);
    assert.equal(page[49]!.value, '62001');
    assert.equal(page[49]!.evaluateName, 'long[249]');
    const entries = named(await children(client, shown['map']!));
    assert.equal(entries["'a'"]!.value, '1');
    const pair = named(await children(client, entries['1']!));
    assert.equal(pair['key']!.value, '{key: true}');
    assert.equal(await setIn(client, shown['map']!, "'a'", '5'), '5');
    const inside = named(await children(client, shown['point']!));
    assert.equal(inside['size']!.presentationHint?.lazy, true);
    assert.equal(await client.evaluate('asked'), '0');
    const [size] = await children(client, inside['size']!);
    assert.equal(size!.value, '2');
    const deep = named(await children(client, shown['holder']!));
    const list = named(await children(client, deep['deep']!));
    const [first] = await children(client, list['list']!);
    assert.match(first!.value, /^f32\[4\] cpu {2}mean 0 {2}sd 0$/);
    assert.equal(first!.evaluateName, 'holder.deep.list[0]');
    assert.match(await finish(client), /^1 11\n$/);
  }));

test('a getter has a time limit, as everything that is asked has', (t) => {
  const before = { ...limits };
  Object.assign(limits, { getter: 0.3, clipboard: 0.3 });
  t.after(() => Object.assign(limits, before));
  return debug(async (client) => {
    await client.launch(fixture('getters.ts'));
    await client.go();
    await client.stopped();
    const { object } = await scope(client, 'Module');
    const rows = named(await children(client, object!));
    await assert.rejects(children(client, rows['endless']!), /ended after 0\.3 s/);
    await assert.rejects(client.evaluate('copied', 'clipboard'), /ended after 0\.3 s/);
    await assert.rejects(children(client, rows['failing']!), /not now/);
    const [noisy] = await children(client, rows['noisy']!);
    assert.match(noisy!.value, /^f32\[2\]/);
    assert.equal(await client.evaluate('JSON.stringify(x.add(1).array())'), "'[2,3]'");
    assert.match(await finish(client), /^3 object object /);
  });
});
