/** What a user typed: an expression, statements, or an assignment that may be an edit of a tensor. */
import {
  parse,
  parseExpressionAt,
  type Expression,
  type Literal as Constant,
  type MemberExpression,
  type Node,
  type Program,
  type SequenceExpression,
  type UnaryExpression,
} from 'acorn';
import { errors } from './errors.ts';
import { sectionOf, spelled } from './sections.ts';

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
  /** A part of a tensor, as for `at`: `x[0, :]`, `x.at('0, :')`. */
  readonly section: { readonly of: string; readonly at: string } | null;
  /** `x.at('0, :').assign(value)`: JavaScript, too, where `x` is no tensor. */
  readonly call: boolean;
  readonly value: string;
  readonly literal: Literal | null;
}

/** What edits a tensor in place: numbers and booleans, or texts, one or nested lists of them. Big whole numbers are exact in `code`. */
export interface Literal {
  readonly of: 'numbers' | 'texts';
  readonly code: string;
}

/** Fails with a sentence for what cannot be evaluated in a program that stands still. */
export function typed(text: string): Typed {
  const plain = written(text.replace(/[\s;]+$/, ''));
  const section = sectionOf(plain);
  if (section) return sectionTyped(plain, section);
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

/** With NumPy's brackets as JavaScript, where it is none with them. */
function written(text: string): string {
  if (asExpression(text)) return text;
  const code = spelled(text);
  return asExpression(code) || sectionOf(code) ? code : text;
}

function sectionTyped(text: string, { of, at, value }: NonNullable<ReturnType<typeof sectionOf>>) {
  const call = asExpression(text) !== null;
  const target = `${of}.at('${at}')`;
  const assignment = { target, index: null, section: { of, at }, value, call };
  return {
    code: call ? `"use strict"; (${text}\n)` : `"use strict"; (${target}).assign(${value}\n)`,
    expression: call ? text : null,
    assignment: { ...assignment, literal: literalOf(value) },
  };
}

/** What was typed, where it is a literal that can edit a tensor. */
export function literalOf(text: string): Literal | null {
  const expression = asExpression(text);
  return expression && literal(expression, text);
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
    const index = computed ? positionsIn(property) : null;
    if (index === null) break;
    at.unshift(...index);
    of = object;
  }
  return {
    target: source(left),
    index: at.length ? { of: source(of), at } : null,
    section: null,
    call: false,
    value: source(right),
    literal: literal(right, text),
  };
}

/** Of `[1]`, `[-1]` and `[0, 1]`. */
function positionsIn(node: Node): readonly number[] | null {
  const { type } = node;
  if (type === 'SequenceExpression') {
    const all = (node as SequenceExpression).expressions.map(positionsIn);
    return all.includes(null) ? null : all.flatMap((each) => each!);
  }
  if (type === 'UnaryExpression' && (node as UnaryExpression).operator === '-') {
    const inner = positionsIn((node as UnaryExpression).argument);
    return inner && inner.map((each) => -each);
  }
  const { value } = node as Constant;
  return type === 'Literal' && typeof value === 'number' ? [value] : null;
}

function literal(node: Expression, text: string): Literal | null {
  const kinds = new Set<Literal['of']>();
  const code = text.split('');
  const plain = (part: Expression): boolean => {
    switch (part.type) {
      case 'Literal':
        kinds.add(typeof part.value === 'string' ? 'texts' : 'numbers');
        // JavaScript would round it, and a tensor may hold it.
        if (/^[1-9][\d_]*$/.test(part.raw!) && !Number.isSafeInteger(part.value))
          code[part.end - 1] += 'n';
        return /^(number|boolean|bigint|string)$/.test(typeof part.value);
      case 'UnaryExpression': {
        const { operator, argument } = part;
        // JavaScript has no `+1n`.
        if (operator === '+') code[part.start] = '';
        const number =
          argument.type === 'Literal'
            ? typeof argument.value !== 'string'
            : argument.type !== 'ArrayExpression';
        return (operator === '-' || operator === '+') && number && plain(argument);
      }
      case 'Identifier':
        kinds.add('numbers');
        return part.name === 'NaN' || part.name === 'Infinity';
      case 'ArrayExpression':
        return part.elements.every((e) => e !== null && e.type !== 'SpreadElement' && plain(e));
      default:
        return false;
    }
  };
  if (!plain(node) || kinds.size > 1) return null;
  return {
    of: kinds.has('texts') ? 'texts' : 'numbers',
    code: code.slice(node.start, node.end).join(''),
  };
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
