/** What the page of a tensor editor begins with, read while the editor still makes room for the page. */
import type { Cells, LiveTensor, Window } from '../../debug-adapter/protocol.ts';
import type { OpenedTensor } from '../protocol.ts';
import { firstSlice, sizeOf, windowOf } from './model.ts';
import { cornerOf } from './tiles.ts';

/** A program that takes longer, in milliseconds, is asked once more by the page. */
const PATIENCE = 500;

/** The tensor with its first elements, where the program gives them soon. Fails where it has no such tensor any more. */
export async function opening(
  tensor: LiveTensor,
  about: Omit<OpenedTensor, 'tensor' | 'corner'>,
  read: (window: Window) => Promise<Cells>,
): Promise<OpenedTensor> {
  const known = { ...about, tensor };
  if (!about.paused || tensor.shape.includes(0)) return known;
  const slice = firstSlice(tensor.shape);
  const { rows, columns } = cornerOf(sizeOf(slice, tensor.shape));
  const window = windowOf(slice, rows, columns);
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), PATIENCE);
  const cells = await Promise.race([read(window), late.promise]).finally(() => clearTimeout(timer));
  return cells ? { ...known, corner: { window, cells } } : known;
}
