/** What a user typed: an expression, statements, or an assignment that may be an edit of a tensor. */
import {
  parse,
  parseExpressionAt,
  type Expression,
  type MemberExpression,
  type Node,
  type Program,
} from 'acorn';
import { errors } from './errors.ts';

export interface Typed {
  /** What is to be evaluated; one that assigns to a name that is not there fails. */
  readonly code: string;
  /** The text, where it stands for one value and can be put into a larger expression. */
  readonly expression: string | null;
  readonly assignment: Assignment | null;
}

export interface Assignment {
  readonly target: string;
  /** Trailing indexes of the target, `h[0][2]`: what they mean depends on what `h` is. */
  readonly index: { readonly of: string; readonly at: readonly number[] } | null;
  readonly value: string;
  /** The value is a number, a boolean or a nested list of them. */
  readonly literal: boolean;
}

/** Fails with a sentence for what cannot be evaluated in a program that stands still. */
export function typed(text: string): Typed {
  const plain = text.replace(/[\s;]+$/, '');
  const expression = asExpression(plain);
  if (expression) {
    return {
      code: `"use strict"; (${plain}\n)`,
      expression: plain,
      assignment: assignmentOf(expression, plain),
    };
  }
  return {
    code: `"use strict"; ${declared(asProgram(text), text)}`,
    expression: null,
    assignment: null,
  };
}

/** Whether a text is a number, a boolean, or nested lists of them: what edits a tensor in place. */
export function isLiteral(text: string): boolean {
  const expression = asExpression(text);
  return expression !== null && literal(expression);
}

function asExpression(text: string): Expression | null {
  try {
    const expression = parseExpressionAt(text, 0, OPTIONS);
    return text.slice(expression.end).trim() === '' ? expression : null;
  } catch {
    return null;
  }
}

function asProgram(text: string): Program {
  try {
    return parse(text, OPTIONS);
  } catch (failure) {
    if (awaits(text)) throw errors.noAwait();
    throw errors.syntax((failure as Error).message.replace(/ \(\d+:\d+\)$/, ''));
  }
}

/** Reads as JavaScript once `await` is allowed. */
function awaits(text: string): boolean {
  try {
    parse(text, { ...OPTIONS, allowAwaitOutsideFunction: true });
    return true;
  } catch {
    return false;
  }
}

function assignmentOf(expression: Expression, text: string): Assignment | null {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return null;
  const { left, right } = expression;
  if (left.type !== 'Identifier' && left.type !== 'MemberExpression') return null;
  const source = (node: Node) => text.slice(node.start, node.end);
  const at: number[] = [];
  let of: Node = left;
  while (of.type === 'MemberExpression') {
    const { computed, property, object } = of as MemberExpression;
    const index = property.type === 'Literal' ? property.value : null;
    if (!computed || typeof index !== 'number') break;
    at.unshift(index);
    of = object;
  }
  return {
    target: source(left),
    index: at.length ? { of: source(of), at } : null,
    value: source(right),
    literal: literal(right),
  };
}

function literal(node: Expression): boolean {
  switch (node.type) {
    case 'Literal':
      return /^(number|boolean|bigint)$/.test(typeof node.value);
    case 'UnaryExpression':
      return /^[+-]$/.test(node.operator) && literal(node.argument);
    case 'Identifier':
      return node.name === 'NaN' || node.name === 'Infinity';
    case 'ArrayExpression':
      return node.elements.every((e) => e !== null && e.type !== 'SpreadElement' && literal(e));
    default:
      return false;
  }
}

/** Names declared in the console stay: an evaluation of its own would forget them. */
function declared({ body }: Program, text: string): string {
  let code = text;
  for (const statement of body.toReversed()) {
    if (statement.type !== 'VariableDeclaration') continue;
    const parts = statement.declarations.map(({ id, init }) => {
      if (id.type !== 'Identifier') return null;
      const value = init ? text.slice(init.start, init.end) : 'undefined';
      return `globalThis.${id.name} = (${value})`;
    });
    if (parts.includes(null)) continue;
    code = `${code.slice(0, statement.start)}${parts.join(', ')};${code.slice(statement.end)}`;
  }
  return code;
}

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'script' } as const;
