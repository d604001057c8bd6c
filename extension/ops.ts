/** What the op buttons do: they speak to the session that has the focus. */
import * as vscode from 'vscode';
import ops from '../engine/ops.json' with { type: 'json' };
import {
  TYPE,
  type Answer,
  type Arguments,
  type Name,
  type RunTo,
} from '../debug-adapter/protocol.ts';
import { choices, logging, type Choice } from './op-choices.ts';

export const next = () => ask('tapedeck/nextOp', {});
export const finish = () => ask('tapedeck/finishOp', {});
export const lastFinite = () => ask('tapedeck/travel', { how: 'finite' });
export const into = () => ask('tapedeck/intoOp', {});
export const out = () => ask('tapedeck/outOfOp', {});
export const undoEdit = () => ask('tapedeck/undoEdit', {});
export const redoEdit = () => ask('tapedeck/redoEdit', {});
export const runTo = (to: RunTo) => ask('tapedeck/runTo', to);

export async function runToOp(): Promise<void> {
  const name = await chosen('Run to Op', 'run to');
  if (name !== undefined) await runTo({ to: 'op', name });
}

/** Of what the line with the cursor called. */
export async function runToGradientOfLine(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const line = editor.selection.active.line + 1;
  await runTo({ to: 'gradient', path: editor.document.uri.fsPath, line });
}

/** An op breakpoint is a function breakpoint with the name of an op, so that it stands in the editor's own list. */
export async function addBreakpoint(): Promise<void> {
  const name = await chosen('Add Op Breakpoint', 'stop at');
  if (name !== undefined) vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name, true)]);
}

/** One that says something and goes on: the editor has no field for that, so the name holds the message. */
export async function addLogpoint(): Promise<void> {
  const name = await chosen('Add Op Logpoint', 'log at');
  if (name === undefined) return;
  const message = await vscode.window.showInputBox({
    title: 'Add Op Logpoint',
    prompt: 'What to log. Expressions over op, inputs, out, step and stats(t) stand in { }.',
    value: '{op.path}: {stats(out)}',
  });
  if (!message) return;
  vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(logging(name, message), true)]);
}

/** The name that was picked or typed; undefined where the person thought better of it. */
function chosen(title: string, what: string): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = `The op to ${what}. Type * for any part of a name, / for a layer: encoder/* if step > 5`;
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
