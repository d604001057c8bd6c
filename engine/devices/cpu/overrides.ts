import type { Buf, Override, Overrides } from '../../device.ts';
import type { Tensor } from '../../tensor.ts';
import type { Team } from './team.ts';
import type { Wasm } from './wasm.ts';
import { address, away } from './workshop.ts';

/**
 * Ops the CPU does in one pass where the row is written in several ops. Only
 * the way forward is in WebAssembly: gradients are tensor formulas, so that a
 * tape that records a backward pass can go through them once more.
 */
export function cpuOverrides({ exports }: Wasm, team: Team): Overrides {
  return {
    softmax: {
      forward: alongRows(team, exports.softmax),
      saves: ['out'],
      // dx_i = y_i (g_i - sum_j g_j y_j)
      backward([g], _, [y]) {
        const weighed = g!.mul(y!);
        return [weighed.sub(y!.mul(weighed.sum(-1, true)))];
      },
    },
    logSoftmax: {
      forward: alongRows(team, exports.logSoftmax),
      saves: ['out'],
      // dx_i = g_i - exp(y_i) sum_j g_j
      backward: ([g], _, [y]) => [g!.sub(y!.exp().mul(g!.sum(-1, true)))],
    },
    layerNorm: layerNorm(team, exports.layerNorm),
  };
}

/** A kernel over rows of the last axis, for an op with an attribute `axis`. */
function alongRows(team: Team, kernel: Wasm['exports']['softmax']): Override['forward'] {
  return ([x], attrs, [out]) => {
    const { axis } = attrs as { readonly axis: number };
    if (axis !== x!.shape.length - 1 || !fits([x!, out!])) return false;
    const n = x!.shape[axis]!;
    const work = 8 * x!.size;
    const args = [address(out!), address(x!), x!.size / n, n] as const;
    if (!team.wants(work) || !team.spread(kernel, work, args[2], 1, 2, args, [n * 4, n * 4, 0, 0]))
      kernel(...args);
    return true;
  };
}

function layerNorm(team: Team, kernel: Wasm['exports']['layerNorm']): Override {
  return {
    // Of one left-out input the list does not say which it was.
    forward(inputs, attrs, [out]) {
      if (inputs.length === 2 || !fits([...inputs, out!])) return false;
      const [x, scale, offset] = inputs as [Buf, Buf?, Buf?];
      const n = x.shape.at(-1)!;
      const { epsilon } = attrs as { readonly epsilon: number };
      const [by, plus] = scale && offset ? [address(scale), address(offset)] : [0, 0];
      const work = 3 * x.size;
      const args = [address(out!), address(x), by, plus, x.size / n, n, epsilon] as const;
      const steps = [n * 4, n * 4, 0, 0, 0, 0, 0];
      if (!team.wants(work) || !team.spread(kernel, work, args[4], 1, 4, args, steps))
        kernel(...args);
      return true;
    },
    saves: ['x', 'scale'],
    // With y = (x - mean) r, r = 1 / sqrt(variance + epsilon) and h = g scale:
    // dx = r (h - mean(h) - y mean(h y)).
    backward([g], [x, scale, offset], _, attrs, need) {
      const { epsilon } = attrs as { readonly epsilon: number };
      const centred = x!.sub(x!.mean(-1, true));
      const r = centred.square().mean(-1, true).add(epsilon).rsqrt();
      const y = centred.mul(r);
      const h = scale === undefined ? g! : g!.mul(scale);
      const dx = () =>
        h
          .sub(h.mean(-1, true))
          .sub(y.mul(h.mul(y).mean(-1, true)))
          .mul(r);
      const all: (Tensor | null)[] = [need[0] ? dx() : null];
      if (scale !== undefined) all.push(need[1] ? g!.mul(y).sumTo(scale.shape) : null);
      if (offset !== undefined) all.push(need[2] ? g!.sumTo(offset.shape) : null);
      return all;
    },
  };
}

/** Dense f32 in the kernels' memory, and something of it. */
function fits(bufs: readonly Buf[]): boolean {
  return bufs.every((x) => x.dtype === 'f32' && x.strides === null && x.size > 0 && !away(x));
}
