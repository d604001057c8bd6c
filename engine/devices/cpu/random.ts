import { ceiling } from '../plain/random.ts';

/** What the kernels of random f32 take for a formula's second constant: how far the numbers go, and above what there is none. */
export function reach(
  f: 'uniform' | 'normal',
  p: number,
  q: number,
): readonly [span: number, top: number] {
  return f === 'uniform' ? [q - p, ceiling('f32', p, q)] : [q, Infinity];
}
