/** Values beside the code while a program of ours stands: the editor asks which names, and looks them up itself. */
import * as vscode from 'vscode';
import { TYPE, type Answer } from '../../debug-adapter/protocol.ts';
import { LANGUAGES } from '../languages.ts';
import { namesIn } from './names.ts';

export function register(): vscode.Disposable {
  return vscode.languages.registerInlineValuesProvider(LANGUAGES, {
    async provideInlineValues(document, visible, { stoppedLocation }) {
      const session = vscode.debug.activeDebugSession;
      if (session?.type !== TYPE) return [];
      // At an op the scope on top is the op's, and its inputs may be named like the user's variables.
      const { op } = (await session.customRequest(
        'tapedeck/state',
        {},
      )) as Answer<'tapedeck/state'>;
      const rooms = await roomsOf(document);
      const around = (at: vscode.Position) => rooms.filter((range) => range.contains(at));
      const imported = importedBy(document);
      const here = new Set(around(stoppedLocation.start));
      const values: vscode.InlineValue[] = [];
      for (let line = visible.start.line; line <= stoppedLocation.end.line; line++) {
        const { text } = document.lineAt(line);
        const known = line === stoppedLocation.start.line ? withoutDeclared(text) : text;
        for (const { name, at } of namesIn(known)) {
          if (imported.has(name)) continue;
          const range = new vscode.Range(line, at, line, at + name.length);
          // Another function has variables of its own, though they may be named alike; a line may hold one.
          if (!around(range.start).every((room) => here.has(room))) continue;
          values.push(
            op === undefined
              ? new vscode.InlineValueVariableLookup(range, name)
              : new vscode.InlineValueEvaluatableExpression(range, name),
          );
        }
      }
      return values;
    },
  });
}

/** What a line declares has no value while the program stands before it. */
function withoutDeclared(text: string): string {
  return text.replace(/^\s*(?:const|let|var|using)\b[^=]*=/, (declared) =>
    ' '.repeat(declared.length),
  );
}

/** What has names of its own. */
const ROOMS = [
  vscode.SymbolKind.Function,
  vscode.SymbolKind.Method,
  vscode.SymbolKind.Constructor,
  vscode.SymbolKind.Interface,
];

async function roomsOf(document: vscode.TextDocument): Promise<vscode.Range[]> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  const all = (list: readonly vscode.DocumentSymbol[]): vscode.DocumentSymbol[] =>
    list.flatMap((symbol) => [symbol, ...all(symbol.children)]);
  return all(symbols ?? [])
    .filter(({ kind }) => ROOMS.includes(kind))
    .map(({ range }) => range);
}

/** Modules and what comes from them do not change; their values would fill the line. */
function importedBy(document: vscode.TextDocument): Set<string> {
  const lines = document.getText().split('\n');
  const imports = lines.filter((line) => /^import |=\s*require\(/.test(line));
  return new Set(imports.flatMap(namesIn).map(({ name }) => name));
}
