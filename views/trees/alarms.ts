/** Colours the rows of tensors that hold NaN or Inf; an icon alone is lost in a long list. */
import * as vscode from 'vscode';

const SCHEME = 'tapedeck-tensor';
type Alarm = 'nan' | 'inf' | null;

/** The address under which the editor asks for a row's decoration; none for a tensor without alarm. */
export const alarmUri = (alarm: Alarm, row: string): vscode.Uri | undefined =>
  alarm === null ? undefined : vscode.Uri.from({ scheme: SCHEME, path: `/${row}`, query: alarm });

export function alarmDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      if (uri.scheme !== SCHEME) return undefined;
      return uri.query === 'nan'
        ? decoration('!', 'Holds NaN', 'list.errorForeground')
        : decoration('∞', 'Holds Inf', 'list.warningForeground');
    },
  });
}

function decoration(badge: string, tooltip: string, color: string): vscode.FileDecoration {
  return new vscode.FileDecoration(badge, tooltip, new vscode.ThemeColor(color));
}
