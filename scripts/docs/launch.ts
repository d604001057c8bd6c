/** The part of docs/debugging.md that is printed: the launch attributes, from the table that the editor's schema comes from. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { attributes } from '../../debug-adapter/index.ts';
import { root } from '../setup/cache.mjs';

export const PAGE = 'docs/debugging.md';
const BEGIN = '<!-- Printed by scripts/docs.ts from debug-adapter/launch.ts; edits are lost. -->';
const END = '<!-- The end of what is printed. -->';

interface Attribute {
  readonly default?: unknown;
  readonly values?: readonly string[];
  readonly description: string;
}

/** The page as it is, with the table as it should be. */
export function debuggingPage(): string {
  const page = readFileSync(path.join(root, PAGE), 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${PAGE} has no place for the launch attributes.`);
  return `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`;
}

function table(): string {
  const rows = Object.entries<Attribute>(attributes).map(([name, attribute]) => {
    const { values, description, default: value } = attribute;
    const usual = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    const choice = values ? ` One of ${values.map((each) => `\`"${each}"\``).join(', ')}.` : '';
    return `| \`${name}\` | ${usual} | ${description}${choice} |`;
  });
  return ['| attribute | default | |', '| --- | --- | --- |', ...rows].join('\n');
}
