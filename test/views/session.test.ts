/** What trees and panels do while a session starts, pauses, runs and ends. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type * as vscode from 'vscode';
import { made, Session, Uri } from '../kit/vscode.ts';
import { fakeTensor } from '../kit/tensors.ts';
import { profileOf } from '../kit/profiles.ts';
import type { OpRecord } from '../../debug-adapter/protocol.ts';
import { connect, type HostOf, type PageOf } from '../../views/rpc.ts';

const { register } = await import('../../views/index.ts');
const subscriptions: vscode.Disposable[] = [];
const context = { subscriptions, extensionUri: Uri.file('/extension') };
const views = register(context as unknown as vscode.ExtensionContext);
after(() => {
  for (const disposable of subscriptions) disposable.dispose();
});
const tree = (name: string) => made.trees.get(`tapedeck.${name}`)!;

/** Until something is so; fails after two seconds. */
async function until(so: () => unknown): Promise<void> {
  for (let i = 0; i < 200 && !so(); i++) await wait(10);
  assert.ok(so(), String(so));
}

const h = fakeTensor({ shape: [4, 6], id: 3, name: 'h', group: 'variable' }, ([row]) => row!);
const node = (index: number, gradient = false) => ({
  index,
  op: 'add',
  path: 'add',
  inputs: [{ name: 'a', id: 3, shape: [4, 6], dtype: 'f32', node: index > 0 ? index - 1 : null }],
  outputs: [{ name: 'out', id: 4, shape: [4, 6], dtype: 'f32' }],
  saved: [],
  bytes: 0,
  ...(gradient && { gradient: h.tensor }),
});

function paused(session: Session): void {
  session.event('stopped', { reason: 'step' });
}

test('trees ask at a pause, keep what they show while the program runs, and empty at the end', async () => {
  let alive = [h.tensor];
  let gradient = false;
  const tape = { id: 1, state: 'recording', persistent: false, nodes: 450, bytes: 96 };
  const session = new Session('1', {
    'tapedeck/tensors': () => ({ tensors: alive, total: alive.length, bytes: 96 }),
    'tapedeck/tapes': () => ({ tapes: [tape] }),
    'tapedeck/tape': ({ start, count }: { start: number; count: number }) => ({
      nodes: Array.from({ length: count }, (_, at) => node(start + at, gradient)),
    }),
  });
  const changes = () => [tree('tensors').changes, tree('tape').changes];
  const [tensors, tapes] = changes() as [number, number];
  session.start();
  await wait(100);
  assert.deepEqual(session.asked, []);
  paused(session);
  await until(() => String(changes()) === String([tensors + 1, tapes + 1]));
  assert.equal(
    await tree('tensors').outline(),
    'Variables  1 · 96 B\n  h  f32[4,6] · 96 B · mean 1.5 sd 1.118\n',
  );
  assert.equal(
    await tree('tape').outline(2),
    `Tape 1  recording · 450 nodes · 96 B
  Nodes 0 to 199
  Nodes 200 to 399
  Nodes 400 to 449
`,
  );
  const [row] = (await tree('tape').provider.getChildren()) as unknown[];
  const [page] = (await tree('tape').provider.getChildren(row)) as unknown[];
  const before = await tree('tape').ids(page);
  assert.equal(before.length, 200);

  session.resumes('next');
  await wait(100);
  assert.deepEqual(changes(), [tensors + 1, tapes + 1]);
  assert.match(await tree('tensors').outline(), /h {2}f32/);
  alive = [];
  gradient = true;
  paused(session);
  await until(() => String(changes()) === String([tensors + 2, tapes + 2]));
  assert.equal(tree('tensors').message, 'No tensor is alive here.');
  // The page that was open has been asked for before the tree was told, and its rows keep their ids.
  const asked = session.asked.length;
  assert.deepEqual(await tree('tape').ids(page), before);
  assert.equal(session.asked.length, asked);

  session.end();
  assert.equal(await tree('tape').outline(), '');
  assert.equal(tree('tape').message, 'The program has ended.');
});

