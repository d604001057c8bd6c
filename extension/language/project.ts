/**
 * A tsconfig.json for those who want their project written down: what Node
 * runs without a build, checked strictly. Nothing in Tapedeck needs it.
 */
import * as vscode from 'vscode';

/**
 * Node strips types in place, so only erasable syntax runs and imports name the
 * .ts file. Not "nodenext": that takes a file for CommonJS where no
 * package.json says otherwise, and Node itself looks at what is in it.
 */
const TSCONFIG = `{
  "compilerOptions": {
    "target": "esnext",
    "lib": ["esnext", "dom"],
    "module": "preserve",
    "moduleResolution": "bundler",
    "noEmit": true,
    "strict": true,
    "allowImportingTsExtensions": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
  }
}
`;

/** Writes the file into the folder of the open file, and shows it. One that is there is replaced only if the user says so. */
export async function writeTsconfig(): Promise<void> {
  const folder = await chosenFolder();
  if (!folder) return;
  const file = vscode.Uri.joinPath(folder.uri, 'tsconfig.json');
  if ((await exists(file)) && !(await mayReplace(folder))) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(TSCONFIG));
  await vscode.window.showTextDocument(file);
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const open = vscode.window.activeTextEditor?.document.uri;
  const around = open && vscode.workspace.getWorkspaceFolder(open);
  if (around || folders.length < 2) return around ?? folders[0];
  return vscode.window.showWorkspaceFolderPick({ placeHolder: 'Where to write tsconfig.json' });
}

async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

async function mayReplace(folder: vscode.WorkspaceFolder): Promise<boolean> {
  const answer = await vscode.window.showWarningMessage(
    `${folder.name} has a tsconfig.json. Replace it?`,
    { modal: true, detail: 'What is in it now will be lost.' },
    'Replace',
  );
  return answer === 'Replace';
}
