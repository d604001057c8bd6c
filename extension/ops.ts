/** What the op buttons do: they speak to the session that has the focus. */
import * as vscode from 'vscode';
import ops from '../engine/ops.json' with { type: 'json' };
import { TYPE, type Answer, type Arguments, type Name } from '../debug-adapter/protocol.ts';
import { choices, type Choice } from './op-choices.ts';

export const next = () => ask('tapedeck/nextOp', {});
export const finish = () => ask('tapedeck/finishOp', {});
export const lastFinite = () => ask('tapedeck/travel', { how: 'finite' });

/** An op breakpoint is a function breakpoint with the name of an op, so that it stands in the editor's own list. */
export async function addBreakpoint(): Promise<void> {
  const name = await chosen();
  if (name !== undefined) vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name, true)]);
}

/** The name that was picked or typed; undefined where the person thought better of it. */
function chosen(): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = 'Add Op Breakpoint';
  pick.placeholder =
    'The op to stop at. Type * for any part of a name, / for a layer: encoder/* if step > 5';
  pick.items = choices(ops, '');
  pick.onDidChangeValue((typed) => (pick.items = choices(ops, typed)));
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.label);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

async function ask<N extends Name>(name: N, args: Arguments<N>): Promise<Answer<N> | undefined> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== TYPE) return undefined;
  try {
    return await session.customRequest(name, args);
  } catch (error) {
    await vscode.window.showErrorMessage((error as Error).message);
    return undefined;
  }
}
