import { run, runDebugged } from './program.ts';
import type { Case, Subject } from './subject.ts';

interface Sweep {
  readonly early: number;
  readonly late: number;
  readonly resident: number;
}

/** Two looks at the same runs: how long late steps take, and what the process holds. */
function looks(where: string, sweep: () => Promise<Sweep>): readonly Case[] {
  let last: Sweep;
  return [
    {
      name: `steps 9,900 to 10,000, ${where}`,
      unit: 'ms',
      rounds: 3,
      product: async () => {
        last = await sweep();
        return last.late;
      },
      peers: { 'steps 900 on': () => last.early },
      goal: { peer: 'steps 900 on', most: 1.3 },
    },
    {
      name: `memory held at most, ${where}`,
      unit: 'MB',
      rounds: 1,
      product: () => last.resident,
      peers: { '1 GB': () => 2 ** 30 },
      goal: { peer: '1 GB', most: 1 },
    },
  ];
}

export const subject: Subject = {
  name: 'What a loop drops comes back (10,000 steps of 4 MB)',
  cases: [
    ...looks('plain node', () => run<Sweep>('sweep')),
    ...looks('under the debugger', () => runDebugged<Sweep>('sweep')),
  ],
};
