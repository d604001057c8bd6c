import { globSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/cache.mjs';
import type { OpEntry } from './ops.ts';

/** What ops are about: the files of the table. */
export const subjects: readonly string[] = globSync('engine/ops/*.ts', { cwd: root })
  .map((file) => path.basename(file, '.ts'))
  .filter((subject) => subject !== 'index')
  .sort();

/** engine/names.ts, which lists the files that follow. */
export function namesPage(): string {
  const lines = subjects.map((subject) => `export * from './names/${subject}.ts';`);
  return `// Printed by scripts/docs.ts; edits are lost.\n${lines.join('\n')}\n`;
}

/**
 * engine/names/: every function by its own name. A module's exports must be
 * written out, and only with its comment does a function show it on hover.
 */
export function namesOf(list: readonly OpEntry[], subject: string): string {
  const own = list.filter((entry) => entry.subject === subject);
  const lines = own.map(
    ({ name, documentation }) =>
      `${comment(documentation)}\nexport const ${name} = functions.${name};`,
  );
  return `// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

${lines.join('\n')}
`;
}

function comment(text: string): string {
  const lines = text.split('\n');
  return lines.length === 1
    ? `/** ${text} */`
    : `/**\n${lines.map((l) => ` * ${l}`).join('\n')}\n */`;
}
