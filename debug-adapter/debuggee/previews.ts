/**
 * One line for any JavaScript value, made in the user's process without
 * running any of its code: no getters, no proxies' traps, no `toString`.
 */
import { types } from 'node:util';

/** Says what stands for an object that is not JavaScript's own business: a tensor. */
export type Foreign = (value: object) => string | null;

/** The line of a row: a value with the first of what is in it. */
export function textOf(value: unknown, foreign: Foreign): string {
  if (!isObject(value)) return primitive(value, LINE);
  if (types.isProxy(value)) return 'Proxy';
  if (typeof value === 'function') return functionText(value);
  const named = foreign(value) ?? ownText(value);
  if (named !== null) return named;
  if (types.isMap(value)) {
    const size = mapSize.call(value) as number;
    return `Map(${size}) ${list('{', '}', size, mapParts(value, foreign))}`;
  }
  if (types.isSet(value)) {
    const size = setSize.call(value) as number;
    return `Set(${size}) ${list('{', '}', size, setParts(value, foreign))}`;
  }
  if (Array.isArray(value)) {
    return `(${value.length}) ${list('[', ']', value.length, slots(value, value.length, foreign))}`;
  }
  if (types.isTypedArray(value)) {
    const length = typedLength.call(value) as number;
    const parts = slots(value, length, foreign);
    return `${typedName.call(value) as string}(${length}) ${list('[', ']', length, parts)}`;
  }
  const name = className(value);
  const names = ownNames(value);
  const body = list('{', '}', names.length, properties(value, names, foreign));
  return name === 'Object' ? body : `${name} ${body}`;
}

/** A value inside of another one's line. */
export function brief(value: unknown, foreign: Foreign): string {
  if (!isObject(value)) return primitive(value, WORD);
  if (types.isProxy(value)) return 'Proxy';
  if (typeof value === 'function') return 'ƒ';
  const named = foreign(value) ?? ownText(value);
  if (named !== null) return named.length > WORD ? `${named.slice(0, WORD)}…` : named;
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (types.isTypedArray(value)) {
    return `${typedName.call(value) as string}(${typedLength.call(value) as number})`;
  }
  if (types.isMap(value)) return `Map(${mapSize.call(value) as number})`;
  if (types.isSet(value)) return `Set(${setSize.call(value) as number})`;
  const name = className(value);
  return name === 'Object' ? '{…}' : name;
}

/** What the value is, for DAP's `type`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (types.isProxy(value)) return 'Proxy';
  return typeof value === 'object' ? className(value) : typeof value;
}

/** How many numbered children; null where there are none by nature. */
export function lengthOf(value: object): number | null {
  if (Array.isArray(value)) return value.length;
  if (types.isTypedArray(value)) return typedLength.call(value) as number;
  if (types.isMap(value)) return mapSize.call(value) as number;
  if (types.isSet(value)) return setSize.call(value) as number;
  return null;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function isClass(value: unknown): boolean {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}

const LINE = 1000;
const WORD = 40;
const ITEMS = 8;
const WIDTH = 100;

function primitive(value: unknown, width: number): string {
  if (typeof value === 'string') {
    const text = value.length > width ? `${value.slice(0, width)}…` : value;
    // As a user of JavaScript writes it: single quotes, as the engine's own messages have them.
    return `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return Symbol.prototype.toString.call(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Objects whose own line says more than their properties. */
function ownText(value: object): string | null {
  if (types.isNativeError(value)) return errorText(value);
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value);
  if (types.isPromise(value)) return 'Promise';
  if (types.isBoxedPrimitive(value)) return `${className(value)} {…}`;
  if (types.isModuleNamespaceObject(value)) return 'Module {…}';
  if (types.isAnyArrayBuffer(value)) {
    const shared = types.isSharedArrayBuffer(value);
    const { get } = Object.getOwnPropertyDescriptor(
      (shared ? SharedArrayBuffer : ArrayBuffer).prototype,
      'byteLength',
    )!;
    return `${shared ? 'SharedArrayBuffer' : 'ArrayBuffer'}(${get!.call(value) as number})`;
  }
  return null;
}

function errorText(error: Error): string {
  const message = Object.getOwnPropertyDescriptor(error, 'message')?.value as unknown;
  const name = className(error);
  return typeof message === 'string' && message ? `${name}: ${message.split('\n')[0]}` : name;
}

function functionText(value: Function): string {
  const source = Function.prototype.toString.call(value);
  const name = (Object.getOwnPropertyDescriptor(value, 'name')?.value as unknown) || '(anonymous)';
  if (source.startsWith('class')) return `class ${String(name)}`;
  const parameters = /^[^(=]*(\([^)]*\))/.exec(source)?.[1] ?? '()';
  // Where types stood are blanks.
  const tidy = parameters.replace(/\s+/g, ' ').replace(/ (?=[,)])/g, '');
  return `ƒ ${String(name)}${tidy.slice(0, WORD)}`;
}

function className(value: object): string {
  for (let holder: object | null = value; holder;) {
    if (types.isProxy(holder)) return 'Proxy';
    const found = Object.getOwnPropertyDescriptor(holder, 'constructor')?.value as unknown;
    if (typeof found === 'function' && !types.isProxy(found)) {
      const name = Object.getOwnPropertyDescriptor(found, 'name')?.value as unknown;
      return typeof name === 'string' && name ? name : 'Object';
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return 'Object';
}

/** What fits on the line, and a sign that there is more. */
function list(open: string, close: string, count: number, parts: Iterable<string>): string {
  const shown: string[] = [];
  let width = 0;
  for (const part of parts) {
    if (shown.length === ITEMS || width + part.length > WIDTH) break;
    shown.push(part);
    width += part.length + 2;
  }
  if (shown.length < count) shown.push('…');
  return `${open}${shown.join(', ')}${close}`;
}

function* slots(value: object, length: number, foreign: Foreign): Generator<string> {
  for (let i = 0; i < length; i++) {
    const found = Object.getOwnPropertyDescriptor(value, i);
    if (!found) yield 'empty';
    else yield found.get ? '(…)' : brief(found.value, foreign);
  }
}

function* mapParts(value: Map<unknown, unknown>, foreign: Foreign): Generator<string> {
  for (const [k, v] of Map.prototype.entries.call(value) as Iterable<[unknown, unknown]>) {
    yield `${brief(k, foreign)} => ${brief(v, foreign)}`;
  }
}

function* setParts(value: Set<unknown>, foreign: Foreign): Generator<string> {
  for (const item of Set.prototype.values.call(value) as Iterable<unknown>) {
    yield brief(item, foreign);
  }
}

function ownNames(value: object): string[] {
  return Object.getOwnPropertyNames(value).filter(
    (name) => Object.getOwnPropertyDescriptor(value, name)!.enumerable,
  );
}

function* properties(value: object, names: readonly string[], foreign: Foreign): Generator<string> {
  for (const name of names) {
    const found = Object.getOwnPropertyDescriptor(value, name)!;
    const text = found.get || found.set ? '(…)' : brief(found.value, foreign);
    yield `${name}: ${text}`;
  }
}

const typedPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
const typedLength = getter(typedPrototype, 'length');
const typedName = getter(typedPrototype, Symbol.toStringTag);
const mapSize = getter(Map.prototype, 'size');
const setSize = getter(Set.prototype, 'size');

function getter(prototype: object, name: PropertyKey): () => unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get!;
}
