import { buf } from '../conv.ts';
import type { Tools } from './tools.ts';

/** Dense matrices of so many rows and columns on their side: a copy in working memory, or at `to`. */
export function swapped(
  { kernels, temporaries }: Tools,
  from: number,
  batch: number,
  rows: number,
  columns: number,
  to = temporaries.take(4 * batch * rows * columns),
): number {
  const shape = [batch, columns, rows];
  kernels.map('identity', buf(to, shape), buf(from, shape, [rows * columns, 1, columns]));
  return to;
}
