/**
 * Registers every view with the editor. The ids and commands stand in the
 * manifest; what a command does to a view is a method here.
 */
import * as vscode from 'vscode';
import type { LiveTensor, Place } from '../debug-adapter/protocol.ts';
import { flameChart } from './flame/host.ts';
import { sentence } from './rpc.ts';
import { ask, follow, type Followed } from './session.ts';
import { tensorEditors, type TensorEditors } from './tensor/host.ts';
import { comparisonTree } from './trees/comparison.ts';
import { tapeTree, type TapeElement } from './trees/tape.ts';
import { tensorsTree } from './trees/tensors.ts';

export interface Views {
  /** Opens what was chosen: a row of a tree, a row of Variables; asks for an expression where nothing was. */
  openTensor(chosen?: unknown): Promise<void>;
  /** Shows the past before the op that gave a variable the value it has. */
  lastWrite(chosen?: unknown): Promise<void>;
  openFlameChart(): void;
  /** Starts recording op times, or stops and shows them. */
  profile(on: boolean): Promise<void>;
  /** Opens the line a row came from. */
  goToLine(chosen?: unknown): Promise<void>;
  /** From an input of a tape node to the node that made it. */
  goToNode(chosen?: unknown): Promise<void>;
  refreshTensors(): void;
  refreshTape(): void;
}

export function register(context: vscode.ExtensionContext): Views {
  const deck = follow(context.subscriptions);
  const tensors = tensorsTree(deck, context.subscriptions);
  comparisonTree(deck, context.subscriptions);
  const tape = tapeTree(deck, context.subscriptions);
  const editors = tensorEditors(context.extensionUri, deck, context.subscriptions);
  const flame = flameChart(context.extensionUri, deck, openPlace, context.subscriptions);
  return {
    openTensor: told(async (chosen) => openTensor(deck, editors, chosen as Chosen)),
    lastWrite: told(async (chosen) => lastWrite(deck, chosen as Chosen)),
    openFlameChart: () => flame.open(),
    profile: (on) => told(() => flame.profile(on))(),
    goToLine: told(async (chosen) => {
      const place = placeOf(chosen as Chosen);
      if (place) await openPlace(place);
    }),
    goToNode: told(async (chosen) => {
      if ((chosen as TapeElement).kind === 'part') await tape.showMaker(chosen as never);
    }),
    refreshTensors: tensors.refresh,
    refreshTape: tape.refresh,
  };
}

/** What a menu or a tree hands to a command. */
type Chosen = LiveTensor | TapeElement | VariableRow | Place | undefined;

/** A row of Variables, as the editor describes it to commands of its context menu. */
interface VariableRow {
  readonly container: { readonly variablesReference: number };
  readonly variable: { readonly name: string; readonly evaluateName?: string };
}

async function openTensor(deck: Followed, editors: TensorEditors, chosen: Chosen): Promise<void> {
  const session = deck.now?.session;
  if (!session || deck.now?.state === 'ended')
    throw new Error('Start the program with Tapedeck first: no tensor is alive.');
  if (chosen && 'storage' in chosen) return editors.open({ id: chosen.id }, chosen);
  if (chosen && 'container' in chosen) {
    const { evaluateName } = chosen.variable;
    const tensor = await shownTensor(session, chosen);
    return editors.open(
      { id: tensor.id, ...(evaluateName && { expression: evaluateName }) },
      tensor,
    );
  }
  if (chosen && 'part' in chosen) {
    const { tensor } = await ask(session, 'tapedeck/tensor', { ref: { id: chosen.part.tensor } });
    if (!tensor) throw new Error('This tensor is no longer alive; the tape knows only its shape.');
    return editors.open({ id: tensor.id }, tensor);
  }
  const expression = (await askExpression())?.trim();
  if (!expression) return;
  const { tensor } = await ask(session, 'tapedeck/tensor', { ref: { id: 0, expression } });
  if (!tensor) throw new Error(`${expression} is not a tensor here.`);
  editors.open({ id: tensor.id, expression }, tensor);
}

async function lastWrite(deck: Followed, chosen: Chosen): Promise<void> {
  const session = deck.now?.session;
  if (!session || !chosen) return;
  const tensor =
    'storage' in chosen
      ? chosen
      : 'container' in chosen
        ? await shownTensor(session, chosen)
        : null;
  if (tensor) await ask(session, 'tapedeck/travel', { how: 'write', id: tensor.id });
}

/** The tensor that a row of Variables shows. */
async function shownTensor(
  session: vscode.DebugSession,
  { container, variable }: VariableRow,
): Promise<LiveTensor> {
  const { variablesReference } = container;
  const { name, evaluateName } = variable;
  const { tensor } = await ask(session, 'tapedeck/tensorOf', { variablesReference, name });
  if (!tensor) throw new Error(`${evaluateName ?? name} is not a tensor.`);
  return tensor;
}

/** Offers the selected text, for what is under the cursor is most often what is meant. */
function askExpression(): Thenable<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active);
  const range = editor?.selection.isEmpty ? word : editor?.selection;
  return vscode.window.showInputBox({
    title: 'Open Tensor',
    prompt: 'A tensor, or an expression that gives one',
    value: range ? editor?.document.getText(range) : '',
  });
}

function placeOf(chosen: Chosen): Place | undefined {
  if (!chosen) return undefined;
  if ('line' in chosen) return chosen;
  if ('place' in chosen) return chosen.place;
  if ('node' in chosen) return chosen.node.place;
  return 'tape' in chosen ? chosen.tape.place : undefined;
}

async function openPlace({ path, line, column }: Place): Promise<void> {
  const at = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(path), {
    selection: new vscode.Range(at, at),
    viewColumn: codeColumn(),
    preview: true,
  });
}

/** Beside a panel that has the focus, where code is shown already; else where the cursor is. */
function codeColumn(): vscode.ViewColumn | undefined {
  if (vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview) {
    const code = vscode.window.tabGroups.all.find(
      ({ activeTab }) => activeTab?.input instanceof vscode.TabInputText,
    );
    return code?.viewColumn ?? vscode.ViewColumn.Beside;
  }
  return undefined;
}

/** A command that fails says so to the user, in the error's own sentence. */
const told =
  (run: (chosen?: unknown) => Promise<void>) =>
  async (chosen?: unknown): Promise<void> => {
    try {
      await run(chosen);
    } catch (error) {
      await vscode.window.showErrorMessage(sentence(error));
    }
  };