test('what the program has outrun is empty, and no message', async () => {
  const tape = { id: 2, state: 'recording', persistent: false, nodes: 3, bytes: 96 };
  const session = new Session('1a', {
    'tapedeck/tensors': () => ({ tensors: [], total: 0, bytes: 0 }),
    'tapedeck/tapes': () => ({ tapes: [tape] }),
    'tapedeck/tape': () => {
      throw new Error('tape 2 is gone');
    },
  });
  const before = tree('tape').changes;
  session.start();
  paused(session);
  await until(() => tree('tape').changes > before);
  assert.equal(await tree('tape').outline(), 'Tape 2  recording · 3 nodes · 96 B\n');
  session.end();
});

test('a tree that is not visible asks nothing until it is', async () => {
  const session = new Session('2', {
    'tapedeck/tensors': () => ({ tensors: [h.tensor], total: 1, bytes: 96 }),
    'tapedeck/tapes': () => ({ tapes: [] }),
  });
  tree('tensors').visible = false;
  session.start();
  paused(session);
  await until(() => session.asked.includes('tapedeck/tapes'));
  assert.deepEqual(session.asked, ['tapedeck/tapes']);
  tree('tensors').show(true);
  await until(() => session.asked.includes('tapedeck/tensors'));
  session.end();
});

test('an answer that the program outran is not shown', async () => {
  let answer: (value: unknown) => void = () => {};
  const session = new Session('3', {
    'tapedeck/tensors': () => new Promise((take) => (answer = take)),
    'tapedeck/tapes': () => {
      throw new Error('the program is running');
    },
  });
  session.start();
  paused(session);
  await until(() => session.asked.includes('tapedeck/tensors'));
  const before = tree('tensors').changes;
  const late = answer;
  session.resumes();
  paused(session);
  await until(() => session.asked.filter((name) => name === 'tapedeck/tensors').length === 2);
  late({ tensors: [], total: 0, bytes: 0 });
  await wait(20);
  assert.equal(tree('tensors').changes, before);
  answer({ tensors: [h.tensor], total: 1, bytes: 96 });
  await until(() => tree('tensors').changes === before + 1);
  assert.equal(tree('tape').message, 'the program is running');
  session.end();
});

