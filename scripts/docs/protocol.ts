/** docs/protocol.md, printed from the door of the debug adapter and from the types it passes on. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../setup/cache.mjs';

const DOOR = 'debug-adapter/protocol.ts';
const ENGINE = 'engine/protocol.ts';
/** What the page says in sections of their own, and how the code reads them. */
const TABLES = ['Requests', 'Events', 'Name', 'Arguments', 'Answer'];

/** The whole page. */
export function protocolPage(): string {
  const door = read(DOOR);
  const types = [...exported(door), ...passedOn(door, read(ENGINE))];
  const parts = [
    '<!-- Printed by scripts/docs.ts from debug-adapter/protocol.ts; edits are lost. -->',
    '# Requests and events of our own',
    paragraph(door.source.statements[0]!, door),
    'Editors other than VS Code run `dist/debug-adapter.js` and speak DAP on its standard streams. They need none of these to debug: op pauses come as function breakpoints and as steps of granularity `instruction`.',
    '## Requests',
    ...messages(door, 'Requests').map((each) => request(each, door)),
    '## Events',
    ...messages(door, 'Events').map((each) => event(each, door)),
    '## Types',
    ...types,
  ];
  return `${parts.join('\n\n')}\n`;
}

interface File {
  readonly source: ts.SourceFile;
  readonly text: string;
}

function read(name: string): File {
  const text = readFileSync(path.join(root, name), 'utf8');
  return { text, source: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
}

function messages(file: File, name: string): readonly ts.PropertySignature[] {
  const found = file.source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  ) as ts.InterfaceDeclaration;
  return found.members.filter(ts.isPropertySignature);
}

function request(member: ts.PropertySignature, file: File): string {
  const { parameters, type } = member.type as ts.FunctionTypeNode;
  const given = clean(parameters[0]!.type!.getText(file.source));
  const answer = clean(type.getText(file.source));
  return [heading(member), paragraph(member, file), code(`arguments: ${given}`, `body: ${answer}`)]
    .filter(Boolean)
    .join('\n\n');
}

function event(member: ts.PropertySignature, file: File): string {
  return [
    heading(member),
    paragraph(member, file),
    code(`body: ${clean(member.type!.getText(file.source))}`),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function heading({ name }: ts.PropertySignature): string {
  return `### \`${(name as ts.StringLiteral).text}\``;
}

/** The types a reader of the messages has to know, with their comments. */
function exported(file: File): string[] {
  return file.source.statements
    .filter(isType)
    .filter(({ name }) => !TABLES.includes(name.text))
    .map((statement) => code(clean(statement.getFullText(file.source).trim())));
}

function passedOn(door: File, engine: File): string[] {
  const names = door.source.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [],
    );
  const types = engine.source.statements.filter(isType);
  // What a type extends is as much part of it as its own lines.
  for (const type of types.toReversed()) {
    if (!names.includes(type.name.text) || !ts.isInterfaceDeclaration(type)) continue;
    for (const base of type.heritageClauses?.flatMap((clause) => clause.types) ?? [])
      names.push(base.expression.getText(engine.source));
  }
  return types
    .filter(({ name }) => names.includes(name.text))
    .map((statement) => code(clean(statement.getFullText(engine.source).trim())));
}

function isType(
  statement: ts.Statement,
): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function paragraph(node: ts.Node, { text }: File): string {
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return ranges
    .map(({ pos, end }) => text.slice(pos, end).replace(/^\/\*\*?|\*\/$/g, ''))
    .map((comment) => comment.replace(/^[ \t]*\*[ ]?/gm, '').trim())
    .join('\n\n');
}

function code(...lines: string[]): string {
  return ['```ts', ...lines, '```'].join('\n');
}

function clean(text: string): string {
  return text.replace(/\breadonly /g, '').replace(/^export /m, '');
}
