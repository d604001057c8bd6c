/**
 * The document of every page, without `vscode`, so that tests open the same
 * one in a plain browser. Pages build their content themselves.
 */
export interface Parts {
  readonly view: string;
  readonly nonce: string;
  /** Where the editor serves local files from. */
  readonly source: string;
  /** The page's code itself: a file would be one more thing to ask the editor for before anything is seen. */
  readonly script: string;
  readonly styles: string;
  readonly icons: string;
  /** What the page would ask its host first, where that is known already. */
  readonly first?: unknown;
}

export function html(parts: Parts): string {
  const { nonce } = parts;
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${parts.source} 'nonce-${nonce}'`,
    `font-src ${parts.source} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link href="${parts.icons}" nonce="${nonce}" id="${ICONS}">
<style nonce="${nonce}">${within('style', parts.styles)}</style>
<title>Tapedeck</title>
</head>
<body data-view="${parts.view}">
<main id="view"></main>
<script type="application/json" id="first">${data(parts.first ?? null)}</script>
<script nonce="${nonce}">${within('script', parts.script)}</script>
<script nonce="${nonce}">${LATER}</script>
</body>
</html>`;
}

/** The name by which the elements of a page look for the style sheet of their icons. */
const ICONS = 'vscode-codicon-stylesheet';

/** The icons are the largest file by far, and the last thing one looks for: they wait for the first picture. */
const LATER = `requestAnimationFrame(() => setTimeout(() => { document.getElementById('${ICONS}').rel = 'stylesheet'; }));`;

/** Code that does not end the element it stands in. It says this in strings only, where a backslash changes nothing. */
const within = (element: string, code: string): string =>
  code.replaceAll(new RegExp(`</(?=${element})`, 'gi'), '<\\/');

/** JSON that an element of the document can hold. */
const data = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
