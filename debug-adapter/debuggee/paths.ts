/** Ways from a value to something in it, which stay right while the program stands still. */
import { types } from 'node:util';
import { isObject } from './previews.ts';

/** One step from a value to something in it. */
export type Key =
  | { readonly property: string }
  | { readonly symbol: number }
  /** The nth key and value of a Map, or value of a Set. */
  | { readonly entry: number }
  | { readonly part: 'key' | 'value' }
  /** The value of a getter, which is called for it. */
  | { readonly getter: string }
  | { readonly prototype: true };
export type Path = readonly Key[];

export function at(root: unknown, path: Path): unknown {
  let value = root;
  // A getter found on the way up runs on the object it was asked of, not on its prototype.
  let receiver = root;
  for (const key of path) {
    const container = value as object;
    if ('prototype' in key) {
      value = Object.getPrototypeOf(container);
      continue;
    }
    if ('property' in key) value = Object.getOwnPropertyDescriptor(container, key.property)?.value;
    else if ('getter' in key) value = Reflect.get(container, key.getter, receiver);
    else if ('symbol' in key) {
      const symbol = Object.getOwnPropertySymbols(container)[key.symbol]!;
      value = Object.getOwnPropertyDescriptor(container, symbol)?.value;
    } else if ('part' in key) value = (container as Pair)[key.part];
    else value = entry(container as Map<unknown, unknown>, key.entry);
    receiver = value;
  }
  return value;
}

function entry(container: Map<unknown, unknown> | Set<unknown>, n: number): unknown {
  let i = 0;
  if (!types.isMap(container)) {
    for (const value of container) if (i++ === n) return value;
    return undefined;
  }
  for (const [key, value] of Map.prototype.entries.call(container) as Iterable<
    [unknown, unknown]
  >) {
    if (i++ === n) return isObject(key) ? new Pair(key, value) : value;
  }
  return undefined;
}

export function put(container: unknown, key: Key, value: unknown): void {
  if ('entry' in key && types.isMap(container)) {
    const k = [...container.keys()][key.entry];
    container.set(k, value);
  } else if ('property' in key || 'getter' in key) {
    const name = 'property' in key ? key.property : key.getter;
    if (!Reflect.set(container as object, name, value)) {
      throw new Error(`'${name}' cannot be set: it is read-only`);
    }
  } else throw new Error('this cannot be set');
}

class Pair {
  readonly key: unknown;
  readonly value: unknown;
  constructor(key: unknown, value: unknown) {
    this.key = key;
    this.value = value;
  }
}

export function isPair(value: object): value is Pair {
  return value instanceof Pair;
}
