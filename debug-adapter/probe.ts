/** Conditions, hit counts and log messages as the one expression that V8 evaluates at a breakpoint. */
import { parseExpressionAt } from 'acorn';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { OpCall } from '../engine/protocol.ts';
import type { Hit } from './debuggee/probes.ts';
import { PROBES } from './debuggee/words.ts';
import { errors } from './errors.ts';

/** The call of an op that a breakpoint stands on, and what is called there, as far as that can be evaluated. */
export interface Call extends OpCall {
  readonly callee: string | null;
}

/** Undefined where the breakpoint always stops. Fails, with the place, where the user's text is no expression. */
export function probe(
  id: number,
  { condition, hitCondition, logMessage }: DebugProtocol.SourceBreakpoint,
  call: Call | null = null,
): string | undefined {
  const test = condition?.trim() ? `() => (${checked(condition)})` : 'null';
  const hit = hitCondition?.trim() ? JSON.stringify(parseHit(hitCondition)) : 'null';
  const probes = `globalThis[Symbol.for(${JSON.stringify(PROBES)})]`;
  const calls = (): string => {
    const { callee, ...at } = call!;
    const asked = callee === null ? 'null' : `() => ${callee}`;
    return `${probes}.calls(${JSON.stringify(at)}, ${test}, ${hit}, ${asked})`;
  };
  if (logMessage) {
    const parts = messageTexts(logMessage);
    return withStats(`${probes}.logs(${id}, ${test}, ${hit}, () => [${parts.join()}])`, probes);
  }
  if (call) return withStats(calls(), probes);
  if (test === 'null' && hit === 'null') return undefined;
  return withStats(`${probes}.stops(${id}, ${test}, ${hit})`, probes);
}

/** What is said at a breakpoint whose condition or message threw that. */
export function faulty(why: string): string {
  return `Its condition or message failed: ${why}`;
}

/** The parts of a message as JavaScript. */
export function messageTexts(message: string): string[] {
  return messageParts(message).map((part) =>
    'text' in part ? JSON.stringify(part.text) : `(${part.expression}\n)`,
  );
}

/** The user's own `stats` comes first. */
function withStats(code: string, probes: string): string {
  if (!/\bstats\b/.test(code)) return code;
  return `((stats) => ${code})(typeof stats === 'undefined' ? ${probes}.stats : stats)`;
}

/** `5` (from the fifth on), `>= 5`, `% 3`: the hits at which it stops. */
export function parseHit(text: string): Hit {
  const [, test = '>=', count] = /^\s*(===?|=|>=?|<=?|%)?\s*(\d+)\s*$/.exec(text) ?? [];
  if (count === undefined) throw errors.hitCount(text);
  return { test: (test.startsWith('=') ? '=' : test) as Hit['test'], count: Number(count) };
}

type Part = { readonly text: string } | { readonly expression: string };

/** Text and `{expressions}` in turn. What an expression is, its grammar says: it may have braces of its own. */
export function messageParts(message: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let open = message.indexOf('{'); open >= 0; open = message.indexOf('{', from)) {
    if (open > from) parts.push({ text: message.slice(from, open) });
    const end = endOfExpression(message, open + 1);
    const close = end + /^\s*/.exec(message.slice(end))![0].length;
    if (message[close] !== '}') throw errors.expression(message.slice(open + 1), 'a } is missing');
    parts.push({ expression: message.slice(open + 1, end) });
    from = close + 1;
  }
  return from < message.length ? [...parts, { text: message.slice(from) }] : parts;
}

function checked(expression: string): string {
  const end = endOfExpression(expression, 0);
  const rest = expression.slice(end).trim();
  if (rest) throw errors.expression(expression, `"${rest}" does not belong to it`);
  return expression.slice(0, end);
}

function endOfExpression(text: string, start: number): number {
  try {
    return parseExpressionAt(text, start, { ecmaVersion: 'latest' }).end;
  } catch (failure) {
    throw errors.expression(text.slice(start), (failure as Error).message);
  }
}
