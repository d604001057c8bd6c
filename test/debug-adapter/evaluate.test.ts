import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { limits } from '../../debug-adapter/interpreter.ts';
import { fixture, type Client } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { children, finish, opBreakpoints, scopes } from '../kit/look.ts';

const training = fixture('training.ts');
const plain = execFileSync(process.execPath, [training], { encoding: 'utf8' });

/** Stops in the loop, in the middle of a step: the tape records. */
async function inTheLoop(client: Client): Promise<void> {
  await client.launch(training);
  await client.breakpoints(training, 17);
  await client.go();
  await client.stopped();
}

test('ten watches at every pause leave the losses as they are, bit by bit', () =>
  debug(async (client) => {
    await inTheLoop(client);
    const watches = [
      'loss === undefined',
      'h.mean()',
      'tf.matMul(h, w2).mean().item()',
      'tf.randomNormal([4]).array()',
      'tf.setSeed(1)',
      'tape.gradient(tf.mean(h), w1)',
      'tf.dropout(h, 0.5)',
      'tf.grad((v: never) => v)',
      'tf.tidy(() => tf.sum(w1))',
      'tf.step()',
    ];
    for (let pause = 0; pause < 6; pause++) {
      for (const watch of watches) {
        await client.evaluate(watch, pause % 2 ? 'watch' : 'hover').catch(() => {});
      }
      const { Module, Block } = await scopes(client);
      for (const each of [Module, Block]) if (each) await children(client, each);
      if (pause === 3) await opBreakpoints(client, 'after matMul', '∇relu');
      await client.step('continue');
    }
    await opBreakpoints(client);
    await client.breakpoints(training);
    assert.equal(await finish(client), plain);
  }));

test('an evaluation that runs out of time leaves a program that trains on', async (t) => {
  const before = { ...limits };
  Object.assign(limits, { watch: 0.3, repl: 0.3 });
  t.after(() => Object.assign(limits, before));
  const loops = {
    matMul: '(() => { const big = tf.ones([400, 400]); for (;;) tf.matMul(big, big); })()',
    'gradient()': '(() => { for (;;) tf.grads((a) => tf.sum(tf.relu(a)))([h]); })()',
    tidy: 'tf.tidy(() => { for (;;) tf.add(w1, 1); })',
    'a tape of its own':
      '(() => { for (;;) { const t = new tf.GradientTape(); tf.mul(w1, w1); } })()',
    'the random generator': '(() => { for (;;) tf.randomNormal([8]); })()',
    'a loop of the user': 'forever()',
    'a loop without ops': '(() => { for (;;); })()',
  };
  for (const [name, loop] of Object.entries(loops)) {
    for (const context of ['watch', 'repl']) {
      await t.test(`${name}, in the ${context}`, () =>
        debug(async (client) => {
          await inTheLoop(client);
          await assert.rejects(client.evaluate(loop, context), /ended after 0\.3 s/);
          assert.equal(await client.evaluate('losses.length', 'watch'), '0');
          await client.step('continue');
          await client.breakpoints(training);
          assert.equal(await finish(client), plain);
        }),
      );
    }
  }
});

test('a loop is ended also where no code of the user’s runs', (t) => {
  const before = { ...limits };
  Object.assign(limits, { watch: 0.2, repl: 0.2 });
  t.after(() => Object.assign(limits, before));
  return debug(async (client) => {
    await client.launch(fixture('idle.ts'));
    await client.go();
    await client.until(() => client.printed().includes('\n') || undefined, 'the start');
    await client.request('pause', { threadId: 1 });
    await client.stopped();
    for (const context of ['watch', 'repl'])
      await assert.rejects(client.evaluate('for (;;);', context), /ended after 0\.2 s/);
    assert.equal(await client.evaluate('globalThis.seen = [1], seen[0] + 1'), '2');
    assert.equal(await client.evaluate('seen.length', 'watch'), '1');
    await assert.rejects(client.evaluate('missing'), /missing is not defined/);
  });
});

test('the console runs as the program does: what it records and draws stays', () =>
  debug(async (client) => {
    await inTheLoop(client);
    await client.evaluate('tf.randomNormal([1])');
    await client.breakpoints(training);
    const printed = await finish(client);
    assert.notEqual(printed, plain);
    assert.equal(printed.split(' ')[0], plain.split(' ')[0]);
  }));

test('says in plain words what cannot be evaluated', () =>
  debug(async (client) => {
    await inTheLoop(client);
    const says = (text: string) => client.evaluate(text).then(String, (e: Error) => e.message);
    assert.match(await says('await 1'), /^Nothing can be awaited here/);
    assert.match(await says('const q = await fetch("x")'), /^Nothing can be awaited here/);
    assert.match(await says('1 +'), /^That is not JavaScript/);
    assert.match(await says('nowhere'), /nowhere is not defined/);
    assert.match(await says('nowhere = 1'), /nowhere is not defined/);
    assert.match(await says('tf.matMul(h, h)'), /^matMul: .*\[64,16\]/);
    assert.equal(await says('throw 3'), 'Thrown: 3');
    assert.equal(await says('const q = 4, r = 5;'), '5');
    assert.equal(await says('q * r'), '20');
    assert.equal(await says('{a: 1, b: "two"}'), "{a: 1, b: 'two'}");
    assert.match(await says('h'), /^f32\[64,16\] cpu {2}mean /);
  }));

test('the clipboard gets whole values', () =>
  debug(async (client) => {
    await inTheLoop(client);
    const copied = (text: string) => client.evaluate(text, 'clipboard');
    assert.equal(await copied('tf.tensor([[1, 0.1], [NaN, -0.5]])'), '[[1,0.1],["NaN",-0.5]]');
    assert.equal(await copied('"as it is"'), 'as it is');
    assert.equal(await copied('({ a: [1n, null] })'), '{\n  "a": [\n    "1",\n    null\n  ]\n}');
  }));

test('what the clipboard has to call leaves no trace', () =>
  debug(async (client) => {
    await inTheLoop(client);
    await client.evaluate('tf.setSeed(1)');
    const drawn = await client.evaluate('tf.randomNormal([]).item()');
    await client.evaluate('tf.setSeed(1)');
    const asks = '({ get drawn() { return tf.randomNormal([]).item(); } })';
    assert.match(await client.evaluate(asks, 'clipboard'), new RegExp(`"drawn": ${drawn}`));
    assert.equal(await client.evaluate('tf.randomNormal([]).item()'), drawn);
  }));

test('a proxy is not asked whether it is a tensor', () =>
  debug(async (client) => {
    await inTheLoop(client);
    const traps = 'getPrototypeOf() { globalThis.trapped = true; return null; }';
    assert.equal(await client.evaluate(`new Proxy({}, { ${traps} })`), 'Proxy');
    assert.equal(await client.evaluate('globalThis.trapped'), 'undefined');
  }));

test('completes names in sight and members behind a dot, without calling anything', () =>
  debug(async (client) => {
    await inTheLoop(client);
    const complete = async (text: string) => {
      const { targets } = await client.request<{ targets: { label: string; start: number }[] }>(
        'completions',
        { text, column: text.length + 1, frameId: (await client.stack())[0]!.id },
      );
      return targets;
    };
    const labels = (targets: readonly { label: string }[]) => targets.map(({ label }) => label);
    assert.deepEqual(labels(await complete('1 + los')), ['loss', 'losses']);
    const [first] = await complete('tf.matM');
    assert.equal(first?.label, 'matMul');
    assert.equal(first?.start, 3);
    assert.ok(labels(await complete('h.')).includes('softmax'));
    assert.deepEqual(labels(await complete('nowhere.')), []);
  }));
