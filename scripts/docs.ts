/**
 * Prints the documents that are made from code. `npm run docs` writes them;
 * test/docs.test.ts finds the stale ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { namesOf } from './docs/names.ts';
import { jsonOf, pageOf, readOps } from './docs/ops.ts';
import { protocolPage } from './docs/protocol.ts';
import { root } from './setup/cache.mjs';

export interface Document {
  /** From the root. */
  readonly path: string;
  print(): string;
}

export const documents: readonly Document[] = [
  { path: 'docs/ops.md', print: () => pageOf(readOps()) },
  { path: 'docs/protocol.md', print: protocolPage },
  { path: 'engine/ops.json', print: () => jsonOf(readOps()) },
  { path: 'engine/names.ts', print: () => namesOf(readOps()) },
];

/** What a document should say, formatted. */
export async function printed(document: Document): Promise<string> {
  const file = path.join(root, document.path);
  const options = await prettier.resolveConfig(file);
  return prettier.format(document.print(), { ...options, filepath: file });
}

/** What it says now; empty where it does not exist. */
export function present({ path: name }: Document): string {
  try {
    return readFileSync(path.join(root, name), 'utf8');
  } catch {
    return '';
  }
}

/** Writes the stale documents and gives their paths. */
export async function refresh(): Promise<string[]> {
  const stale: string[] = [];
  for (const document of documents) {
    const text = await printed(document);
    if (text === present(document)) continue;
    writeFileSync(path.join(root, document.path), text);
    stale.push(document.path);
  }
  return stale;
}

if (import.meta.main) {
  for (const name of await refresh()) console.log(`docs: wrote ${name}`);
}
