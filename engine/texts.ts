import type { Buf, Bytes } from './device.ts';

/** The elements of the whole storage of a buffer of text: its offset and strides index them. */
export function textsOf({ storage }: Pick<Buf, 'storage'>): string[] {
  let list = texts.get(storage.bytes);
  if (list === undefined) texts.set(storage.bytes, (list = []));
  return list;
}

const texts = new WeakMap<Bytes, string[]>();
