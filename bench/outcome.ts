import type { Case, Goal } from './subject.ts';

/** What came of one case. Times in seconds (bytes for MB), medians of the rounds. */
export interface Outcome {
  readonly case: string;
  readonly unit: Case['unit'];
  readonly product: number;
  readonly flops?: number;
  /** Quick runs leave it out. */
  readonly long?: true;
  readonly peers: readonly PeerOutcome[];
  /** Peers that are not on this machine. */
  readonly absent: readonly string[];
  readonly goals?: readonly (Goal & { readonly met: boolean | null })[];
}

export interface PeerOutcome extends Ratio {
  readonly name: string;
  readonly time: number;
}

export interface Ratio {
  /** The peer's time over the product's, round by round: median and quartiles. */
  readonly ratio: number;
  readonly spread: readonly [low: number, high: number];
}

/** The results of a subject as bench/results.json keeps them, under its name. */
export interface Kept {
  readonly title: string;
  readonly machine: { readonly [what: string]: string | number };
  readonly outcomes: readonly Outcome[];
}

export interface Results {
  readonly [subject: string]: Kept;
}

/** Of the times of the product and of a peer, round by round. */
export function ratioOf(pairs: readonly (readonly [product: number, peer: number])[]): Ratio {
  const ratios = pairs.map(([product, peer]) => peer / product);
  return { ratio: median(ratios), spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)] };
}

/** The goals of a case and whether they are met; null where the peer was not there. */
export function goalsOf({ goal }: Case, peers: readonly PeerOutcome[]): Pick<Outcome, 'goals'> {
  if (goal === undefined) return {};
  const list = Array.isArray(goal) ? (goal as readonly Goal[]) : [goal as Goal];
  return {
    goals: list.map((one) => {
      const ratio = peers.find(({ name }) => name === one.peer)?.ratio;
      return { ...one, met: ratio === undefined ? null : meets(ratio, one) };
    }),
  };
}

/** `least` is of the peer's time over the product's, `most` of the product's over the peer's. */
function meets(ratio: number, { least = 0, most = Infinity }: Goal): boolean {
  return ratio >= least && 1 / ratio <= most;
}

export function median(list: readonly number[]): number {
  return quantile(list, 0.5);
}

/** Between two of the list where it falls between them. */
export function quantile(list: readonly number[], q: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.ceil(at)]!];
  return a + (b - a) * (at - low);
}
