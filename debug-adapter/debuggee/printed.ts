/**
 * What the console printed last, so that it can be opened in the editor. The
 * program may drop what it printed and expects its memory back: only so many
 * prints are kept, and only so much memory among them.
 */
import { types } from 'node:util';
import { desk } from './desk.ts';
import { isObject, lengthOf } from './previews.ts';
import { PRINTS, PRINTED_BYTES, type Printed } from './words.ts';

/** Keeps what a call of the console printed; null where there is nothing to open, or too much to keep. */
export function keep(values: readonly unknown[]): Printed | null {
  if (!values.some(isObject)) return null;
  const bytes = weigh(values, { left: VISITS });
  if (bytes > PRINTED_BYTES) return null;
  const value = values.length === 1 ? values[0] : values;
  kept.set(++count, { value, bytes });
  held += bytes;
  for (const [id, old] of kept) {
    if (kept.size <= PRINTS && held <= PRINTED_BYTES) break;
    kept.delete(id);
    held -= old.bytes;
  }
  const rows = desk()?.extent(value)?.rows ?? (isObject(value) ? lengthOf(value) : null);
  return { id: count, rows: rows ?? 0 };
}

/** What a print printed: its value, or the list of them. Fails where it is no longer kept. */
export function printed(id: number): unknown {
  const found = kept.get(id);
  if (!found) throw new Error(GONE);
  return found.value;
}

const GONE = `This value is gone: the console keeps the last ${PRINTS} that were printed, up to ${PRINTED_BYTES / 1e6} MB.`;
/** A glance at what is printed must not cost more than printing it. */
const VISITS = 200;
const DEPTH = 3;

const kept = new Map<number, { readonly value: unknown; readonly bytes: number }>();
let count = 0;
let held = 0;

/** About how much memory values hold on to: that of tensors and arrays, as deep as one looks. */
function weigh(values: Iterable<unknown>, visits: { left: number }, depth = DEPTH): number {
  let bytes = 0;
  for (const value of values) {
    if (visits.left-- <= 0) break;
    if (!isObject(value) || types.isProxy(value)) continue;
    const tensor = desk()?.extent(value);
    if (tensor) bytes += tensor.bytes;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else bytes += 8 * (lengthOf(value) ?? 0) + (depth ? weigh(parts(value), visits, depth - 1) : 0);
  }
  return bytes;
}

/** What is in a value. No getter is called, and a module may not have run so far. */
function* parts(value: object): Generator {
  if (types.isModuleNamespaceObject(value)) return;
  if (types.isMap(value)) yield* Map.prototype.values.call(value);
  if (types.isSet(value)) yield* Set.prototype.values.call(value);
  const names = Array.isArray(value) ? value.keys() : Object.getOwnPropertyNames(value);
  for (const name of names) yield Object.getOwnPropertyDescriptor(value, name)?.value;
}
