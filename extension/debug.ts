/**
 * The debug type: which configurations there are when nobody wrote any, what
 * is filled in and what is refused before a program starts, and where the
 * adapter runs.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { inline, type Lendings } from '../debug-adapter/index.ts';
import { TYPE } from '../debug-adapter/protocol.ts';
import { LANGUAGES } from './languages.ts';
import { setting } from './settings.ts';

export function register(context: vscode.ExtensionContext): vscode.Disposable[] {
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return [
    vscode.debug.registerDebugConfigurationProvider(TYPE, new Configurations(), Initial),
    vscode.debug.registerDebugConfigurationProvider(TYPE, { provideDebugConfigurations }, Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, new Adapters(context)),
  ];
}

/** `▷`: runs the file of the editor title, or else the one that is open, and asks nothing. */
export async function start(file: vscode.Uri | undefined, how: 'debug' | 'profile'): Promise<void> {
  const uri = file ?? chosenFile();
  if (!uri) return;
  const program = configurationOf(uri);
  await vscode.debug.startDebugging(
    vscode.workspace.getWorkspaceFolder(uri),
    how === 'debug' ? program : profiled(program),
    { noDebug: how === 'profile' },
  );
}

/** Runs a file without stopping, and keeps a record of the run where the person says. */
export async function record(file: vscode.Uri | undefined): Promise<void> {
  const uri = file ?? chosenFile();
  if (!uri) return;
  const to = await vscode.window.showSaveDialog({
    title: 'Record Run',
    defaultUri: vscode.Uri.file(uri.fsPath.replace(/\.\w+$/, '.run')),
    filters: RUNS,
  });
  if (to) await startWith(uri, 'Record', { record: to.fsPath }, true);
}

/** Debugs a file beside the record of a run that the person chooses. */
export async function compare(file: vscode.Uri | undefined): Promise<void> {
  const uri = file ?? chosenFile();
  if (!uri) return;
  const [from] =
    (await vscode.window.showOpenDialog({
      title: 'Compare with Reference',
      defaultUri: vscode.Uri.file(path.dirname(uri.fsPath)),
      filters: RUNS,
    })) ?? [];
  if (from) await startWith(uri, 'Compare', { reference: from.fsPath }, false);
}

const RUNS = { 'Recorded runs': ['run'] };

async function startWith(uri: vscode.Uri, verb: string, more: object, noDebug: boolean) {
  const program = configurationOf(uri);
  const name = program.name.replace(/^Debug/, verb);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  await vscode.debug.startDebugging(folder, { ...program, ...more, name }, { noDebug });
}

function configurationOf({ fsPath }: vscode.Uri): vscode.DebugConfiguration {
  const name = `Debug ${path.basename(fsPath)}`;
  return { type: TYPE, request: 'launch', name, program: fsPath };
}

function profiled(program: vscode.DebugConfiguration): vscode.DebugConfiguration {
  return { ...program, name: program.name.replace(/^Debug/, 'Profile'), profile: true };
}

/** What "Select and Start Debugging…" offers besides launch.json: the open file, in both ways. */
function provideDebugConfigurations(): vscode.DebugConfiguration[] {
  const document = openProgram();
  if (!document) return [];
  const program = configurationOf(document.uri);
  return [program, profiled(program)];
}

class Configurations implements vscode.DebugConfigurationProvider {
  /** What "create a launch.json file" writes. */
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const program = { type: TYPE, request: 'launch', program: '${file}' };
    return [
      { ...program, name: 'Debug this file' },
      { ...program, name: 'Profile this file', profile: true },
    ];
  }

  /** F5 where there is no launch.json comes with an empty configuration: the open file is meant. */
  resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    if (!vscode.workspace.isTrusted) {
      return refuse(
        'Tapedeck runs nothing in a workspace that is not trusted. Trust it (Manage Workspace Trust) to debug its programs.',
      );
    }
    const filled = { ...configuration };
    if (!configuration.type && !configuration.request && !configuration.name) {
      const file = chosenFile();
      if (!file) return undefined;
      Object.assign(filled, configurationOf(file));
    }
    // The console would come in front of the terminal that the program waits in.
    if (filled['console'] === 'integratedTerminal') filled.internalConsoleOptions ??= 'neverOpen';
    const node = setting('tapedeck.node', vscode.workspace.getConfiguration(undefined, folder));
    if (node) filled['runtimeExecutable'] ??= node;
    return filled;
  }

  /** What else is wrong the adapter says, to every editor alike; only the folder is not known to it. */
  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const { program, cwd } = configuration;
    const paths = [folder?.uri.fsPath, cwd].filter((each) => typeof each === 'string');
    if (typeof program !== 'string' || !program || paths.length === 0) return configuration;
    const base = path.resolve(...paths);
    return {
      ...configuration,
      program: path.resolve(base, program),
      ...(typeof cwd === 'string' && { cwd: base }),
    };
  }
}

class Adapters implements vscode.DebugAdapterDescriptorFactory {
  readonly #executable: string;
  readonly #lent: Lendings;

  constructor(context: vscode.ExtensionContext) {
    const built = (file: string) => context.asAbsolutePath(path.join('dist', file));
    const typescript = path.join(vscode.env.appRoot, 'extensions', 'node_modules', 'typescript');
    this.#executable = built('debug-adapter.js');
    this.#lent = {
      preload: pathToFileURL(built('debuggee/preload.js')),
      engine: pathToFileURL(built('engine/index.js')),
      // The editor's own, for syntax that is more than types; not every build of it has one.
      ...(existsSync(typescript) && { typescript }),
    };
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const configuration = vscode.workspace.getConfiguration(undefined, session.workspaceFolder);
    if (setting('tapedeck.debugAdapter', configuration) === 'inline') {
      return new vscode.DebugAdapterInlineImplementation(inline(this.#lent));
    }
    // Inside the desktop editor execPath is Electron, which this variable turns into a plain Node.
    const env = { ELECTRON_RUN_AS_NODE: '1' };
    return new vscode.DebugAdapterExecutable(process.execPath, [this.#executable], { env });
  }
}

function openProgram(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && LANGUAGES.includes(document.languageId) ? document : undefined;
}

/** The open file where it can be run, else the reason is shown. */
function chosenFile(): vscode.Uri | undefined {
  const document = openProgram();
  if (document?.isUntitled) return refuse('Save the file first: Node runs files from the disk.');
  return document
    ? document.uri
    : refuse('Open a TypeScript or JavaScript file first: Tapedeck runs the file in the editor.');
}

/** Says why nothing starts. Whoever gets undefined from here starts nothing, and has nothing to add. */
function refuse(why: string): undefined {
  void vscode.window.showErrorMessage(why, { modal: true });
}
