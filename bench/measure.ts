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
  const slow = c.rounds !== undefined;
  const rounds = slow ? (quick ? 1 : Math.min(wishes.rounds, c.rounds!)) : wishes.rounds;
  // Further threads are started by the first large op, and come to help when they are up.
  if ((c.threads ?? 1) > 1) for (let i = 0; i < 3; i++) await c.product(false);
  // The first round warms everything up and is not counted, unless it is all there is time for.
  for (let round = slow ? 0 : -1; round < rounds; round++) {
    if (round >= ENOUGH && runners.every(settled)) break;
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
    ...(c.long && { long: true }),
    peers: outcomes,
    absent,
    ...goalsOf(c, outcomes),
  };
}

/** After so many rounds it is enough where the ratios have settled: half of them lie within so small a part. */
const ENOUGH = 7;
const SETTLED = 0.03;

function settled({ pairs, spent }: Runner): boolean {
  const { ratio, spread } = ratioOf(pairs);
  return spread[1] - spread[0] < SETTLED * ratio || spent > SHARE;
}

/** A peer that has taken so many seconds of a case is not asked again: what takes that long is not about to win. */
const SHARE = 3;
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
