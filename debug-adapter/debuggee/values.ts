/**
 * How JavaScript values look in Variables. This runs in the user's process, so
 * that a whole scope is one question and one answer. No getter is called
 * unless the user asks for that one, no proxy's trap, no `toString` of theirs.
 * What a tensor looks like is the engine's business.
 */
import { types } from 'node:util';
import type { Cursor, LiveRows, TensorRow, Travel } from '../../engine/protocol.ts';
import { desk } from './desk.ts';
import { at, isPair, put, type Key, type Path } from './paths.ts';
import { brief, isClass, isObject, kindOf, lengthOf, textOf } from './previews.ts';

export type { Key, Path } from './paths.ts';

/** A line of Variables. */
export interface Row {
  readonly name: string;
  readonly key: Key;
  readonly text: string;
  readonly type: string;
  /** How many children it has with names, and with numbers. */
  readonly named: number;
  readonly indexed: number;
  readonly tensor?: TensorRow;
  /** A getter: shown only when asked for. */
  readonly lazy?: boolean;
  readonly readOnly?: boolean;
  readonly hint?: 'method' | 'class' | 'virtual' | 'property';
  /** How an expression reaches it from its container; absent where none does. */
  readonly access?: string;
}

export type Filter = 'named' | 'indexed' | 'all';

export interface Values {
  /** What a value is, as a row. */
  row(value: unknown, name: string): Row;
  /** The children of what lies at a path. `scope`: the container is a scope, not an object. */
  children(
    root: unknown,
    path: Path,
    filter: Filter,
    start: number,
    count: number,
    scope: boolean,
  ): Row[];
  /** What lies at a path, as a row. */
  rowAt(root: unknown, path: Path): Row;
  /** The tensors among values, largest first. */
  rows(values: readonly unknown[], limit: number): LiveRows;
  /** Moves over the op log; `handles` are all tensors that the program holds. */
  travel(how: Travel, handles: readonly unknown[], id: number | null): Cursor | null;
  /** A tensor that is shown or held; null where it is gone. */
  known(id: number): TensorRow | null;
  /** The names of a scope. */
  names(scope: object): string[];
  /** Brings the copy of a scope up to date. */
  update(scope: object, now: object): void;
  /** Keeps a question that may run code of the user's. `answer` answers it by its number, in an evaluation. */
  later(what: keyof Slow, ...given: readonly unknown[]): number;
  answer(number: number): unknown;
  /** Names that can follow a dot, nearest first. */
  members(value: unknown): { readonly name: string; readonly kind: string }[];
}

/** What may run code of the user's (getters, setters, the traps of a proxy), and so needs a time limit. */
export interface Slow {
  /** What lies at a path, also behind a getter. */
  at(root: unknown, path: Path): unknown;
  /** Text that is worth copying. */
  whole(root: unknown, path: Path): string;
  /** Sets what lies at a path of an object. */
  set(root: unknown, path: Path, value: unknown): void;
  /** Changes a tensor in place. */
  assign(id: number, value: unknown): void;
  assignAt(id: number, index: string, value: unknown): void;
  setAttr(name: string, value: unknown): void;
}

const slow: Slow = {
  at,
  whole: (root, path) => whole(at(root, path)),
  set: (root, path, value) => put(at(root, path.slice(0, -1)), path.at(-1)!, value),
  assign: (id, value) => desk()!.assign(id, value),
  assignAt: (id, index, value) => desk()!.assignAt(id, index, value),
  setAttr: (name, value) => desk()!.setAttr(name, value),
};

export const values: Values = {
  row: (value, name) => row(name, { property: name }, value),
  children(root, path, filter, start, count, scope) {
    const value = at(root, path);
    if (!isObject(value) || types.isProxy(value)) return [];
    const rows: Row[] = [];
    if (filter !== 'named') rows.push(...numbered(value, start, count));
    if (filter !== 'indexed') rows.push(...named(value, scope));
    return rows;
  },
  rowAt: (root, path) => row('', path.at(-1) ?? { property: '' }, at(root, path)),
  rows: (all, limit) => desk()!.rows(all, limit),
  travel: (how, handles, id) => desk()!.travel(how, handles, id ?? undefined),
  known(id) {
    try {
      return desk()!.row(desk()!.handle(id));
    } catch {
      return null;
    }
  },
  names: (scope) => Object.getOwnPropertyNames(scope),
  update(scope, now) {
    // Returns nothing: all values of the scope together are too much for an answer.
    Object.defineProperties(scope, Object.getOwnPropertyDescriptors(now));
  },
  later(what, ...given) {
    kept.set(++count, () => (slow[what] as (...given: readonly unknown[]) => unknown)(...given));
    return count;
  },
  answer(number) {
    const asked = kept.get(number)!;
    kept.delete(number);
    return asked();
  },
  members,
};

