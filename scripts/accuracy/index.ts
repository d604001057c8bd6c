/**
 * Measures the greatest error of every f32 function of one argument, in units
 * in the last place of the exact result, over all 2^32 arguments: in threads,
 * an hour of two cores. `--every n` looks at every n-th argument (an odd
 * n, so that low bits vary), `--only name` at one function, and then nothing is
 * written. What is found goes into docs/accuracy.json, and by scripts/docs.ts
 * into docs/accuracy.md.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { MapFormula } from '../../engine/formulas.ts';
import { functions, worst, type Worst } from './measure.ts';

const { argv } = process;
const option = (name: string) => argv[argv.indexOf(`--${name}`) + 1];
const target = new URL('../../docs/accuracy.json', import.meta.url);

interface Job {
  readonly name: MapFormula;
  readonly part: number;
  readonly parts: number;
  readonly every: number;
}

if (isMainThread) await measureAll();
else answer();

async function measureAll(): Promise<void> {
  const every = argv.includes('--every') ? Number(option('every')) : 1;
  const only = argv.includes('--only') ? option('only') : undefined;
  const names = functions.filter((name) => only === undefined || name === only);
  // Parts of the range, so that no thread is left with the last function alone.
  const parts = 16;
  const jobs = names.flatMap((name) =>
    Array.from({ length: parts }, (_, part) => ({ name, part })),
  );
  const found = new Map<MapFormula, Worst>();
  const next = (worker: Worker): void => {
    const job = jobs.shift();
    if (job === undefined) return void worker.terminate();
    worker.postMessage({ ...job, parts, every });
  };
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => {
      const worker = new Worker(new URL(import.meta.url));
      worker.on('message', ({ name, ...result }: Worst & { name: MapFormula }) => {
        if (!((found.get(name)?.ulps ?? -1) >= result.ulps)) found.set(name, result);
        next(worker);
      });
      next(worker);
      return new Promise((resolve, reject) => {
        worker.on('exit', resolve);
        worker.on('error', reject);
      });
    }),
  );
  const rows = names.map((name) => ({ name, ...found.get(name)! }));
  for (const { name, ulps, at } of rows)
    console.log(`${name.padEnd(12)} ${ulps.toFixed(3)} at ${at}`);
  if (only !== undefined) return;
  writeFileSync(target, `${JSON.stringify({ every, functions: rows }, null, 2)}\n`);
}

function answer(): void {
  parentPort!.on('message', ({ name, part, parts, every }: Job) => {
    parentPort!.postMessage({ name, ...worst(name, part, parts, every) });
  });
}
