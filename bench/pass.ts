import * as tf from '@tapedeck/engine';
import { time, type Case, type Goal, type Peer } from './subject.ts';

export interface Pass {
  readonly name: string;
  readonly run: () => tf.Tensor;
  readonly peers: { readonly [name: string]: Peer };
  readonly unit?: Case['unit'];
  readonly goal?: Goal | readonly Goal[];
  /** The same values in the op's best layout, by name: ours may take twice as long as that at most. */
  readonly best?: { readonly name: string; readonly run: () => tf.Tensor };
  readonly flops?: number;
  readonly threads?: number;
  readonly long?: boolean;
}

/** One op on big tensors, its result freed at once. */
export function pass({
  name,
  run,
  peers,
  unit = 'us',
  goal = [],
  best,
  flops,
  threads,
  long = false,
}: Pass): Case {
  const timed = (f: () => tf.Tensor) => (quick: boolean) =>
    time(() => tf.tidy(() => void f()), 1, quick);
  const goals = [goal].flat() as Goal[];
  if (best !== undefined) goals.push({ peer: best.name, least: 0.5 });
  return {
    name,
    unit,
    ...(flops !== undefined && { flops }),
    ...(threads !== undefined && { threads }),
    long,
    product: timed(run),
    peers: { ...(best && { [best.name]: timed(best.run) }), ...peers },
    ...(goals.length > 0 && { goal: goals }),
  };
}
