/** Which exceptions stop a program, and what is told of them. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { guardedRanges, programOf } from '../../debug-adapter/syntax.ts';
import { fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

/** Where the program stops, as V8 cannot tell by itself; null where it runs on to its end. */
function thrown(
  file: string,
  which: string,
  filters: string[],
  expected: { at: string; text: RegExp } | null,
): void {
  test(`${file} ${which}, filters [${filters}]: ${expected ? `stops at ${expected.at}` : 'runs on'}`, () =>
    debug(async (client) => {
      await client.launch(fixture(file), { args: [which] });
      await client.exceptions(...filters);
      await client.go();
      if (!expected) {
        await client.exited();
        assert.ok(!client.events.some(({ event }) => event === 'stopped'));
        return;
      }
      const stop = await client.stopped();
      assert.equal(stop.reason, 'exception');
      assert.match(stop.text!, expected.text);
      assert.equal(await client.at(), expected.at);
    }));
}

const boom = /^RangeError: boom 7/;
for (const which of ['sync', 'await', 'after-await', 'floating', 'timer'])
  thrown('throws.ts', which, ['uncaught'], { at: 'boom:5', text: boom });
for (const which of ['sync', 'floating', 'timer'])
  thrown('throws.cjs', which, ['uncaught'], { at: 'boom:5', text: boom });
thrown('throws.ts', 'reject', ['uncaught'], { at: '(anonymous):27', text: /nobody listens/ });
thrown('throws.ts', 'file', ['uncaught'], { at: '(anonymous):36', text: /ENOENT/ });
thrown('throws.ts', 'string', ['uncaught'], { at: '(anonymous):37', text: /just a text/ });
for (const which of ['caught', 'handled', 'tried']) thrown('throws.ts', which, ['uncaught'], null);
thrown('throws.ts', 'caught', ['all'], { at: 'boom:5', text: boom });
thrown('throws.ts', 'sync', [], null);

test('tells what was thrown, and goes on to the end', () =>
  debug(async (client) => {
    await client.launch(fixture('throws.ts'), { args: ['sync'] });
    await client.exceptions('uncaught');
    await client.go();
    await client.stopped();
    assert.equal(await client.evaluate('local'), '7');
    const info = await client.request<DebugProtocol.ExceptionInfoResponse['body']>(
      'exceptionInfo',
      { threadId: 1 },
    );
    assert.equal(info.exceptionId, 'RangeError');
    assert.equal(info.breakMode, 'unhandled');
    assert.equal(info.details!.message, 'boom 7');
    assert.match(info.details!.stackTrace!, /throws\.ts:5:9/);
    await client.request('continue', { threadId: 1 });
    assert.equal(await client.exited(), 1);
    assert.match(client.printed('stderr'), /RangeError: boom 7/);
  }));

test('the stack of an error names no line of the engine or of Node', () =>
  debug(async (client) => {
    const file = fixture('misfit.ts');
    await client.launch(file);
    await client.exceptions('uncaught');
    await client.go();
    await client.stopped();
    const info = await client.request<DebugProtocol.ExceptionInfoResponse['body']>(
      'exceptionInfo',
      { threadId: 1 },
    );
    assert.match(info.description!, /^Error: matMul: .*\[2,3\].*\[4,5\]/);
    const lines = info.details!.stackTrace!.split('\n');
    assert.deepEqual(
      lines.map((line) => /misfit\.ts:\d+/.exec(line)?.[0]),
      ['misfit.ts:4', 'misfit.ts:6'],
    );
  }));

test('a flood of caught exceptions does not hold the program up, and it is said', () =>
  debug(async (client) => {
    await client.launch(fixture('throws.ts'), { args: ['flood'] });
    await client.exceptions('uncaught');
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.match(client.printed('console'), /more than 200 exceptions a second/);
  }));

test('a step over a line that throws and catches inside ends behind it', () =>
  debug(async (client) => {
    const program = fixture('throws.ts');
    await client.launch(program, { args: ['caught'] });
    await client.exceptions('uncaught');
    await client.breakpoints(program, 19);
    await client.go();
    await client.stopped();
    await client.step('next');
    await client.step('next');
    assert.match(await client.at(), /^\(anonymous\):2\d$/);
  }));

test('knows what is guarded by its grammar', () => {
  const guarded = (source: string) =>
    guardedRanges(programOf(source)).map(({ start, end }) =>
      source.slice(start.column, end.column),
    );
  assert.deepEqual(guarded('try { a(); } catch { b(); }'), ['{ a(); }']);
  assert.deepEqual(guarded('try { a(); } finally { b(); }'), []);
  assert.deepEqual(guarded('p().catch(f); q().then(f, g); r().then(f)'), ['p()', 'q()']);
  assert.deepEqual(guarded('Promise.allSettled([p()]); Promise.all([q()])'), [
    'Promise.allSettled([p()])',
  ]);
  assert.deepEqual(guarded('return 1'), [], 'also in the body of a CommonJS module');
  assert.deepEqual(guarded('this is not JavaScript'), []);
  assert.deepEqual(guarded(`x = 1${' + 1'.repeat(50_000)}`), [], 'deeper than can be read');
});
