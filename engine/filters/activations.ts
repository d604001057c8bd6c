import type { Buf } from '../device.ts';
import { isComplex, isSmooth } from '../dtype.ts';
import { reader } from '../element.ts';
import { place } from '../sites.ts';
import { describe } from '../tensor.ts';
import { lineOf, title, trail } from '../op-run.ts';
import type { OpRun } from '../trace.ts';
import type { FilterName } from '../protocol.ts';
import type { Check, Finding } from './checks.ts';

/** Activations that let no gradient through. */

/** Units (the last axis) that are 0 for everything in the batch. */
export const deadRelu: Check = {
  facts: ['share', 'zeros'],
  after(run) {
    if (!RELUS.has(run.name)) return [];
    const out = resultOf(run);
    if (out === null) return [];
    const units = out.shape.at(-1) ?? 1;
    const alive = new Uint8Array(units);
    const read = reader(out);
    let zeros = 0;
    for (let i = 0; i < out.size; i++) {
      if (Number(read(out.offset + i)) === 0) zeros++;
      else alive[i % units] = 1;
    }
    const dead = alive.reduce((count, is) => count + 1 - is, 0);
    const facts = { share: dead / units, zeros: zeros / out.size };
    return [
      finding('deadRelu', run, out, facts, `${dead} of ${units} units are 0 for the whole batch`),
    ];
  },
};

/** Values so near to the ends of what the function gives that it is all but level there. */
export const saturated: Check = {
  facts: ['share', 'low', 'high'],
  after(run) {
    const range = RANGES[run.name];
    const out = range === undefined ? null : resultOf(run);
    if (out === null) return [];
    const [from, to] = range!;
    const near = NEAR * (to - from);
    const read = reader(out);
    let [low, high] = [0, 0];
    for (let i = 0; i < out.size; i++) {
      const value = Number(read(out.offset + i));
      if (value < from + near) low++;
      else if (value > to - near) high++;
    }
    const share = (low + high) / out.size;
    const facts = { share, low: low / out.size, high: high / out.size };
    const percent = Math.round(share * 1000) / 10;
    const what = `${percent} % of the values are within 1 % of ${from} or ${to}`;
    return [finding('saturated', run, out, facts, what)];
  },
};

const RELUS: ReadonlySet<string> = new Set(['relu', 'relu6']);
const RANGES: { readonly [op: string]: readonly [from: number, to: number] | undefined } = {
  sigmoid: [0, 1],
  hardSigmoid: [0, 1],
  tanh: [-1, 1],
  hardTanh: [-1, 1],
  softsign: [-1, 1],
};
/** Of the whole range. */
const NEAR = 0.01;

/** Real numbers that lie in a row. */
function resultOf({ direction, outputs }: OpRun): Buf | null {
  const out = outputs[0]?.[1];
  if (direction !== 'forward' || out === undefined || out.size === 0) return null;
  return isSmooth(out.dtype) && !isComplex(out.dtype) && out.strides === null ? out : null;
}

function finding(
  filter: FilterName,
  run: OpRun,
  out: Buf,
  facts: { readonly [name: string]: number },
  what: string,
): Finding {
  return {
    facts,
    found() {
      const site = place(lineOf(run));
      return {
        filter,
        message: `${title(run)} made ${describe(out)}: ${what}`,
        chain: [{ op: trail(run), what, ...(site && { site }) }],
      };
    },
  };
}
