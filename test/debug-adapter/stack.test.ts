/** The call stack between two stops, where the program and the editor are both under way. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { CallFrame, Pause, Pauses } from '../../debug-adapter/pauses.ts';
import type { Remote } from '../../debug-adapter/remote.ts';
import type { Sources } from '../../debug-adapter/sources.ts';
import { Stack } from '../../debug-adapter/stack.ts';

const pauseIn = (functionName: string): Pause => ({
  callFrames: [{ functionName, location: { scriptId: '1', lineNumber: 0 } } as CallFrame],
  why: 'op',
  user: 0,
  op: {} as Pause['op'],
  opFrames: null,
  exception: null,
  hit: [],
});

test('a stack that was asked for before the program went on is not that of the next stop', async () => {
  let resume = () => {};
  const pauses = {
    current: pauseIn('first') as Pause | null,
    now() {
      return this.current!;
    },
    onStop() {},
    onTurn: (heard: () => void) => (resume = heard),
  };
  const asked: ((frames: []) => void)[] = [];
  const program = { ask: () => new Promise<[]>((resolve) => asked.push(resolve)) };
  const sources = {
    hidden: () => false,
    kind: () => 'user',
    source: () => undefined,
    position: () => ({ line: 1, column: 1 }),
  };
  const stack = new Stack(
    pauses as unknown as Pauses,
    sources as unknown as Sources,
    program as unknown as Remote,
  );
  const early = stack.trace({ threadId: 1 });
  pauses.current = null;
  resume();
  pauses.current = pauseIn('second');
  asked[0]!([]);
  await assert.rejects(early, /This frame is gone/);
  const late = stack.trace({ threadId: 1 });
  asked[1]!([]);
  assert.deepEqual(
    (await late).stackFrames.map(({ name }) => name),
    ['second'],
  );
});
