import { run } from './program.ts';
import type { Subject } from './subject.ts';

interface Sweep {
  readonly early: number;
  readonly late: number;
  readonly resident: number;
}
/** Of the last run: its cases are two looks at the same one. */
let last: Sweep;

export const subject: Subject = {
  name: 'What a loop drops comes back (10,000 steps of 4 MB, plain node)',
  cases: [
    {
      name: 'steps 9,900 to 10,000',
      unit: 'ms',
      rounds: 3,
      product: async () => {
        last = await run<Sweep>('sweep');
        return last.late;
      },
      peers: { 'steps 900 on': () => last.early },
      goal: { peer: 'steps 900 on', most: 1.3 },
    },
    {
      name: 'memory held at most',
      unit: 'MB',
      rounds: 1,
      product: () => last.resident,
      peers: { '1 GB': () => 2 ** 30 },
      goal: { peer: '1 GB', most: 1 },
    },
  ],
};
