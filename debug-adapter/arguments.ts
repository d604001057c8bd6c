/**
 * What arguments of requests are, by their names, which mean the same in all
 * requests, DAP's and ours. Whoever sends a text where a number belongs is told
 * so, and no handler meets one.
 */
import type { Travel } from '../engine/protocol.ts';
import { AdapterError, errors } from './errors.ts';
import type { Name } from './protocol.ts';

type Fits = readonly [what: string, test: (value: unknown) => boolean];

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text: Fits = ['a text', (value) => typeof value === 'string'];
const flag: Fits = ['true or false', (value) => typeof value === 'boolean'];
const whole: Fits = ['a whole number', (value) => Number.isSafeInteger(value)];
const count: Fits = [
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
];
const object: Fits = ['an object', isObject];
const texts: Fits = [
  'a list of texts',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
];
const objects: Fits = [
  'a list of objects',
  (value) => Array.isArray(value) && value.every(isObject),
];
const numbers: Fits = [
  'a list of whole numbers',
  (value) => Array.isArray(value) && value.every((each) => Number.isSafeInteger(each)),
];
const travels: Readonly<Record<Travel, true>> = {
  back: true,
  next: true,
  into: true,
  out: true,
  reverse: true,
  write: true,
  finite: true,
};
const travel: Fits = [
  Object.keys(travels)
    .map((each) => `"${each}"`)
    .join(' or '),
  (value) => typeof value === 'string' && Object.hasOwn(travels, value),
];

const names: Readonly<Record<string, Fits>> = {
  breakpoints: objects,
  column: whole,
  condition: text,
  context: text,
  count,
  data: text,
  dataId: text,
  endColumn: whole,
  endLine: whole,
  exact: flag,
  expression: text,
  filter: text,
  filterOptions: objects,
  filters: texts,
  frameId: whole,
  from: count,
  granularity: text,
  hitCondition: text,
  how: travel,
  id: whole,
  index: numbers,
  instructionCount: count,
  instructionOffset: whole,
  levels: count,
  limit: count,
  line: whole,
  logMessage: text,
  memoryReference: text,
  name: text,
  offset: whole,
  on: flag,
  path: text,
  ref: object,
  source: object,
  start: count,
  startFrame: count,
  terminateDebuggee: flag,
  text,
  threadId: whole,
  to: text,
  value: text,
  variablesReference: count,
  window: object,
};
/** What a request means nothing without. */
const needed: Readonly<Record<string, readonly string[]>> = {
  breakpointLocations: ['source', 'line'],
  completions: ['text', 'column'],
  evaluate: ['expression'],
  scopes: ['frameId'],
  setBreakpoints: ['source'],
  setDataBreakpoints: ['breakpoints'],
  setExceptionBreakpoints: ['filters'],
  setExpression: ['expression', 'value'],
  setFunctionBreakpoints: ['breakpoints'],
  setVariable: ['variablesReference', 'name', 'value'],
  variables: ['variablesReference'],
  dataBreakpointInfo: ['name'],
  ...({
    'tapedeck/hold': ['id', 'on'],
    'tapedeck/profile': ['on'],
    'tapedeck/profiled': ['from'],
    'tapedeck/runTo': ['to'],
    'tapedeck/setElement': ['id', 'index', 'value'],
    'tapedeck/stats': ['id'],
    'tapedeck/tape': ['id', 'start', 'count'],
    'tapedeck/tensor': ['ref'],
    'tapedeck/tensorOf': ['variablesReference', 'name'],
    'tapedeck/travel': ['how'],
    'tapedeck/window': ['id', 'window'],
  } satisfies { readonly [N in Name]?: readonly string[] }),
};
/** They say what a program is started with, and are read where that is known. */
const READ_ELSEWHERE = /^(initialize|launch|attach|restart)$/;

/** The arguments of a request. Fails, and names the one, where one cannot be right. */
export function checked(request: string, given: unknown): object {
  const all = given ?? {};
  if (!isObject(all)) throw errors.argument(request, 'arguments', ...misfit(object, all));
  if (READ_ELSEWHERE.test(request)) return all;
  check(request, all, '');
  // An argument that may be left out may be null as well: editors in Lua and Python send that.
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  const lacking = needed[request]?.find((name) => kept[name] === undefined);
  if (lacking !== undefined)
    throw errors.argument(request, lacking, ...misfit(names[lacking]!, undefined));
  return kept;
}

/** Lists of breakpoints and references are made of the same words. */
function check(request: string, given: object, within: string): void {
  for (const [name, value] of Object.entries(given)) {
    const fits = Object.hasOwn(names, name) ? names[name]! : null;
    if (!fits || value === undefined || value === null) continue;
    const where = `${within}${name}`;
    if (!fits[1](value)) throw errors.argument(request, where, ...misfit(fits, value));
    if (fits === object) check(request, value as object, `${where}.`);
    if (fits === objects)
      for (const [i, each] of (value as readonly object[]).entries())
        check(request, each, `${where}[${i}].`);
  }
}

function misfit([what]: Fits, value: unknown): [string, string] {
  const said = JSON.stringify(value) ?? 'missing';
  return [what, said.length > 60 ? `${said.slice(0, 60)}…` : said];
}

/** What JavaScript stumbled over in the adapter says nothing to whoever sent the request. */
export function misread(failure: unknown, request: string): unknown {
  const ours = failure instanceof AdapterError || !(failure instanceof Error);
  return !ours && /^(TypeError|RangeError)$/.test(failure.name)
    ? errors.malformed(request)
    : failure;
}
