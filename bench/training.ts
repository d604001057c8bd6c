import * as tf from '@tapedeck/engine';
import { time, type Case, type Goal, type Peer, type Script } from './subject.ts';

export interface Training {
  readonly name: string;
  /** One step; what it makes is freed behind it. */
  readonly step: () => void;
  /** Script of PyTorch by name; on as many threads as the product. */
  readonly torch: { readonly [name: string]: Pick<Script, 'setup' | 'run'> };
  readonly others?: { readonly [name: string]: Peer };
  /** What is asked of two threads. */
  readonly goal?: readonly Goal[];
  /** Measured with the other ways to multiply matrices, too. */
  readonly tiers?: true;
}

/** What is asked of two threads in a tier. */
const goals = {
  wide: [{ peer: 'PyTorch', least: 0.75 }],
  blas: [{ peer: 'PyTorch', least: 1 }],
} as const;

/** A training step on one thread and on two, beside PyTorch on as many; what has no threads is beside both. */
export function training({ name, step, torch, others = {}, goal, tiers }: Training): Case[] {
  const one = (threads: number, tier?: 'wide' | 'blas'): Case => {
    const scripts = Object.entries(torch).map(([peer, script]): [string, Peer] => [
      peer,
      { module: 'torch', ...script, threads },
    ]);
    const asked = tier === undefined ? goal : goals[tier];
    return {
      name: [name, ...(tier ? [tier] : []), ...(threads === 2 ? ['two threads'] : [])].join(', '),
      unit: 'ms',
      threads,
      ...(tier && { tier }),
      product: (quick) => time(() => tf.tidy(step), 1, quick),
      peers: { ...Object.fromEntries(scripts), ...(tier ? {} : others) },
      ...(threads === 2 && asked && { goal: asked }),
    };
  };
  const more = tiers ? (['wide', 'blas'] as const) : [];
  return [undefined, ...more].flatMap((tier) => [one(1, tier), one(2, tier)]);
}
