/** Debug sessions that are started inside VS Code. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { breakAt, Debugging, program } from './debugging.ts';

const launch = (name: string) => ({
  type: 'tapedeck',
  request: 'launch',
  name,
  program: program(name),
});

suite('debugging', () => {
  let debugging: Debugging;
  const settings = () => vscode.workspace.getConfiguration('tapedeck');

  setup(() => (debugging = new Debugging()));
  teardown(async () => {
    await debugging.end();
    await settings().update('debugAdapter', undefined, vscode.ConfigurationTarget.Global);
  });

  for (const where of ['inline', 'executable']) {
    test(`stops on a line and runs on, with the adapter ${where}`, async () => {
      await settings().update('debugAdapter', where, vscode.ConfigurationTarget.Global);
      breakAt(program('sum.ts'), 8);
      assert.ok(await vscode.debug.startDebugging(undefined, launch('sum.ts')));
      const { reason, threadId } = await debugging.event('stopped');
      assert.equal(reason, 'breakpoint');
      const [inner, outer] = await debugging.frames(threadId);
      assert.equal(inner, 'sum sum.ts:8');
      assert.match(outer!, / sum\.ts:11$/);
      await debugging.ask('continue', { threadId });
      await debugging.event('terminated');
      assert.match(debugging.output.join(''), /the sum is 55/);
    });
  }

  test('the open file is debugged without a configuration', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(program('sum.ts')));
    breakAt(program('sum.ts'), 11);
    await vscode.commands.executeCommand('tapedeck.debugFile');
    await debugging.event('stopped');
    assert.equal(vscode.debug.activeDebugSession?.name, 'Debug sum.ts');
  });

  test('a folder that is not absolute lies in the folder of the workspace', async () => {
    const [folder] = vscode.workspace.workspaceFolders!;
    const relative = (file: string) => path.relative(folder!.uri.fsPath, file);
    const cwd = relative(path.dirname(program('sum.ts')));
    await vscode.debug.startDebugging(folder, { ...launch('sum.ts'), program: 'sum.ts', cwd });
    await debugging.event('terminated');
    assert.match(debugging.output.join(''), /the sum is 55/);
  });

  test('a program that is not there starts nothing', async () => {
    const started = await vscode.debug.startDebugging(undefined, launch('missing.ts')).then(
      (yes) => yes,
      () => false,
    );
    assert.equal(started, false);
  });

  test('Next Op stops before the op, Finish Op behind it', async () => {
    const file = program('product.ts');
    breakAt(file, 7);
    await vscode.debug.startDebugging(undefined, launch('product.ts'));
    const { threadId } = await debugging.event('stopped');
    await vscode.commands.executeCommand('tapedeck.nextOp');
    await debugging.event('stopped');
    assert.match((await debugging.frames(threadId))[0]!, /^matMul .*product\.ts:7$/);
    await vscode.commands.executeCommand('tapedeck.finishOp');
    await debugging.event('stopped');
    assert.match((await debugging.frames(threadId))[0]!, /matMul/);
  });

  test('an op breakpoint is one of the editor', async () => {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('biasAdd')]);
    await vscode.debug.startDebugging(undefined, launch('product.ts'));
    const { threadId } = await debugging.event('stopped');
    assert.match((await debugging.frames(threadId))[0]!, /^biasAdd .*product\.ts:8$/);
  });
});
