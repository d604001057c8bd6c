/** That VS Code takes the extension as its manifest describes it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../extension/commands.ts';
import { tools } from '../../extension/tools.ts';
import { setting, settings, type SettingName } from '../../extension/settings.ts';

suite('activation', () => {
  test('every command of the table can be run', async () => {
    await vscode.extensions.getExtension('tapedeck.tapedeck')!.activate();
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.keys(commands).filter((id) => !known.has(id)),
      [],
    );
  });

  test('settings have the defaults of the table', () => {
    for (const name of Object.keys(settings) as SettingName[]) {
      assert.equal(setting(name, vscode.workspace.getConfiguration()), settings[name].default);
    }
  });

  test('both trees are in the Run and Debug view', async () => {
    const known = await vscode.commands.getCommands(true);
    for (const view of ['tapedeck.tensors', 'tapedeck.tape'])
      assert.ok(known.includes(`${view}.focus`));
  });

  test('language models are lent every tool, and are told that nothing is paused', async () => {
    const known = new Set(vscode.lm.tools.map(({ name }) => name));
    for (const name of Object.keys(tools)) assert.ok(known.has(name), name);
    const call = { input: {}, toolInvocationToken: undefined };
    await assert.rejects(
      async () => vscode.lm.invokeTool('tapedeck_listTensors', call),
      /No program is paused in Tapedeck/,
    );
  });
});