const kept = new Map<number, () => unknown>();
let count = 0;

/** A value in one line, a tensor with its statistics. */
export function lineOf(value: unknown): string {
  return row('', { property: '' }, value).text;
}

function row(name: string, key: Key, value: unknown, more: Partial<Row> = {}): Row {
  // A proxy would hear the question whether it is a tensor.
  const tensor = isObject(value) && !types.isProxy(value) ? desk()?.row(value) : null;
  if (tensor) {
    return {
      name,
      key,
      text: tensor.text,
      type: tensor.variable ? 'Variable' : 'Tensor',
      named: 0,
      indexed: tensor.shape[0] ?? 0,
      tensor,
      ...more,
    };
  }
  const { named, indexed } = counts(value);
  return {
    name,
    key,
    text: textOf(value, nested),
    type: kindOf(value),
    named,
    indexed,
    ...(typeof value === 'function' ? { hint: isClass(value) ? 'class' : 'method' } : {}),
    ...more,
  };
}

/** What stands for a tensor inside the preview of something else: no statistics there. */
function nested(value: object): string | null {
  const tensor = desk()?.label(value);
  return tensor ?? null;
}

/** Arrays above this are paged by the editor. */
const PAGED = 100;

function counts(value: unknown): { named: number; indexed: number } {
  if (!isObject(value) || types.isProxy(value)) return { named: 0, indexed: 0 };
  const indexed = lengthOf(value);
  if (indexed !== null && indexed > PAGED) return { named: 1, indexed };
  return { named: 1, indexed: 0 };
}

function numbered(value: object, start: number, count: number): Row[] {
  const length = lengthOf(value);
  if (length === null) return [];
  const last = Math.min(length, start + count);
  if (types.isMap(value) || types.isSet(value)) return entries(value, start, last);
  const rows: Row[] = [];
  for (let i = start; i < last; i++) {
    const name = String(i);
    const found = Object.getOwnPropertyDescriptor(value, name);
    if (!found) continue;
    rows.push(property(name, found, `[${i}]`));
  }
  return rows;
}

function entries(value: Map<unknown, unknown> | Set<unknown>, start: number, last: number): Row[] {
  const rows: Row[] = [];
  let i = 0;
  const each: Iterable<unknown> = types.isMap(value)
    ? (Map.prototype.entries.call(value) as Iterable<unknown>)
    : (Set.prototype.values.call(value as Set<unknown>) as Iterable<unknown>);
  for (const entry of each) {
    if (i >= last) break;
    if (i >= start) {
      const key = { entry: i } as const;
      if (types.isMap(value)) {
        const [k, v] = entry as [unknown, unknown];
        rows.push(isObject(k) ? { ...pair(String(i), key, k, v) } : row(brief(k, nested), key, v));
      } else rows.push(row(String(i), key, entry, { readOnly: true }));
    }
    i++;
  }
  return rows;
}

function pair(name: string, key: Key, k: unknown, v: unknown): Row {
  return {
    name,
    key,
    text: `{${brief(k, nested)} => ${brief(v, nested)}}`,
    type: '',
    named: 2,
    indexed: 0,
    hint: 'virtual',
    readOnly: true,
  };
}

