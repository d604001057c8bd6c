/**
 * Which names are constants where a frame stands. V8 lets a debugger assign to
 * a `const` that lies on the stack, so the source itself has to be asked.
 */
import type { Node, Pattern, Program } from 'acorn';
import type { Cdp } from './cdp.ts';
import type { CallFrame } from './pauses.ts';
import { programOf } from './syntax.ts';

interface Source {
  readonly text: string;
  readonly program: Program | null;
}

export class Declarations {
  private readonly cdp: Cdp;
  private readonly sources = new Map<string, Promise<Source>>();

  constructor(cdp: Cdp) {
    this.cdp = cdp;
    cdp.onStart(async () => this.sources.clear());
  }

  /** Whether the innermost declaration of a name around the frame is of a kind that cannot be assigned. */
  async isConstant({ location }: CallFrame, name: string): Promise<boolean> {
    const { text, program } = await this.source(location.scriptId);
    if (!program) return false;
    const at = offset(text, location.lineNumber, location.columnNumber ?? 0);
    for (const node of around(program, at).reverse()) {
      const kind = declared(node, name);
      if (kind) return CONSTANT.has(kind);
    }
    return false;
  }

  private source(scriptId: string): Promise<Source> {
    const known = this.sources.get(scriptId);
    if (known) return known;
    const read = this.cdp
      .send('Debugger.getScriptSource', { scriptId })
      .then(({ scriptSource }) => ({ text: scriptSource, program: programOf(scriptSource) }));
    this.sources.set(scriptId, read);
    return read;
  }
}

const CONSTANT = new Set(['const', 'using', 'await using', 'import']);

type Any = Node & { readonly [key: string]: unknown };

function offset(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 0; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column;
}

/** The nodes a position lies in, outermost first. */
function around(node: Node, at: number): Any[] {
  const inner = children(node as Any).find((child) => child.start <= at && at < child.end);
  return [node as Any, ...(inner ? around(inner, at) : [])];
}

function children(node: Any): Any[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Any => typeof (value as Any | null)?.type === 'string');
}

/** How a node declares a name for what lies in it; null where it does not. */
function declared(node: Any, name: string): string | null {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return ofStatements(node['body'] as Any[], name);
    case 'SwitchStatement':
      return ofStatements(
        (node['cases'] as Any[]).flatMap((each) => each['consequent'] as Any[]),
        name,
      );
    case 'ForStatement':
      return node['init'] ? ofStatements([node['init'] as Any], name) : null;
    case 'ForInStatement':
    case 'ForOfStatement':
      return ofStatements([node['left'] as Any], name);
    case 'CatchClause':
      return names(node['param'] as Pattern | null).includes(name) ? 'catch' : null;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const parameters = (node['params'] as Pattern[]).flatMap(names);
      return parameters.includes(name) || variables(node['body'] as Any).includes(name)
        ? 'var'
        : null;
    }
    default:
      return null;
  }
}

function ofStatements(statements: readonly Any[], name: string): string | null {
  for (const each of statements) {
    const statement = (each['declaration'] as Any | null) ?? each;
    if (statement.type === 'VariableDeclaration') {
      const found = (statement['declarations'] as Any[]).some(({ id }) =>
        names(id as Pattern).includes(name),
      );
      if (found) return statement['kind'] as string;
    } else if (/^(Function|Class)Declaration$/.test(statement.type)) {
      if ((statement['id'] as Any | null)?.['name'] === name) return 'function';
    } else if (statement.type === 'ImportDeclaration') {
      const found = (statement['specifiers'] as Any[]).some(
        ({ local }) => (local as Any)['name'] === name,
      );
      if (found) return 'import';
    }
  }
  return null;
}

/** Names that `var` declares anywhere in a function, but not in functions inside of it. */
function variables(node: Any): string[] {
  const own =
    node.type === 'VariableDeclaration' && node['kind'] === 'var'
      ? (node['declarations'] as Any[]).flatMap(({ id }) => names(id as Pattern))
      : [];
  return [
    ...own,
    ...children(node)
      .filter(({ type }) => !/Function|^Class/.test(type))
      .flatMap(variables),
  ];
}

function names(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) =>
        names(each.type === 'RestElement' ? each.argument : each.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(names);
    case 'AssignmentPattern':
      return names(pattern.left);
    case 'RestElement':
      return names(pattern.argument);
    default:
      return [];
  }
}
