/** The parts of docs/debugging.md that are printed: the launch attributes, from the table that the editor's schema comes from, and the exception filters. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { attributes, tensorFilters } from '../../debug-adapter/index.ts';
import { root } from '../setup/cache.mjs';

export const PAGE = 'docs/debugging.md';
const begin = (file: string) =>
  `<!-- Printed by scripts/docs.ts from debug-adapter/${file}; edits are lost. -->`;
const END = '<!-- The end of what is printed. -->';

interface Attribute {
  readonly default?: unknown;
  readonly values?: readonly string[];
  readonly description: string;
}

/** The page as it is, with the tables as they should be. */
export function debuggingPage(): string {
  const page = readFileSync(path.join(root, PAGE), 'utf8');
  return put(put(page, 'launch.ts', table()), 'filters.ts', filterTable());
}

/** The page with that in the place of what is printed from a file. */
function put(page: string, file: string, text: string): string {
  const [before, rest = ''] = page.split(begin(file));
  const [, ...after] = rest.split(END);
  if (after.length === 0) throw new Error(`${PAGE} has no place for what ${file} says.`);
  return `${before}${begin(file)}\n\n${text}\n\n${END}${after.join(END)}`;
}

function filterTable(): string {
  const rows = Object.values(tensorFilters).map(({ label, description, condition, facts }) => {
    const usual = condition ? `\`${condition.replaceAll('|', '\\|')}\`` : '';
    return `| ${label} | ${description} | ${usual} | ${facts} |`;
  });
  const head = '| filter | | condition, unless you give one | a condition may speak of |';
  return [head, '| --- | --- | --- | --- |', ...rows].join('\n');
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
