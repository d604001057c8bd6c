/**
 * `npm run bench [-- subject ...] [--quick] [--json] [--check]`: runs
 * bench/*.bench.ts, product and peers in turns in the same run. Says ratios
 * with their spread, and keeps them with the machine they were measured on in
 * bench/results.json and docs/benchmarks.md; `--quick` runs leave out what
 * takes long, and are too short to be kept. `--check` keeps nothing and says which ratios are worse than kept.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { check } from '../bench/check.ts';
import { measure } from '../bench/measure.ts';
import type { Kept, Outcome, Results } from '../bench/outcome.ts';
import { Peers } from '../bench/peers/peers.ts';
import { lines, machine } from '../bench/report.ts';
import type { Subject } from '../bench/subject.ts';
import { prepare } from './build.ts';
import { benchmarks, refresh } from './docs.ts';
import { root } from './setup/cache.mjs';
import { folder, step } from './setup/peers.mjs';
import { Failure, main, take } from './setup/steps.mjs';

const RESULTS = path.join(root, 'bench', 'results.json');

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      check: { type: 'boolean' },
    },
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
  // By its path: the engine is of another world than scripts are.
  const engine = (await import(path.join(root, 'engine', 'index.ts'))) as Engine;
  const say = (text: string) => values.json || console.log(text);
  await installPeers();
  const peers = new Peers(folder);
  const results: { [subject: string]: Kept } = {};
  let failed = false;
  try {
    for (const [i, file] of files.entries()) {
      const name = names[i]!;
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const { subject } = (await import(path.join(root, 'bench', file))) as { subject: Subject };
      say(`\n${subject.name}`);
      const outcomes: Outcome[] = [];
      for (const c of subject.cases) {
        if (quick && c.long) continue;
        const { tier = 'simd' } = c;
        const { available, about } = engine.backendInfo().tiers[tier]!;
        if (!available) {
          say(`  ${c.name}: not on this machine: ${about}`);
          continue;
        }
        engine.setTier(tier);
        engine.setThreads(c.threads ?? 1);
        try {
          const outcome = await measure(c, peers, { quick, rounds: quick ? 2 : 15 });
          outcomes.push(outcome);
          say(lines(outcome));
        } catch (error) {
          // The others are worth measuring all the same.
          console.error(`  ${c.name}: ${(error as Error).message}`);
          failed = true;
        }
      }
      results[name] = { title: subject.name, machine: machine(peers.versions), outcomes };
      if (!quick && !values.check) keep(results);
    }
  } finally {
    await peers.stop();
  }
  say(`\n${aboutOf(machine(peers.versions))}`);
  if (values.json) console.log(JSON.stringify(results, null, 2));
  if (values.check) failed ||= !compare(results, say);
  else if (!quick) await refresh(benchmarks());
  return failed ? 1 : 0;
});

interface Engine {
  setThreads(count: number): void;
  setTier(name: string): void;
  backendInfo(): {
    readonly tiers: {
      readonly [name: string]: { readonly available: boolean; readonly about: string };
    };
  };
}

/** The engines to compare with are worth having, not a condition. */
async function installPeers(): Promise<void> {
  try {
    await take([step]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`${error.message.split('\n')[0]} The bench goes on without them.`);
  }
}

function aboutOf(about: Kept['machine']): string {
  return Object.entries(about)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function read(): Results {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results) : {};
}

/** Puts new results beside those of the subjects that were not run. */
function keep(results: Results): void {
  const all = { ...read(), ...results };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(RESULTS, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Says what got worse; false if anything did. */
function compare(results: Results, say: (text: string) => void): boolean {
  const kept = read();
  const verdicts = Object.entries(results).map(([name, fresh]) => check(kept[name], fresh));
  const all = (list: 'worse' | 'apart') => verdicts.flatMap((verdict) => verdict[list]);
  for (const text of [...all('apart'), ...all('worse')]) say(text);
  const compared = verdicts.reduce((sum, verdict) => sum + verdict.compared, 0);
  say(`${compared} ratios compared with those kept, ${all('worse').length} worse.`);
  return all('worse').length === 0;
}
