/** What a program prints, and where. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

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
