/** Questions about values that meet the end of a program. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { Cdp } from '../../debug-adapter/cdp.ts';
import { errors } from '../../debug-adapter/errors.ts';
import { Values } from '../../debug-adapter/values.ts';

test('a question that came after the end of one program does not spoil the next', async () => {
  let running = false;
  const cdp = {
    onEnd: () => {},
    send: async () => {
      if (!running) throw errors.notRunning();
      return { result: { objectId: '1', value: [{ value: ['x'] }] } };
    },
  };
  const values = new Values(cdp as unknown as Cdp);
  await assert.rejects(values.ask('names', {}), /not running/);
  running = true;
  assert.deepEqual(await values.ask('names', {}), ['x']);
});

test('questions that come together are one call, and one that fails does not spoil the others', async () => {
  const sent: string[] = [];
  const cdp = {
    onEnd: () => {},
    send: async (method: string) => {
      sent.push(method);
      const value = [{ failure: 'Error: This value is gone.' }, { value: ['y'] }];
      return { result: { objectId: '1', value } };
    },
  };
  const values = new Values(cdp as unknown as Cdp);
  const [gone, names] = [values.ask('rowAt', {}, []), values.ask('names', {})];
  await assert.rejects(gone, /^This value is gone\.|This value is gone\.$/);
  assert.deepEqual(await names, ['y']);
  assert.deepEqual(sent, ['Runtime.evaluate', 'Runtime.callFunctionOn']);
});
