import type { Override, Overrides } from '../../../device.ts';
import { address } from '../workshop.ts';
import { fits, type Kernel, type Tools } from './tools.ts';

/**
 * Gradients of activations, from their result or their input in one pass. The
 * rows' own formulas serve where a tape records the backward pass.
 */
export function activations({ all, team }: Tools): Overrides {
  const gradient = (
    saved: 'x' | 'out',
    cost: number,
    kernelOf: (attrs: unknown) => Kernel,
  ): Override => ({
    gradients([g], [x], [out], attrs, [to]) {
      const from = saved === 'x' ? x! : out!;
      if (!fits([g!, from, to!])) return false;
      const { size } = to!;
      const work = cost * size;
      const kernel = kernelOf(attrs);
      team.share(
        kernel,
        work,
        size,
        64,
        3,
        [address(to!), address(g!), address(from), size],
        [4, 4, 4, 0],
      );
      return true;
    },
  });
  return {
    tanh: gradient('out', 1, () => all['tanhGrad']!),
    sigmoid: gradient('out', 1, () => all['sigmoidGrad']!),
    silu: gradient('x', 6, () => all['siluGrad']!),
    gelu: gradient('x', 12, (attrs) =>
      (attrs as { readonly approximate: boolean }).approximate
        ? all['geluTanhGrad']!
        : all['geluGrad']!,
    ),
  };
}
