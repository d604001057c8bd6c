/**
 * engine/names.ts: every function by its own name. A module's exports must be
 * written out, and only with its comment does a function show it on hover.
 */
import type { OpEntry } from './ops.ts';

export function namesOf(list: readonly OpEntry[]): string {
  const lines = list.map(
    ({ name, documentation }) =>
      `${comment(documentation)}\nexport const ${name} = functions.${name};`,
  );
  return `// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from './functions.ts';

${lines.join('\n')}
`;
}

function comment(text: string): string {
  const lines = text.split('\n');
  return lines.length === 1
    ? `/** ${text} */`
    : `/**\n${lines.map((l) => ` * ${l}`).join('\n')}\n */`;
}
