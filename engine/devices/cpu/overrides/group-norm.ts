import type { Buf, Override, Overrides } from '../../../device.ts';
import type { DataFormat } from '../../../sliding.ts';
import { BENCH_AT } from '../room.ts';
import { address } from '../workshop.ts';
import { swapped } from './swapped.ts';
import { fits, type Tools } from './tools.ts';

interface Attrs {
  readonly groups: number;
  readonly epsilon: number;
  readonly dataFormat: DataFormat;
}

/** Norms of groups of channels: those of an image one after the other, which images with channels last are copied to be. */
export function groupNorms(tools: Tools): Overrides {
  const { all, wasm, team, temporaries } = tools;
  const { groupNorm, groupNormGrad } = all;
  const { columns } = wasm.folds.f32.get('sum')!;
  const override: Override = {
    forward(inputs, attrs, [out]) {
      // Of one left-out input the list does not say which it was.
      if (inputs.length === 2 || !fits([...inputs, out!])) return false;
      const [x, scale, offset] = inputs as [Buf, Buf?, Buf?];
      const { batch, channels, space, groups, epsilon, last } = sizes(x, attrs as Attrs);
      const from = last ? swapped(tools, address(x), batch, space, channels) : address(x);
      const to = last ? temporaries.take(4 * x.size) : address(out!);
      const [m, n] = [batch * groups, (channels / groups) * space];
      const beside = [scale, offset].map((one) => (one ? address(one) : 0));
      const args = [to, from, ...beside, 0, m, groups, channels / groups, space, epsilon];
      team.share(groupNorm!, 3 * x.size, m, 1, 5, args, [4 * n, 4 * n, 0, 0, 1, 0, 0, 0, 0, 0]);
      if (last) swapped(tools, to, batch, channels, space, address(out!));
      temporaries.end();
      return true;
    },
    saves: ['x', 'scale', 'offset'],
    gradients([g], inputs, _, attrs, to) {
      const asked = to.filter((one) => one !== null);
      if (inputs.length === 2 || !fits([g!, ...inputs, ...asked])) return false;
      const [x, scale] = inputs as [Buf, Buf?];
      const [dx, dScale, dOffset] = to as [Buf | null, Buf?, Buf?];
      const { batch, channels, space, groups, epsilon, last } = sizes(x, attrs as Attrs);
      const [from, above] = [x, g!].map((one) =>
        last ? swapped(tools, address(one), batch, space, channels) : address(one),
      ) as [number, number];
      const made = dx && !last ? address(dx) : temporaries.take(4 * x.size);
      const sums = temporaries.take(8 * batch * channels);
      const [m, n] = [batch * groups, (channels / groups) * space];
      const args = [made, above, from, scale ? address(scale) : 0, sums];
      args.push(0, m, groups, channels / groups, space, epsilon);
      const steps = [4 * n, 4 * n, 4 * n, 0, 0, 1, 0, 0, 0, 0, 0];
      team.share(groupNormGrad!, 6 * x.size, m, 1, 6, args, steps);
      [dScale, dOffset].forEach((one, i) => {
        if (!one) return;
        columns(address(one), sums + 4 * channels * i, batch, channels, 8 * channels, 1, BENCH_AT);
      });
      if (dx && last) swapped(tools, made, batch, channels, space, address(dx));
      temporaries.end();
      return true;
    },
  };
  return { groupNorm: override };
}

function sizes({ shape, size }: Buf, { groups, epsilon, dataFormat }: Attrs) {
  const batch = shape[0]!;
  const channels = dataFormat === 'NHWC' ? shape.at(-1)! : shape[1]!;
  const space = size / batch / channels;
  // Of one channel or one place it does not matter.
  const last = dataFormat === 'NHWC' && space > 1 && channels > 1;
  return { batch, channels, space, groups, epsilon, last };
}
