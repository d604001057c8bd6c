/** What a program prints, and where. */
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children } from '../kit/look.ts';

function outputs(client: Client): DebugProtocol.OutputEvent['body'][] {
  return client.events
    .filter(({ event }) => event === 'output')
    .map(({ body }) => body as DebugProtocol.OutputEvent['body']);
}

test('prints with the stream and the line, everything once and in order', () =>
  debug(async (client) => {
    const program = fixture('prints.ts');
    await client.launch(program);
    await client.go();
    await client.exited();
    const told = outputs(client);
    const find = (text: string) => told.find(({ output }) => output.startsWith(text))!;
    const plain = find('plain');
    assert.equal(plain.output, 'plain 1 true null undefined\n');
    assert.deepEqual([plain.category, plain.line, plain.column], ['stdout', 1, 9]);
    assert.equal(plain.source!.path, program);
    assert.deepEqual([find('an error').category, find('an error').line], ['stderr', 2]);
    assert.equal(find('formatted').output, 'formatted of 1.5 and 7%\n');
    assert.deepEqual([find('raw\n').category, find('raw\n').line], ['stdout', 4]);
    assert.deepEqual([find('raw error').category, find('raw error').line], ['stderr', 5]);
    const order = ['plain', 'formatted', 'raw\n', 'raw error', 'outer', '  inside', 'last'];
    const places = order.map((text) => told.indexOf(find(text)));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    for (const text of ['plain', 'an error', 'raw\n', 'inside', 'last'])
      assert.equal(told.filter(({ output }) => output.includes(text)).length, 1, text);
    assert.match(find('Assertion failed').output, /not so/);
    assert.equal(told.findLast(({ category }) => category === 'stdout')!.output, 'last\n');
  }));

test('a print knows its line where the program makes stacks in its own way, and leaves that way alone', () =>
  debug(async (client) => {
    await client.launch(fixture('stacks.ts'));
    await client.go();
    await client.exited();
    const [first, ...rest] = outputs(client);
    assert.deepEqual([first!.output, first!.line], ['plain\n', 3]);
    // Nor is there anything of the debugger's among its globals.
    assert.deepEqual(
      rest.map(({ output }) => output),
      ['0 of its own\n', '[]\n'],
    );
  }));

test('groups are indented, and a table is printed once', () =>
  debug(async (client) => {
    await client.launch(fixture('prints.ts'));
    await client.go();
    await client.exited();
    const printed = client.printed('stdout');
    assert.match(printed, /\nouter\n {2}inside\n/);
    const tables = outputs(client).filter(({ output }) => /│ a │/.test(output));
    assert.deepEqual(
      tables.map(({ line }) => line),
      [6],
    );
  }));

test('a program that captures what it prints still does', () =>
  debug(async (client) => {
    await client.launch(fixture('capturing.ts'));
    await client.go();
    await client.exited();
    assert.match(client.printed('stdout'), /seen \["captured\\n"\]/);
  }));

test('bytes, encodings and callbacks of a stream do what they do in Node', () =>
  debug(async (client) => {
    await client.launch(fixture('written.ts'));
    await client.go();
    await client.exited();
    const printed = 'naïve\nhello\nERR_INVALID_ARG_TYPE\ncalled back\n';
    assert.equal(client.printed('stdout'), printed);
  }));

const shown = (list: readonly DebugProtocol.Variable[]) =>
  list.map(({ name, value }) => `${name}: ${value}`);

/** What the editor shows of a print: its one child has the text, and what was printed is below. */
async function opened(client: Client, text: string): Promise<DebugProtocol.Variable[]> {
  const print = outputs(client).findLast(({ output }) => output.startsWith(text))!;
  const lines = await children(client, { variablesReference: print.variablesReference! });
  assert.deepEqual(shown(lines), [`: ${print.output.trimEnd()}`]);
  return children(client, lines[0]!);
}

test('what the console printed can be opened, now and later, also while the program runs', () =>
  debug(async (client) => {
    await client.launch(fixture('opened.ts'));
    await client.go();
    await client.stopped();
    const look = async () => {
      const [about, first, ...rest] = await opened(client, 'f32[2,2]');
      assert.deepEqual([about!.name, first!.name, rest.length], ['about', '[0]', 1]);
      assert.deepEqual(shown(await children(client, first!)), ['[0]: 1', '[1]: 2']);
      assert.ok((await children(client, about!)).some(({ name }) => name === 'zeros'));
      const [text, object, three] = await opened(client, 'model');
      assert.deepEqual([text!.value, three!.value], ["'model'", '3']);
      const [name, w] = await children(client, object!);
      assert.deepEqual([name!.value, w!.type], ["'net'", 'Tensor']);
      assert.equal((await children(client, w!, { filter: 'indexed' })).length, 2);
      return w!;
    };
    const w = await look();
    assert.deepEqual(shown(await opened(client, '┌')).slice(0, 1), ['0: {a: 1}']);
    assert.equal(
      outputs(client).find(({ output }) => output === 'words only\n')!.variablesReference,
      undefined,
    );
    assert.equal((await opened(client, '{ old'))[0]!.value, 'true');
    await client.request('continue', { threadId: 1 });
    await client.until(() => client.printed().includes('running') || undefined, 'the end');
    // The program is busy. Of what was printed long ago nothing is kept.
    assert.equal((await opened(client, '{ i: 100 }'))[0]!.value, '100');
    await assert.rejects(opened(client, '{ old'), /keeps the last 100 .*, up to 128 MB/);
    await assert.rejects(children(client, w), /keeps the last 100/);
    // A tensor that is more than that is not kept at all.
    const large = outputs(client).find(({ output }) => output.startsWith('f32[6000'));
    assert.equal(large!.variablesReference, undefined);
  }));

test('a loop that prints large tensors gets its memory back', () =>
  debug(async (client) => {
    await client.launch(fixture('printing.ts'), { args: ['600'] });
    await client.go();
    assert.equal(await client.exited(), 0);
    const { most } = JSON.parse(client.printed().trimEnd().split('\n').at(-1)!) as { most: number };
    assert.ok(most < 1e9, `${most} bytes`);
  }));

test('a terminal keeps nothing of what was printed', () =>
  debug(async (client) => {
    let printed = '';
    client.terminal = ({ args, cwd, env }) => {
      const [command, ...rest] = args;
      const child = spawn(command!, rest, { cwd, env: { ...process.env, ...(env as object) } });
      child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
      return child;
    };
    await client.launch(fixture('printing.ts'), { args: ['600'], console: 'integratedTerminal' });
    await client.go();
    assert.equal(await client.exited(), 0);
    const most = Number(/"most":(\d+)/.exec(printed)![1]);
    assert.ok(most < 1e9, `${most} bytes`);
  }));
