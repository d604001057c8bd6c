import { reader } from '../element.ts';
import { brief } from '../brief.ts';
import { sameShape } from '../shape.ts';
import { place } from '../sites.ts';
import type { Tensor } from '../tensor.ts';
import { lineOf, title, trail } from '../op-run.ts';
import type { OpRun } from '../trace.ts';
import type { Check } from './checks.ts';

/** How much an update changes a variable, by the size of the change over that of the variable. */
export const weightUpdate: Check = {
  facts: ['ratio', 'name', 'rank'],
  after(run) {
    const change = changeOf(run);
    if (change === null) return [];
    const { variable, next } = change;
    const ratio = ratioOf(variable, next);
    const { name = 'a variable' } = (next.watched ? next : variable) as { readonly name?: string };
    const what = `changes ${name} by ${brief(ratio)} times its size`;
    return [
      {
        facts: { ratio, name, rank: variable.shape.length },
        found() {
          const site = place(lineOf(run));
          return {
            filter: 'weightUpdate',
            message: `${title(run)} ${what}`,
            chain: [{ op: trail(run), what, ...(site && { site }) }],
          };
        },
      },
    ];
  },
};

/** An optimizer's step, or what the program does to a variable by itself. */
function changeOf({ inputs, outputs, direction }: OpRun) {
  const [name, variable] = inputs[0] ?? [];
  const next = outputs[0]?.[1];
  if (direction !== 'forward' || name !== 'variable' || !variable || !next) return null;
  // Of a write the old values are not the variable itself.
  if (!variable.watched && !next.watched) return null;
  return sameShape(variable.shape, next.shape) ? { variable, next } : null;
}

/** No number where the variable is 0. */
function ratioOf(variable: Tensor, next: Tensor): number {
  if (variable.strides !== null || next.strides !== null) return NaN;
  const [old, made] = [reader(variable), reader(next)];
  let [size, change] = [0, 0];
  for (let i = 0; i < variable.size; i++) {
    const before = Number(old(variable.offset + i));
    const by = Number(made(next.offset + i)) - before;
    size += before * before;
    change += by * by;
  }
  return size === 0 ? NaN : Math.sqrt(change / size);
}
