/** What the extension does, as a list. */
import * as vscode from 'vscode';
import * as views from '../views/index.ts';
import { commands, type Command, type Rooms } from './commands.ts';
import * as debug from './debug.ts';
import * as project from './language/project.ts';
import * as values from './language/values.ts';
import * as ops from './ops.ts';
import * as toolHost from './tool-host.ts';

export function activate(context: vscode.ExtensionContext): void {
  const rooms: Rooms = { debug, ops, project, views: views.register(context) };
  context.subscriptions.push(...debug.register(context), values.register(), ...toolHost.register());
  for (const [id, command] of Object.entries<Command>(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, (...chosen) => command.run(rooms, ...chosen)),
    );
  }
}
