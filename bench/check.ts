import type { Kept, Outcome, PeerOutcome } from './outcome.ts';

export interface Verdict {
  /** What got worse, a sentence each. */
  readonly worse: readonly string[];
  /** How many ratios could be compared. */
  readonly compared: number;
  /** Why the others could not, a sentence each. */
  readonly apart: readonly string[];
}

/**
 * Compares ratios of a run with those kept. A ratio got worse when it is
 * smaller by a tenth and more, and the quartiles of the two runs lie apart.
 * Those of another processor are not compared; another version of a peer is said.
 */
export function check(kept: Kept | undefined, fresh: Kept): Verdict {
  const { title } = fresh;
  if (kept === undefined) return none(`${title}: nothing is kept of it.`);
  if (kept.machine.processor !== fresh.machine.processor) {
    return none(`${title}: what is kept was measured on ${kept.machine.processor}.`);
  }
  const worse: string[] = [];
  const apart: string[] = [];
  let compared = 0;
  for (const outcome of fresh.outcomes) {
    const before = kept.outcomes.find((other) => other.case === outcome.case);
    for (const peer of outcome.peers) {
      const other = before?.peers.find(({ name }) => name === peer.name);
      if (other === undefined) {
        apart.push(`${title}, ${outcome.case}: nothing is kept of it beside ${peer.name}.`);
        continue;
      }
      compared++;
      if (fell(other, peer)) worse.push(`${title}, ${sentence(outcome, other, peer)}`);
    }
  }
  for (const module of Object.keys(fresh.machine)) {
    if (STEADY.has(module) || kept.machine[module] === undefined) continue;
    if (kept.machine[module] !== fresh.machine[module]) {
      apart.push(`${title}: what is kept was measured with ${module} ${kept.machine[module]}.`);
    }
  }
  return { worse, compared, apart };
}

/** What may differ from run to run. */
const STEADY = new Set(['load', 'memory']);
const TOLERANCE = 0.9;

function fell(before: PeerOutcome, now: PeerOutcome): boolean {
  return now.ratio < TOLERANCE * before.ratio && now.spread[1] < before.spread[0];
}

function sentence({ case: name }: Outcome, before: PeerOutcome, now: PeerOutcome): string {
  const say = ({ ratio, spread: [low, high] }: PeerOutcome) =>
    `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `${name}: ${now.name} takes ${say(now)} times as long, where it took ${say(before)}.`;
}

function none(reason: string): Verdict {
  return { worse: [], compared: 0, apart: [reason] };
}
