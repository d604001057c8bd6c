/**
 * `npm run bench [-- subject ...] [--quick] [--json]`: runs bench/*.bench.ts,
 * product and peers in turns in the same run. Says ratios with their spread,
 * and keeps them with the machine they were measured on in bench/results.json;
 * `--quick` runs are too short to be kept.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measure, type Outcome } from '../bench/measure.ts';
import { Peers } from '../bench/python.ts';
import { lines, machine } from '../bench/report.ts';
import type { Subject } from '../bench/subject.ts';
import { root } from './setup/cache.mjs';
import { Failure, main } from './setup/steps.mjs';
import { prepare } from './build.ts';

const RESULTS = path.join(root, 'bench', 'results.json');

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const quick = values.quick ?? false;
  const files = globSync('*.bench.ts', { cwd: path.join(root, 'bench') }).sort();
  const names = files.map((file) => file.replace('.bench.ts', ''));
  for (const name of positionals) {
    if (!names.includes(name)) {
      throw new Failure(`There is no subject '${name}'; there are ${names.join(', ')}.`);
    }
  }
  await prepare();
  const python = await Peers.start();
  const about = machine(python?.versions ?? {});
  const say = (text: string) => values.json || console.log(text);
  const results: { [subject: string]: readonly Outcome[] } = {};
  try {
    say(
      Object.entries(about)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
    for (const [i, file] of files.entries()) {
      const name = names[i]!;
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const { subject } = (await import(path.join(root, 'bench', file))) as { subject: Subject };
      say(`\n${subject.name}`);
      const outcomes: Outcome[] = [];
      for (const c of subject.cases) {
        try {
          const outcome = await measure(c, python, { quick, rounds: quick ? 3 : 15 });
          outcomes.push(outcome);
          say(lines(outcome));
        } catch (error) {
          // The others are worth measuring all the same.
          console.error(`  ${c.name}: ${(error as Error).message}`);
          process.exitCode = 1;
        }
      }
      results[name] = outcomes;
    }
  } finally {
    python?.stop();
  }
  if (values.json) console.log(JSON.stringify({ machine: about, results }, null, 2));
  if (!quick) keep(about, results);
});

/** Puts new results beside those of the subjects that were not run. */
function keep(about: object, results: { [subject: string]: readonly Outcome[] }): void {
  const old = existsSync(RESULTS)
    ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as { [subject: string]: object })
    : {};
  const fresh = Object.entries(results).map(([name, outcomes]) => [
    name,
    { machine: about, outcomes },
  ]);
  const all = { ...old, ...(Object.fromEntries(fresh) as object) };
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
}
