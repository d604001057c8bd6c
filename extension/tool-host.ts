/** Lends the tools of tools.ts to the editor's language models. */
import * as vscode from 'vscode';
import { TYPE } from '../debug-adapter/protocol.ts';
import { answer, tools, type Asked, type ToolName } from './tools.ts';

export function register(): vscode.Disposable[] {
  return (Object.keys(tools) as ToolName[]).map((name) =>
    vscode.lm.registerTool<{ readonly [name: string]: unknown }>(name, {
      prepareInvocation: () => ({ invocationMessage: `Tapedeck: ${tools[name].title}` }),
      async invoke({ input }) {
        const text = await answer(name, asked(), input);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      },
    }),
  );
}

function asked(): Asked | null {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== TYPE) return null;
  const ask = (name: string, args: object) => session.customRequest(name, args) as Promise<any>;
  return { own: ask, stock: ask };
}
