/** How a program's modules are found and read. */
import assert from 'node:assert';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'modules-')));
after(() => rmSync(folder, { recursive: true }));

/** A program in a folder with nothing else in it. */
function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('finds TypeScript behind a .js ending, without an ending, and by require', () =>
  debug(async (client) => {
    await client.launch(fixture('modules/main.ts'));
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.equal(client.printed('stdout'), '2 8 3\n');
  }));

for (const file of ['using.ts', 'using.mjs'])
  test(`runs "using" in ${file}, also where the runtime has none`, () =>
    debug(async (client) => {
      await client.launch(fixture(file));
      await client.breakpoints(fixture(file), 8);
      await client.go();
      await client.stopped();
      assert.equal(await client.at(), '(anonymous):8');
      await client.request('continue', { threadId: 1 });
      assert.equal(await client.exited(), 0);
      assert.equal(client.printed('stdout'), 'inside, closed b, closed a\n');
    }));

test('runs decorators, at their own lines', () =>
  debug(async (client) => {
    await client.launch(fixture('decorated.ts'));
    await client.breakpoints(fixture('decorated.ts'), 11);
    await client.go();
    await client.stopped();
    assert.equal((await client.stack())[0]!.line, 11);
    assert.equal(await client.evaluate('sum'), '3');
  }));

test('a program that writes about source maps says what it says', () =>
  debug(async (client) => {
    const text = 'const made = `code\n//# sourceMappingURL=x.map\nmore`;\nconsole.log(made);\n';
    await client.launch(program('writes.mjs', text));
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.equal(client.printed('stdout'), 'code\n//# sourceMappingURL=x.map\nmore\n');
  }));

test('lends the engine to a folder that has none, and an error in it stops at the user’s line', () =>
  debug(async (client) => {
    const path = program(
      'lent.ts',
      "import * as tf from '@tapedeck/engine';\nconst a = tf.tensor([1, 2]);\ntf.matMul(a, tf.tensor([[1]]));\n",
    );
    await client.launch(path);
    await client.exceptions('uncaught');
    await client.go();
    const stop = await client.stopped();
    assert.equal(stop.reason, 'exception');
    assert.match(stop.text!, /matMul/);
    assert.equal(await client.at(), '(anonymous):3');
    assert.equal((await client.stack()).length, 1, 'frames of the engine are hidden');
  }));

test('a step over an op that fails stops at it', () =>
  debug(async (client) => {
    const path = join(folder, 'lent.ts');
    await client.launch(path, { stopOnEntry: true });
    await client.exceptions('uncaught');
    await client.breakpoints(path, 3);
    await client.go();
    await client.stopped();
    await client.step('continue');
    assert.equal((await client.step('next')).reason, 'exception');
    assert.equal(await client.at(), '(anonymous):3');
  }));

test('steps into what the user wrote, through the engine', () =>
  debug(async (client) => {
    const path = program(
      'callback.ts',
      "import * as tf from '@tapedeck/engine';\nconst y = tf.tidy(() => {\n  const x = tf.tensor([1]);\n  return x.add(1);\n});\nconsole.log(y.shape);\n",
    );
    await client.launch(path);
    await client.breakpoints(path, 2);
    await client.go();
    await client.stopped();
    const lines: number[] = [];
    for (let i = 0; i < 3; i++) {
      await client.step('stepIn');
      lines.push((await client.stack())[0]!.line);
    }
    assert.deepEqual(lines, [3, 4, 6]);
  }));

test('an own copy of the engine wins over the lent one', () =>
  debug(async (client) => {
    const own = join(folder, 'own');
    const engine = join(own, 'node_modules/@tapedeck/engine');
    cpSync(fixture('engine'), engine, { recursive: true });
    const path = join(own, 'main.ts');
    writeFileSync(path, "import { name } from '@tapedeck/engine';\nconsole.log(name);\n");
    await client.launch(path);
    await client.go();
    assert.equal(await client.exited(), 0);
    assert.equal(client.printed('stdout'), 'their own\n');
  }));

test('what is not TypeScript is told with its file, its line and the place in it', () =>
  debug(async (client) => {
    await client.launch(program('wrong.ts', 'let a = 1;\nlet b: number c;\n'));
    await client.go();
    assert.equal(await client.exited(), 1);
    const told = client.printed('stderr');
    assert.match(told, /wrong\.ts:2\nlet b: number c;\n {14}\^\n\nSyntaxError: \S/);
    const frames = told.match(/^ +at .*/gm)!;
    assert.equal(frames.length, 1, 'who read the file is no news');
    assert.match(frames[0]!, /wrong\.ts:2:15$/);
  }));

for (const noDebug of [false, true])
  test(`an error of an op is printed with the user's frames${noDebug ? ', also without debugging' : ''}`, () =>
    debug(async (client) => {
      const path = program(
        'unfit.ts',
        "import * as tf from '@tapedeck/engine';\nconst a = tf.ones([2, 3]);\na.matMul(a);\n",
      );
      await client.launch(path, { noDebug });
      await client.go();
      assert.equal(await client.exited(), 1);
      const told = client.printed('stderr');
      assert.match(told, /Error: matMul: inner sizes differ.*\n +at .*unfit\.ts:3:3\n/);
      assert.doesNotMatch(told, /^ +at .*\/(engine|debuggee)\//m);
    }));

test('a file behind a link keeps the name the user knows', () =>
  debug(async (client) => {
    const link = join(folder, 'linked');
    symlinkSync(fixture('.'), link);
    const path = join(link, 'lines.ts');
    await client.launch(path);
    await client.breakpoints(path, 9);
    await client.go();
    await client.stopped();
    assert.equal((await client.stack())[0]!.source!.path, path);
  }));

test('skipped files are stepped through and shown in grey', () =>
  debug(async (client) => {
    const path = fixture('modules/main.ts');
    await client.launch(path, { skipFiles: ['**/modules/half.ts'] });
    await client.breakpoints(path, 6);
    await client.go();
    await client.stopped();
    const visited: string[] = [];
    for (let i = 0; i < 4; i++) {
      await client.step('stepIn');
      visited.push((await client.stack())[0]!.source!.name!);
    }
    assert.ok(!visited.includes('half.ts'), String(visited));
    assert.ok(visited.includes('double.ts'), String(visited));
    await client.breakpoints(fixture('modules/half.ts'), 1);
    await client.request('restart');
    await client.event('stopped');
    const stack = await client.stack();
    const half = stack.find(({ source }) => source?.name === 'half.ts');
    assert.ok(!half || half.source!.presentationHint === 'deemphasize');
  }));
