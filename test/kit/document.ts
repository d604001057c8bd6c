/** The document of a page, as a webview of VS Code has it, for a plain browser. */
import { html } from '../../views/html.ts';
import type { FirstOf, View } from '../../views/rpc.ts';

export const ORIGIN = 'https://webview.test';

/** With the code that `read` gives for the names of files in dist/views. */
export function documentOf<V extends View>(
  view: V,
  read: (file: string) => string,
  first: FirstOf<V> | undefined,
): string {
  return html({
    view,
    nonce: 'a-nonce-of-the-test',
    source: ORIGIN,
    script: read(`${view}.js`),
    styles: read(`${view}.css`),
    icons: `${ORIGIN}/codicon.css`,
    ...(first !== undefined && { first }),
  });
}
