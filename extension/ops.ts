/** What the op buttons do: they speak to the session that has the focus. */
import * as vscode from 'vscode';
import { TYPE, type Answer, type Arguments, type Name } from '../debug-adapter/protocol.ts';

export const next = () => ask('tapedeck/nextOp', {});
export const finish = () => ask('tapedeck/finishOp', {});

/** An op breakpoint is a function breakpoint with the name of an op, so that it stands in the editor's own list. */
export async function addBreakpoint(): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: 'Add Op Breakpoint',
    prompt: 'The op to stop at, forward or (with ∇) backward. * stands for any part of the name.',
    placeHolder: 'matMul, ∇matMul, *',
    validateInput: (text) => (text.trim() ? undefined : 'Type the name of an op.'),
  });
  if (name === undefined) return;
  vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name.trim(), true)]);
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
