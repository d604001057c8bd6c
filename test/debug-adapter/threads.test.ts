import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { limits } from '../../debug-adapter/interpreter.ts';
import { fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { finish } from '../kit/look.ts';

const program = fixture('threads.ts');
const plain = execFileSync(process.execPath, [program], { encoding: 'utf8' });
assert.equal(plain, `${512 ** 3} true\n`);

test('ops are spread over threads while the program is paused, and they are no threads of the program', () =>
  debug(async (client) => {
    await client.launch(program);
    await client.breakpoints(program, 9);
    await client.go();
    await client.stopped();
    for (let i = 0; i < 5; i++) {
      assert.equal(await client.evaluate('tf.matMul(x, x).sum().item()', 'watch'), `${512 ** 3}`);
    }
    const { threads } = await client.request<{ threads: readonly unknown[] }>('threads');
    assert.equal(threads.length, 1);
    await client.breakpoints(program);
    assert.equal(await finish(client), plain);
  }));

test('a product of matrices that is ended in its midst by a time limit leaves the next one right', async (t) => {
  const before = { ...limits };
  Object.assign(limits, { watch: 0.2, repl: 0.2 });
  t.after(() => Object.assign(limits, before));
  await debug(async (client) => {
    await client.launch(program);
    await client.breakpoints(program, 9);
    await client.go();
    await client.stopped();
    for (const context of ['watch', 'repl', 'watch']) {
      const loop = '(() => { for (;;) { const y = tf.matMul(x, x); y.dispose(); } })()';
      await assert.rejects(client.evaluate(loop, context), /ended after 0\.2 s/);
      assert.equal(await client.evaluate('tf.matMul(x, x).sum().item()', 'repl'), `${512 ** 3}`);
    }
    await client.breakpoints(program);
    assert.equal(await finish(client), plain);
  });
});
