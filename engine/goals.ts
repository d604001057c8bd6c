import { control, hooks } from './gate.ts';
import type { Circumstance } from './condition.ts';
import { OpBreakpoints, type OpNames } from './op-breakpoints.ts';
import { STEP, type OpGoal } from './protocol.ts';
import { NOWHERE, place } from './sites.ts';
import { state } from './state.ts';
import type { OpRun } from './trace.ts';

/** Where the program is to run to: asked at the beginning of every op, and at its end. */
export type Goal = (run: OpRun, of: Known) => boolean;

/** What an op breakpoint goes by. */
interface Known {
  readonly name: string;
  readonly path: string;
  readonly circumstance: () => Circumstance;
}

/** From where the program stands: in an op, or on a line outside of all. */
export function goalOf(goal: OpGoal, from: OpRun | null, ops: OpNames = { names: [] }): Goal {
  switch (goal.to) {
    case 'op':
      return named(goal, ops);
    case 'gradient':
      return starting(gradientOf(goal, from));
    case 'layer':
      return starting(anotherLayer(from?.path ?? state.path));
    case 'outside': {
      const path = from?.path ?? state.path;
      return starting((run) => run.path !== path && !run.path.startsWith(`${path}/`));
    }
    case 'step': {
      const step = control[STEP]!;
      return starting(() => control[STEP] !== step);
    }
  }
}

function starting(reached: (run: OpRun) => boolean): Goal {
  return (run) => run.phase === 'before' && reached(run);
}

/** One that stops once. */
function named(goal: OpGoal & { readonly to: 'op' }, ops: OpNames): Goal {
  const breakpoints = new OpBreakpoints((why) => hooks?.fault?.(why, 0));
  const [answer] = breakpoints.set([{ id: 0, ...goal }], ops);
  if (answer!.error !== undefined) throw new Error(answer!.error);
  return ({ phase }, { name, path, circumstance }) =>
    breakpoints.hits(name, path, phase, circumstance).length > 0;
}

/** Of what the line called, or what the op was called by: a composite op has the line of the ops it is made of. */
function gradientOf({ url, line }: OpGoal & { readonly to: 'gradient' }, from: OpRun | null) {
  if (line === undefined && (from === null || from.site === NOWHERE))
    throw new Error('the program stands at no op whose gradient could be run to');
  const at = from?.site;
  return ({ direction, site, path }: OpRun): boolean => {
    if (direction !== 'backward') return false;
    // A line may be run in many layers.
    if (line === undefined) return site === at && path === from!.path;
    const forward = place(site);
    return forward?.url === url && forward?.line === line;
  };
}

/** Also the same layer once more, after something else ran. */
function anotherLayer(from: string): (run: OpRun) => boolean {
  let last = from;
  return ({ path }) => {
    const other = path !== last && path !== '';
    last = path;
    return other;
  };
}
