/** A stop that the end of the program overtakes. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { Breakpoints } from '../../debug-adapter/breakpoints.ts';
import type { Cdp } from '../../debug-adapter/cdp.ts';
import type { Client } from '../../debug-adapter/client.ts';
import type { Exceptions } from '../../debug-adapter/exceptions.ts';
import { Pauses } from '../../debug-adapter/pauses.ts';
import type { Sources } from '../../debug-adapter/sources.ts';
import type { Stepping } from '../../debug-adapter/stepping.ts';

test('a program that ends while its stop is looked at has not stopped', async () => {
  const heard = new Map<string, (event: object) => void>();
  let end = () => {};
  const cdp = {
    on: (event: string, listener: () => void) => heard.set(event, listener),
    onEnd: (listener: () => void) => (end = listener),
  };
  const told: string[] = [];
  const looked = Promise.withResolvers<void>();
  const pauses = new Pauses(
    cdp as unknown as Cdp,
    { tell: (event: string) => told.push(event) } as unknown as Client,
    { hidden: () => false, script: () => ({ url: 'file:///a.js' }) } as unknown as Sources,
    {
      foreign: () => [],
      judge: () => null,
      arrived: () => looked.promise,
    } as unknown as Stepping,
    {} as Exceptions,
    {} as Breakpoints,
  );
  heard.get('Debugger.paused')!({ callFrames: [{ location: { scriptId: '1' } }], reason: 'other' });
  await Promise.resolve();
  end();
  looked.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(told, []);
  assert.equal(pauses.current, null);
});
