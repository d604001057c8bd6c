/**
 * Prints the documents that are made from code. `npm run docs` writes them;
 * test/docs.test.ts finds the stale ones.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { accuracyPage } from './docs/accuracy.ts';
import { benchmarksPage, chartPath, readResults } from './docs/benchmarks.ts';
import { chartOf } from './docs/chart.ts';
import { debuggingPage, PAGE } from './docs/launch.ts';
import { namesOf, namesPage, subjects } from './docs/names.ts';
import { jsonOf, pageOf, readOps } from './docs/ops.ts';
import { protocolPage } from './docs/protocol.ts';
import { root } from './setup/cache.mjs';

export interface Document {
  /** From the root. */
  readonly path: string;
  print(): string;
}

export const documents: readonly Document[] = [
  ...benchmarks(),
  { path: 'docs/accuracy.md', print: accuracyPage },
  { path: PAGE, print: debuggingPage },
  { path: 'docs/ops.md', print: () => pageOf(readOps()) },
  { path: 'docs/protocol.md', print: protocolPage },
  { path: 'engine/ops.json', print: () => jsonOf(readOps()) },
  { path: 'engine/names.ts', print: namesPage },
  ...subjects.map((subject) => ({
    path: `engine/names/${subject}.ts`,
    print: () => namesOf(readOps(), subject),
  })),
];

/** The page of the benchmarks and its charts, one for every subject that is kept. */
export function benchmarks(): readonly Document[] {
  const results = readResults();
  return [
    { path: 'docs/benchmarks.md', print: () => benchmarksPage(results) },
    ...Object.entries(results).map(([name, kept]) => ({
      path: `docs/${chartPath(name)}`,
      print: () => chartOf(kept),
    })),
  ];
}

/** What a document should say, formatted where there is a format for its kind. */
export async function printed(document: Document): Promise<string> {
  const file = path.join(root, document.path);
  const { inferredParser } = await prettier.getFileInfo(file);
  if (inferredParser === null) return document.print();
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

/** Writes the stale ones and gives their paths. */
export async function refresh(among: readonly Document[] = documents): Promise<string[]> {
  const stale: string[] = [];
  for (const document of among) {
    const text = await printed(document);
    if (text === present(document)) continue;
    mkdirSync(path.dirname(path.join(root, document.path)), { recursive: true });
    writeFileSync(path.join(root, document.path), text);
    stale.push(document.path);
  }
  return stale;
}

if (import.meta.main) {
  for (const name of await refresh()) console.log(`docs: wrote ${name}`);
}
