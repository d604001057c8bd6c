import type { Buf, Override, Overrides } from '../../../device.ts';
import { buf } from '../conv.ts';
import type { Team } from '../team.ts';
import { address } from '../workshop.ts';
import { densely } from './dense-inputs.ts';
import { factors, fits, turned, type Kernel, type Tools } from './tools.ts';

/**
 * Cells of recurrent networks: matrix products, and one pass over what stands
 * between them. What the gradient needs of that is kept as `gates`.
 */
export function recurrent(tools: Tools): Overrides {
  return { lstmCell: lstmCell(tools), gruCell: gruCell(tools) };
}

function lstmCell(tools: Tools): Override {
  const { all, kernels, team, temporaries } = tools;
  const { lstmCell, lstmCellGrad } = all;
  return {
    forward(inputs, _, outs) {
      const [x, h, c, kernel, recurrentKernel, bias] = inputs as LstmInputs;
      const beside = bias === undefined ? [c] : [c, bias];
      if (!factors([x, h, kernel, recurrentKernel]) || !fits([...beside, ...outs])) return false;
      const [m, units] = h.shape as [number, number];
      const [toH, next, kept] = outs as [Buf, Buf, Buf?];
      const length = 16 * m * units;
      const [a, b] = [temporaries.take(length), temporaries.take(length)];
      const products = () => {
        kernels.matMul(buf(a, [m, 4 * units]), x, kernel);
        kernels.matMul(buf(b, [m, 4 * units]), h, recurrentKernel);
      };
      const row = 4 * units;
      const at = [address(toH), address(next), kept ? address(kept) : 0, a, b];
      const args = [...at, bias ? address(bias) : 0, address(c), m, units];
      const steps = [row, row, kept ? 5 * row : 0, 4 * row, 4 * row, 0, row, 0, 0];
      overwriting(team, products, lstmCell!, 32 * m * units, m, args, steps);
      temporaries.end();
      return true;
    },
    saves: ['x', 'h', 'c', 'kernel', 'recurrentKernel', 'bias'],
    hidden: {
      names: ['gates'],
      specs: ([, h]) => [{ shape: [h!.shape[0]!, 5 * h!.shape[1]!], dtype: 'f32' }],
    },
    adds: [3, 4],
    gradients: (g, inputs, outs, _, to, before) =>
      densely(tools, g, (arrived) => {
        const [x, h, c, kernel, recurrentKernel] = inputs as LstmInputs;
        const [gh, gNext] = arrived;
        const kept = outs[2]!;
        const given = [gh, gNext].filter((one) => one !== undefined);
        const asked = to.filter((one) => one !== null);
        if (!factors([x, h, kernel, recurrentKernel])) return false;
        if (!fits([...given, c, kept, ...asked])) return false;
        const [dx, dh, dc, dKernel, dRecurrent, dBias] = to;
        const [m, units] = h.shape as [number, number];
        const row = 4 * units;
        const sums = buf(temporaries.take(4 * m * row), [m, row]);
        const toC = dc ? address(dc) : temporaries.take(m * row);
        const at = [gh, gNext].map((one) => (one ? address(one) : 0)) as [number, number];
        team.share(
          lstmCellGrad!,
          8 * m * units,
          m,
          1,
          6,
          [address(sums), toC, ...at, address(kept), address(c), m, units],
          [4 * row, row, gh ? row : 0, gNext ? row : 0, 5 * row, row, 0, 0],
        );
        if (dx) kernels.matMul(dx, sums, turned(kernel));
        if (dh) kernels.matMul(dh, sums, turned(recurrentKernel));
        const [beforeKernel, beforeRecurrent] = before.slice(3);
        if (dKernel) kernels.matMul(dKernel, turned(x), sums, beforeKernel ?? undefined);
        if (dRecurrent) kernels.matMul(dRecurrent, turned(h), sums, beforeRecurrent ?? undefined);
        if (dBias) kernels.reduce('sum', dBias, sums, [0]);
        temporaries.end();
        return true;
      }),
  };
}
type LstmInputs = readonly [x: Buf, h: Buf, c: Buf, kernel: Buf, recurrentKernel: Buf, bias?: Buf];

