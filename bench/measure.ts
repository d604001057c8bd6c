import type { Peers } from './python.ts';
import type { Case } from './subject.ts';

/** What came of one case. Times in seconds (bytes for MB), medians of the rounds. */
export interface Outcome {
  readonly case: string;
  readonly unit: Case['unit'];
  readonly product: number;
  readonly flops?: number;
  readonly peers: readonly PeerOutcome[];
  /** Peers that are not on this machine. */
  readonly absent: readonly string[];
  readonly goal?: Case['goal'] & { readonly met: boolean | null };
}

export interface PeerOutcome {
  readonly name: string;
  readonly time: number;
  /** The peer's time over the product's, round by round: median and quartiles. */
  readonly ratio: number;
  readonly spread: readonly [low: number, high: number];
}

export interface Wishes {
  readonly quick: boolean;
  readonly rounds: number;
}

/**
 * Runs a case and its peers in turns, so that what else the machine does meets
 * all of them, and compares only times of the same round.
 */
export async function measure(c: Case, python: Peers | null, wishes: Wishes): Promise<Outcome> {
  const { quick } = wishes;
  const runners = new Map<string, () => number | Promise<number>>();
  const absent: string[] = [];
  for (const [name, peer] of Object.entries(c.peers)) {
    if (typeof peer === 'function') runners.set(name, () => peer(quick));
    else if (python?.versions[peer.module] === undefined) absent.push(name);
    else runners.set(name, () => python.measure(peer, quick));
  }
  const own: number[] = [];
  const others = new Map([...runners.keys()].map((name) => [name, [] as number[]]));
  // The first round warms everything up and is not counted.
  const rounds = Math.min(wishes.rounds, c.rounds ?? Infinity);
  for (let round = c.rounds === undefined ? -1 : 0; round < rounds; round++) {
    const time = await c.product(quick);
    if (round >= 0) own.push(time);
    for (const [name, run] of runners) {
      const other = await run();
      if (round >= 0) others.get(name)!.push(other);
    }
  }
  const peers = [...others].map(([name, times]): PeerOutcome => {
    const ratios = times.map((time, i) => time / own[i]!);
    const spread = [quantile(ratios, 0.25), quantile(ratios, 0.75)] as const;
    return { name, time: median(times), ratio: median(ratios), spread };
  });
  const ratio = peers.find(({ name }) => name === c.goal?.peer)?.ratio;
  return {
    case: c.name,
    unit: c.unit,
    product: median(own),
    ...(c.flops !== undefined && { flops: c.flops }),
    peers,
    absent,
    ...(c.goal && { goal: { ...c.goal, met: ratio === undefined ? null : meets(ratio, c.goal) } }),
  };
}

/** `least` is of the peer's time over the product's, `most` of the product's over the peer's. */
function meets(ratio: number, { least = 0, most = Infinity }: NonNullable<Case['goal']>): boolean {
  return ratio >= least && 1 / ratio <= most;
}

export function median(list: readonly number[]): number {
  return quantile(list, 0.5);
}

function quantile(list: readonly number[], q: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.ceil(at)]!];
  return a + (b - a) * (at - low);
}
