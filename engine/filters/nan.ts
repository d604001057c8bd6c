import { describe } from '../tensor.ts';
import { isOwn, lineOf, title, trail } from '../op-run.ts';
import type { OpRun } from '../trace.ts';
import { caseOf, chainOf, type Case } from './bad-values.ts';
import type { Check, Finding } from './checks.ts';

/** NaN and infinities among the results of ops. */

/** Where they come into being: only once for all that comes of one value. */
export const firstNaN: Check = {
  facts: ['nan', 'inf'],
  after(run) {
    const bad = caseAt(run);
    if (bad === null || bad.bad.story.told) return [];
    // Infinities that were put in are mostly meant, as those of a mask; no number never is.
    return bad.nan > 0 || bad.inputs.length === 0 ? [finding('firstNaN', run, bad)] : [];
  },
};

/** Wherever a result has some. */
export const anyNaN: Check = {
  facts: ['nan', 'inf'],
  after(run) {
    const bad = caseAt(run);
    return bad === null ? [] : [finding('anyNaN', run, bad)];
  },
};

/** What an op is made of is not stopped at: a formula may well pass by an infinity on its way. It is noted for the story. */
function caseAt(run: OpRun): Case | null {
  // Both filters ask of the same op.
  if (run.bad === undefined) run.bad = caseOf(run, trail(run), () => lineOf(run));
  return isOwn(run) ? run.bad : null;
}

function finding(filter: 'firstNaN' | 'anyNaN', run: OpRun, found: Case): Finding {
  const { nan, inf, bad, result, text, inputs } = found;
  return {
    facts: { nan, inf },
    found() {
      bad.story.told = true;
      const before =
        inputs.length === 0
          ? 'its inputs are finite'
          : `${inputs.join(', ')} ${inputs.length === 1 ? 'was' : 'were'} not finite before`;
      const message = `${title(run)} made ${text} in ${describe(result)}; ${before}`;
      return { filter, message, chain: chainOf(bad) };
    },
  };
}
