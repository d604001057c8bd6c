import type { Circumstance } from './condition.ts';
import { control } from './gate.ts';
import { STEP } from './protocol.ts';
import { here, NOWHERE } from './sites.ts';
import type { OpRun, Watched } from './trace.ts';

/** What is said of an op that runs: how it is called, where it stands, and what a condition may ask of it. */

/** `matMul`, `∇matMul`. */
export function title(op: Pick<Watched, 'name' | 'direction'>): string {
  return op.direction === 'backward' ? `∇${op.name}` : op.name;
}

/** Layer scope and all the ops around it: `encoder/∇layerNorm/mul`. */
export function trail(run: OpRun): string {
  const outer = run.outer ? trail(run.outer) : run.path;
  const around = [outer, run.inside ?? ''].filter((part) => part !== '').join('/');
  return around ? `${around}/${title(run)}` : title(run);
}

/** Whether the program itself called an op, or a gradient function of its own. */
export function isOwn({ outer, inside = null }: OpRun): boolean {
  if (inside !== null) return false;
  return outer === null || outer.name === 'customGrad';
}

/** The line of an op, looked up where it is not known yet. */
export function lineOf(run: OpRun): number {
  if (run.site === NOWHERE) located(run, here(lineOf));
  return run.site;
}

function located(run: OpRun, site: number): void {
  for (let each: OpRun | null = run; each?.site === NOWHERE; each = each.outer) each.site = site;
}

export function circumstance(run: OpRun): Circumstance {
  const outputs = run.outputs.map(([, tensor]) => tensor);
  return {
    op: { name: run.name, path: trail(run), direction: run.direction, attrs: run.attrs },
    inputs: Object.assign(
      run.inputs.map(([, tensor]) => tensor),
      Object.fromEntries(run.inputs),
    ),
    out: outputs.length > 1 ? Object.fromEntries(run.outputs) : outputs[0],
    step: control[STEP]!,
  };
}