test('an editor opened on an expression follows what it means, and holds no more than that', async () => {
  const held = new Set<number>();
  let meant = h.tensor;
  const session = new Session('4', {
    'tapedeck/tensorOf': () => ({ tensor: meant }),
    'tapedeck/tensor': ({ ref }: { ref: { id: number; expression?: string } }) => ({
      tensor: ref.expression === 'h' ? meant : null,
    }),
    'tapedeck/hold': ({ id, on }: { id: number; on: boolean }) => {
      if (on) held.add(id);
      else held.delete(id);
      return {};
    },
    'tapedeck/window': ({ id }: { id: number }) => {
      if (id !== meant.id) throw new Error(`tensor ${id} is not shown any more`);
      return { text: ['</script>'] };
    },
    'tapedeck/setElement': ({ value }: { value: string }) => {
      throw new Error(`${value} is not a number`);
    },
  });
  session.start();
  paused(session);
  const variable = {
    container: { variablesReference: 9 },
    variable: { name: 'h', evaluateName: 'h' },
  };
  await views.openTensor(variable);
  await views.openTensor(variable);
  assert.equal(made.panels.length, 1);
  const [panel] = made.panels;
  assert.equal(panel!.revealed, 1);
  await until(() => panel!.webview.html);
  assert.match(panel!.webview.html, /script-src 'nonce-/);
  // All that the page begins with stands in it; nothing ends the element it stands in.
  assert.match(
    panel!.webview.html,
    /<script nonce="[^"]+">\/\* \/extension\/dist\/views\/tensor.js \*\//,
  );
  assert.match(
    panel!.webview.html,
    /"paused":true,.*"id":3,.*"rows":\[0,4\].*"text":\["\\u003c\/script>"\]/s,
  );
  assert.doesNotMatch(panel!.webview.html, /unsafe|style="/);

  const told: unknown[] = [];
  const host = connect<HostOf<'tensor'>, PageOf<'tensor'>>(panel!.wire, {
    changed: (tensor, isPaused) => void told.push([tensor?.id, isPaused]),
  });
  assert.equal((await host.open()).tensor!.id, 3);
  assert.deepEqual([...held], [3]);
  await assert.rejects(host.write(3, [0, 0], 'one'), new Error('one is not a number'));
  session.resumes('next');
  await until(() => told.length === 1);
  meant = { ...meant, id: 5 };
  paused(session);
  await until(() => told.length === 2);
  assert.deepEqual(told, [
    [3, false],
    [5, true],
  ]);
  assert.deepEqual([...held], [5]);
  panel!.dispose();
  await until(() => held.size === 0);
  // What a tree still shows, and the program has no longer, is left to the page to ask for.
  await views.openTensor({ ...meant, id: 3 });
  await until(() => made.panels.at(-1)!.webview.html);
  assert.match(made.panels.at(-1)!.webview.html, /id="first">null</);
  made.panels.at(-1)!.dispose();
  session.end();
});

test('an answer to an editor that was closed meanwhile is nobody’s', async () => {
  let answer = (_: object) => {};
  const session = new Session('8', {
    'tapedeck/tensor': () => ({ tensor: h.tensor }),
    'tapedeck/hold': () => ({}),
    'tapedeck/window': () => new Promise((resolve) => (answer = resolve)),
  });
  session.start();
  paused(session);
  await views.openTensor(h.tensor);
  const panel = made.panels.at(-1)!;
  const host = connect<HostOf<'tensor'>, PageOf<'tensor'>>(panel.wire, { changed: () => {} });
  await host.open();
  void host.window(3, {} as never);
  await until(() => session.asked.includes('tapedeck/window'));
  panel.dispose();
  answer({ text: [] });
  // What nobody handles would fail this test.
  await wait(20);
  session.end();
});

test('what cannot be opened is said in a sentence', async () => {
  await views.openTensor(h.tensor);
  assert.match(made.errors.at(-1)!, /Start the program with Tapedeck first/);
});

test('a profile is gathered while the program runs, once more when it ends, and opens by itself', async () => {
  const all = profileOf(3);
  const ready = 10;
  const profiled = ({ from }: { from: number }) => ({
    ...all,
    records: all.records.slice(from, ready),
  });
  const session = new Session('5', { 'tapedeck/profiled': profiled }, { profile: true });
  const before = made.panels.length;
  session.start();
  await wait(600);
  assert.deepEqual(session.asked, []);
  session.event('tapedeck/profiling', { on: true, records: 0 });
  await until(() => made.panels.length === before + 1);
  const records: OpRecord[] = [];
  const states: string[] = [];
  const host = connect<HostOf<'flame'>, PageOf<'flame'>>(made.panels.at(-1)!.wire, {
    added: (part) => void records.push(...part.records),
    recording: ({ on, program }) => void states.push(`${program} ${on}`),
  });
  assert.deepEqual(await host.open(), { on: true, program: 'running' });
  assert.equal(made.contexts.get('tapedeck.profiling'), true);
  await until(() => records.length === 10);
  const rest = { ...all, from: 8, records: all.records.slice(8) };
  session.event('tapedeck/records', rest);
  session.event('tapedeck/profiling', { on: false, records: all.records.length });
  session.end();
  await until(() => records.length === all.records.length);
  assert.equal(states.at(-1), 'ended false');
  assert.equal(made.contexts.get('tapedeck.profiling'), false);
});

test('a program that has ended before the editor noticed its start leaves its profile all the same', async () => {
  const session = new Session('6', { 'tapedeck/profiled': () => profileOf(0) }, { profile: true });
  const panel = made.panels.at(-1)!;
  const records: OpRecord[] = [];
  connect<HostOf<'flame'>, PageOf<'flame'>>(panel.wire, {
    added: (part) => void records.push(...part.records),
    recording: () => {},
  });
  session.attach();
  session.event('tapedeck/profiling', { on: true, records: 0 });
  session.event('tapedeck/records', { ...profileOf(1), from: 0 });
  session.end();
  await until(() => records.length === profileOf(1).records.length);
});
