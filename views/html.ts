/**
 * The document of every page, without `vscode`, so that tests open the same
 * one in a plain browser. Pages build their content themselves.
 */
export interface Parts {
  readonly view: string;
  readonly nonce: string;
  /** Where the editor serves local files from. */
  readonly source: string;
  readonly script: string;
  readonly styles: string;
  readonly icons: string;
}

export function html(parts: Parts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.source} 'nonce-${parts.nonce}'`,
    `font-src ${parts.source} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${parts.icons}" nonce="${parts.nonce}" id="vscode-codicon-stylesheet">
<link rel="stylesheet" href="${parts.styles}" nonce="${parts.nonce}">
<title>Tapedeck</title>
</head>
<body data-view="${parts.view}">
<main id="view"></main>
<script nonce="${parts.nonce}" src="${parts.script}"></script>
</body>
</html>`;
}
