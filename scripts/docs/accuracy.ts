import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/cache.mjs';

interface Measured {
  /** Every so-manieth f32 was looked at. */
  readonly every: number;
  readonly functions: readonly {
    readonly name: string;
    readonly ulps: number;
    readonly at: number;
  }[];
}

/** What `node scripts/accuracy/index.ts` found. */
export function readAccuracy(): Measured {
  return JSON.parse(readFileSync(path.join(root, 'docs/accuracy.json'), 'utf8')) as Measured;
}

/** The page of how right the functions of f32 are. */
export function accuracyPage(): string {
  const { every, functions } = readAccuracy();
  const which =
    every === 1 ? 'every f32 there is' : `one of ${every} of all f32, subnormal ones too`;
  return `# Accuracy

How far the CPU's functions of f32 are from the exact result at worst, in units in the last place of that result: measured against f64 over ${which}, with multiply-adds that round once and with those that round twice, as the processor has them (the worse is told), by \`node scripts/accuracy/index.ts\`, which also writes this table. Half a unit is as near as rounding allows. Not-a-number, infinities, both zeros and subnormal numbers come out as IEEE 754 has them.

| function | error, at most | for the argument |
| -------- | -------------: | ---------------: |
${functions.map(({ name, ulps, at }) => `| \`${name}\` | ${ulps.toFixed(3)} | ${Number(at.toPrecision(9))} |`).join('\n')}

\`pow\` is computed in f64 and rounded once, and is within 0.51. Sixteen-bit floats are computed in f32 and rounded once more. Sums are added pairwise: their error grows with the logarithm of how many there are.
`;
}
