import { goalsOf, median, ratioOf, type Outcome, type PeerOutcome } from './outcome.ts';
import type { Peers } from './peers/peers.ts';
import type { Case, Peer } from './subject.ts';

export interface Wishes {
  readonly quick: boolean;
  readonly rounds: number;
}

/**
 * Runs a case and its peers in turns, so that what else the machine does meets
 * all of them, and compares only times of the same round.
 */
export async function measure(c: Case, peers: Peers, wishes: Wishes): Promise<Outcome> {
  const { quick } = wishes;
  const absent: string[] = [];
  const runners: Runner[] = [];
  for (const [name, peer] of Object.entries(c.peers)) {
    if (typeof peer !== 'function' && !(await peers.has(peer))) absent.push(name);
    else runners.push({ name, run: runOf(peer, peers, quick), pairs: [], spent: 0 });
  }
  const own: number[] = [];
  const rounds = Math.min(wishes.rounds, c.rounds ?? Infinity);
  // The first round warms everything up and is not counted, unless it is all there is time for.
  const first = c.rounds === undefined ? -1 : 0;
  for (let round = first; round < rounds; round++) {
    const time = await c.product(quick);
    if (round >= 0) own.push(time);
    for (const runner of runners) {
      if (runner.spent > (quick ? QUICK_SHARE : SHARE)) continue;
      const start = performance.now();
      const other = await runner.run();
      runner.spent += (performance.now() - start) / 1000;
      if (round === 0) runner.pairs.length = 0;
      runner.pairs.push([time, other]);
    }
  }
  const outcomes = runners.map(({ name, pairs }): PeerOutcome => {
    return { name, time: median(pairs.map(([, other]) => other)), ...ratioOf(pairs) };
  });
  return {
    case: c.name,
    unit: c.unit,
    product: median(own),
    ...(c.flops !== undefined && { flops: c.flops }),
    peers: outcomes,
    absent,
    ...goalsOf(c, outcomes),
  };
}

/** A peer that has taken so many seconds of a case is not asked again: what takes that long is not about to win. */
const SHARE = 8;
const QUICK_SHARE = 0.3;

interface Runner {
  readonly name: string;
  readonly run: () => number | Promise<number>;
  /** The times of the product and of the peer in the same round. */
  readonly pairs: [product: number, peer: number][];
  spent: number;
}

function runOf(peer: Peer, peers: Peers, quick: boolean): () => number | Promise<number> {
  return typeof peer === 'function' ? () => peer(quick) : () => peers.measure(peer, quick);
}
