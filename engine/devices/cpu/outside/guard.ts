import type { Buf } from '../../../device.ts';
import { NoRoom, type Temporaries } from '../room.ts';
import { away } from '../workshop.ts';

/** Which arguments of a kernel are buffers. */
export const [FIRST, SECOND, THIRD, FOURTH] = [1, 2, 4, 8];
type AnyKernel = (...args: any[]) => void;

function gone(x: Buf | null | undefined): boolean {
  return x != null && away(x);
}

/** A kernel, where all its buffers are inside and there is room to work in; or else the other way. */
export function guarded<K extends AnyKernel>(
  temporaries: Temporaries,
  kernel: K,
  other: K,
  which: number,
): K {
  const guard: AnyKernel = (a, b, c, d, e, f, g) => {
    const out =
      ((which & FIRST) !== 0 && gone(a)) ||
      ((which & SECOND) !== 0 && gone(b)) ||
      ((which & THIRD) !== 0 && gone(c)) ||
      ((which & FOURTH) !== 0 && gone(d));
    if (out) return other(a, b, c, d, e, f, g);
    try {
      kernel(a, b, c, d, e, f, g);
    } catch (error) {
      again(error, temporaries);
      other(a, b, c, d, e, f, g);
    }
  };
  return guard as K;
}

/** Goes on where a kernel found no room to work in. */
export function again(error: unknown, temporaries: Temporaries): void {
  if (!(error instanceof NoRoom)) throw error;
  temporaries.end();
}
