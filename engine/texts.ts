import type { Buf, Bytes } from './device.ts';
import { spread, walk } from './devices/plain/elements.ts';

/** The elements of the whole storage of a buffer of text: its offset and strides index them. */
export function textsOf({ storage }: Pick<Buf, 'storage'>): string[] {
  let list = texts.get(storage.bytes);
  if (list === undefined) texts.set(storage.bytes, (list = []));
  return list;
}

/** The elements of a buffer of text, row-major. */
export function textsIn(x: Buf): readonly string[] {
  const all = textsOf(x);
  const list: string[] = [];
  walk(x.shape, [spread(x, x.shape)], (_, at) => list.push(all[at[0]!] ?? ''));
  return list;
}

const texts = new WeakMap<Bytes, string[]>();