function gruCell(tools: Tools): Override {
  const { all, kernels, team, temporaries } = tools;
  const { gruCell, gruCellGrad } = all;
  return {
    forward(inputs, attrs, outs) {
      const { resetAfter } = attrs as { readonly resetAfter: boolean };
      // Of one left-out bias the list does not say which it was.
      if (!resetAfter || inputs.length === 5) return false;
      const [x, h, kernel, recurrentKernel, ...biases] = inputs as GruInputs;
      if (!factors([x, kernel, recurrentKernel]) || !fits([h, ...biases, ...outs])) return false;
      const [m, units] = h.shape as [number, number];
      const [toH, kept] = outs as [Buf, Buf?];
      const length = 12 * m * units;
      const [a, b] = [temporaries.take(length), temporaries.take(length)];
      const products = () => {
        kernels.matMul(buf(a, [m, 3 * units]), x, kernel);
        kernels.matMul(buf(b, [m, 3 * units]), h, recurrentKernel);
      };
      const row = 4 * units;
      const [biasA = 0, biasB = 0] = biases.map(address);
      const at = [address(toH), kept ? address(kept) : 0, a, b, biasA, biasB, address(h)];
      const steps = [row, kept ? 4 * row : 0, 3 * row, 3 * row, 0, 0, row, 0, 0];
      overwriting(team, products, gruCell!, 24 * m * units, m, [...at, m, units], steps);
      temporaries.end();
      return true;
    },
    saves: ['x', 'h', 'kernel', 'recurrentKernel', 'bias', 'recurrentBias'],
    hidden: {
      names: ['gates'],
      specs: ([, h]) => [{ shape: [h!.shape[0]!, 4 * h!.shape[1]!], dtype: 'f32' }],
    },
    adds: [2, 3],
    gradients: (arrived, inputs, outs, _, to, before) =>
      densely(tools, arrived, ([g]) => {
        const [x, h, kernel, recurrentKernel] = inputs as GruInputs;
        const kept = outs[1]!;
        const asked = to.filter((one) => one !== null);
        if (!factors([x, kernel, recurrentKernel]) || !fits([g!, h, kept, ...asked])) return false;
        const [dx, dh, dKernel, dRecurrent, dBias, dRecurrentBias] = to;
        const [m, units] = h.shape as [number, number];
        const row = 4 * units;
        const [da, db] = [0, 1].map(() => buf(temporaries.take(3 * m * row), [m, 3 * units])) as [
          Buf,
          Buf,
        ];
        const straight = buf(temporaries.take(m * row), h.shape);
        team.share(
          gruCellGrad!,
          8 * m * units,
          m,
          1,
          6,
          [...[da, db, straight, g!, kept, h].map(address), m, units],
          [3 * row, 3 * row, row, row, 4 * row, row, 0, 0],
        );
        if (dx) kernels.matMul(dx, da, turned(kernel));
        if (dh) {
          kernels.matMul(dh, db, turned(recurrentKernel));
          kernels.zip('add', dh, dh, straight);
        }
        const [beforeKernel, beforeRecurrent] = before.slice(2);
        if (dKernel) kernels.matMul(dKernel, turned(x), da, beforeKernel ?? undefined);
        if (dRecurrent) kernels.matMul(dRecurrent, turned(h), db, beforeRecurrent ?? undefined);
        if (dBias) kernels.reduce('sum', dBias, da, [0]);
        if (dRecurrentBias) kernels.reduce('sum', dRecurrentBias, db, [0]);
        temporaries.end();
        return true;
      }),
  };
}
type GruInputs = readonly [x: Buf, h: Buf, kernel: Buf, recurrentKernel: Buf, ...biases: Buf[]];

/**
 * Makes what a kernel of m rows works on, and runs it. It writes over that, so
 * what a lost thread may have been at is made anew.
 */
function overwriting(
  team: Team,
  make: () => void,
  kernel: Kernel,
  work: number,
  m: number,
  args: readonly number[],
  steps: readonly number[],
): void {
  make();
  const shares = team.wants(work);
  if (shares && team.spread(kernel, work, m, 1, 7, args, steps)) return;
  if (shares && team.spoiled) make();
  kernel(...args);
}
