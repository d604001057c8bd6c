import type { Kernels, Buf, ZipFormula } from './device.ts';
import type { Spec } from './op.ts';
import { broadcast } from './shape.ts';
/** spec and forward of a row that is one formula over two broadcasting inputs. */
export function zip(formula: ZipFormula) {
  return {
    inputs: { x: 'one', y: 'one' } as const,
    formula,
    spec: ({ x, y }: { x: Spec; y: Spec }): Spec => ({
      shape: broadcast(formula, x.shape, y.shape),
      dtype: x.dtype,
    }),
    forward: (k: Kernels, { x, y }: { x: Buf; y: Buf }, _attrs: unknown, out: Buf): void =>
      k.zip(formula, out, x, y),
  };
}