function named(value: object, scope: boolean): Row[] {
  if (isPair(value)) {
    return [
      row('key', { part: 'key' }, value.key, { readOnly: true }),
      row('value', { part: 'value' }, value.value),
    ];
  }
  const rows: Row[] = [];
  const length = lengthOf(value);
  for (const name of Object.getOwnPropertyNames(value)) {
    if (length !== null && (/^(0|[1-9]\d*)$/.test(name) || name === 'length')) continue;
    const found = descriptor(value, name);
    if (!found) rows.push(unavailable(name, 'not initialized yet'));
    else if (scope) rows.push(binding(name, found));
    else rows.push(property(name, found, accessTo(name)));
  }
  if (scope) return rows;
  Object.getOwnPropertySymbols(value).forEach((symbol, i) => {
    const found = Object.getOwnPropertyDescriptor(value, symbol)!;
    if ('value' in found) rows.push(row(String(symbol), { symbol: i }, found.value));
  });
  const prototype: unknown = Object.getPrototypeOf(value);
  if (isObject(prototype)) {
    rows.push(...inherited(prototype));
    rows.push(
      row('[[Prototype]]', { prototype: true }, prototype, {
        text: brief(prototype, () => null),
        hint: 'virtual',
        readOnly: true,
      }),
    );
  }
  return rows;
}

/** Getters of the classes in between are what one expects to see on an instance. */
function inherited(prototype: object): Row[] {
  const rows: Row[] = [];
  for (
    let holder: object | null = prototype;
    holder && holder !== Object.prototype && !types.isProxy(holder) && !isBuiltIn(holder);
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (get && name !== '__proto__') rows.push(lazy(name));
    }
  }
  return rows;
}

function isBuiltIn(prototype: object): boolean {
  const found = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  return (
    typeof found?.value === 'function' &&
    /\{ \[native code\] \}$/.test(Function.prototype.toString.call(found.value))
  );
}

function property(name: string, found: PropertyDescriptor, access: string): Row {
  if (found.get) return lazy(name);
  if (found.set) return { ...lazy(name), text: 'a setter only', lazy: false, readOnly: true };
  const key = { property: name };
  return row(name, key, found.value, {
    access,
    ...(found.writable ? {} : { readOnly: true }),
  });
}

/** V8 gives what cannot be read (not declared yet, optimized away) as an accessor. */
function binding(name: string, found: PropertyDescriptor): Row {
  if ('value' in found) return row(name, { property: name }, found.value, { access: name });
  return unavailable(name, 'not available here');
}

function unavailable(name: string, text: string): Row {
  return { name, key: { property: name }, text, type: '', named: 0, indexed: 0, readOnly: true };
}

/** undefined for an export of a module that has not run so far. */
function descriptor(value: object, name: string): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(value, name);
  } catch {
    return undefined;
  }
}

function lazy(name: string): Row {
  return {
    name,
    key: { getter: name },
    text: '(…)',
    type: '',
    named: 1,
    indexed: 0,
    lazy: true,
    access: accessTo(name),
  };
}

function accessTo(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `.${name}`
    : `[${JSON.stringify(name)}]`;
}

/** Text that is worth copying: strings as they are, tensors and plain data as JSON. */
function whole(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value) || typeof value === 'function') return textOf(value, nested);
  const seen = new Set<unknown>();
  try {
    return JSON.stringify(
      value,
      (_, part: unknown) => {
        if (typeof part === 'bigint') return String(part);
        if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
        if (!isObject(part)) return part;
        const list = desk()?.list(part);
        if (list) return list;
        if (seen.has(part)) return '[seen above]';
        seen.add(part);
        if (types.isMap(part)) return [...part];
        if (types.isSet(part)) return [...part];
        if (types.isTypedArray(part)) return Array.from(part as Uint8Array);
        return part;
      },
      desk()?.row(value) ? undefined : 2,
    );
  } catch (failure) {
    return `${textOf(value, nested)} (${String(failure)})`;
  }
}

function members(value: unknown): { name: string; kind: string }[] {
  const found = new Map<string, string>();
  for (
    let holder = isObject(value) ? value : (Object(value ?? {}) as object);
    holder && !types.isProxy(holder) && found.size < 2000;
    holder = Object.getPrototypeOf(holder) as object
  ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (found.has(name) || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) continue;
      const held: unknown = descriptor(holder, name)?.value;
      found.set(
        name,
        typeof held === 'function' ? (isClass(held) ? 'class' : 'method') : 'property',
      );
    }
  }
  return [...found].map(([name, kind]) => ({ name, kind }));
}
