import type { Override, Overrides } from '../../../device.ts';
import { factors, turned, type Tools } from './tools.ts';

/**
 * The gradients of matrix products. Those of weights that many steps share are
 * added up as they are computed, where the row would make each on its own.
 */
export function products({ kernels }: Tools): Overrides {
  const matMul: Override = {
    adds: [0, 1],
    gradients([g], [x, y], _, attrs, [dx, dy], [beforeX, beforeY]) {
      const { transposeA, transposeB } = attrs as Sides;
      const read = [g!, ...(dx ? [dx, y!] : []), ...(dy ? [dy, x!] : [])];
      if (!factors(read) || read.some(({ shape }) => shape.length !== 2)) return false;
      if (dx) {
        const [a, b] = transposeA
          ? [transposeB ? turned(y!) : y!, turned(g!)]
          : [g!, transposeB ? y! : turned(y!)];
        kernels.matMul(dx, a, b, beforeX ?? undefined);
      }
      if (dy) {
        const [a, b] = transposeB
          ? [turned(g!), transposeA ? turned(x!) : x!]
          : [transposeA ? x! : turned(x!), g!];
        kernels.matMul(dy, a, b, beforeY ?? undefined);
      }
      return true;
    },
  };
  return { matMul };
}

interface Sides {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
