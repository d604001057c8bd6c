/** What users call and is no op: functions, classes and their methods, as the engine's index lists them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../setup/cache.mjs';
import { engineProgram, exportsOf } from './program.ts';

export interface Documented {
  readonly name: string;
  /** One for each way to call it. */
  readonly signatures: readonly string[];
  readonly documentation: string;
  /** Of a class or a record of functions: those of its own. */
  readonly members: readonly Documented[];
}

/** What the engine's index exports by name and no type: all that is no op. */
export function otherNames(): readonly string[] {
  const index = readFileSync(path.join(root, 'engine', 'index.ts'), 'utf8');
  const lists = [...index.matchAll(/^export \{([^}]*)\}/gm)];
  const names = lists.flatMap(([, list]) => list!.match(/\w+/g) ?? []);
  return names.filter((name) => name !== CALLS_ITS_OP).sort(order);
}

function order(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}

/** A function that has another order of arguments than its op, and calls it. */
const CALLS_ITS_OP = 'einsum';

/** All of them, with what their comments say. */
export function readFunctions(): readonly Documented[] {
  const exported = exportsOf('index.ts');
  return otherNames().map((name) => documented(resolved(exported.get(name)!), name));
}

/** The chapter of docs/ops.md. */
export function functionsChapter(list: readonly Documented[]): string {
  return `## Functions that are no ops

They have no breakpoints of their own; the ops that they run have.

${list.map(section).join('\n')}`;
}

/** Examples are what a comment indents. */
export function examplesOf(documentation: string): readonly string[] {
  const blocks = documentation.split(/\n\n/).filter((block) => block.startsWith('    '));
  return blocks.map((block) => block.replaceAll(/^ {4}/gm, ''));
}

function section({ name, signatures, documentation, members }: Documented): string {
  const calls = signatures.length === 0 ? '' : `${code(signatures.join('\n'))}\n\n`;
  const own = members.map(
    (member) =>
      `${code(member.signatures.map((one) => `.${one}`).join('\n'))}\n\n${fenced(member.documentation)}\n`,
  );
  return [`### ${name}`, `${calls}${fenced(documentation)}`, ...own].join('\n\n');
}

function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}

function fenced(documentation: string): string {
  const blocks = documentation.split(/\n\n/);
  return blocks
    .map((block) => (block.startsWith('    ') ? code(block.replaceAll(/^ {4}/gm, '')) : block))
    .join('\n\n');
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  const checker = engineProgram().getTypeChecker();
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function documented(symbol: ts.Symbol, name: string): Documented {
  const checker = engineProgram().getTypeChecker();
  const type = checker.getTypeOfSymbol(symbol);
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const calls = type.getCallSignatures();
  const made = isClass ? type.getConstructSignatures() : calls;
  const before = isClass ? 'new ' : '';
  const { declaration } = made[0] ?? {};
  const hidden =
    isClass &&
    (isInternal(declaration) || isAbstract(symbol.valueDeclaration as ts.ClassDeclaration));
  return {
    name,
    signatures: hidden ? [] : made.map((one) => `${before}${name}${text(one)}`),
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    members: isClass
      ? membersOf(symbol)
      : calls.length === 0
        ? type.getProperties().map((member) => documented(member, member.name))
        : [],
  };
}

/** The methods and getters that a class declares for its users. */
function membersOf(symbol: ts.Symbol): readonly Documented[] {
  const checker = engineProgram().getTypeChecker();
  const all = [...(symbol.members?.values() ?? [])];
  return all.flatMap((member): Documented[] => {
    const declaration = member.declarations?.find(
      (one) =>
        ts.isMethodDeclaration(one) ||
        ts.isGetAccessorDeclaration(one) ||
        ts.isPropertyDeclaration(one),
    );
    if (
      declaration === undefined ||
      ts.isPrivateIdentifier(declaration.name) ||
      isInternal(declaration)
    )
      return [];
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    if (ts.getCombinedModifierFlags(declaration) & hidden) return [];
    const type = checker.getTypeOfSymbol(member);
    const documentation = ts.displayPartsToString(member.getDocumentationComment(checker));
    const calls = type.getCallSignatures();
    const signatures =
      calls.length > 0
        ? calls.map((one) => member.name + text(one))
        : [`${member.name}: ${checker.typeToString(type, undefined, flags)}`];
    return documentation === ''
      ? []
      : [{ name: member.name, signatures, documentation, members: [] }];
  });
}

function isInternal(declaration: ts.Declaration | undefined): boolean {
  return (
    declaration !== undefined &&
    ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal')
  );
}

function isAbstract(declaration: ts.ClassDeclaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) !== 0;
}

function text(signature: ts.Signature): string {
  const checker = engineProgram().getTypeChecker();
  return checker
    .signatureToString(signature, undefined, flags)
    .replaceAll(/ \| undefined(?=[,)])/g, '');
}

const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.OmitThisParameter;
