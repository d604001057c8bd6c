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
}

/** A training step on one thread and on two, beside PyTorch on as many; what has no threads is beside both. */
export function training({ name, step, torch, others = {}, goal }: Training): Case[] {
  return [1, 2].map((threads): Case => {
    const scripts = Object.entries(torch).map(([peer, script]): [string, Peer] => [
      peer,
      { module: 'torch', ...script, threads },
    ]);
    return {
      name: threads === 1 ? name : `${name}, two threads`,
      unit: 'ms',
      threads,
      product: (quick) => time(() => tf.tidy(step), 1, quick),
      peers: { ...Object.fromEntries(scripts), ...others },
      ...(threads === 2 && goal && { goal }),
    };
  });
}
