/**
 * The tests, in three stages. `plain` needs no VS Code and takes seconds;
 * `devices` repeats what depends on a device on each there is; `editor` runs
 * the extension in VS Code, from inside and by clicking.
 *
 *     npm test                                     all of it
 *     npm test -- --stage editor --grep breakpoint
 *
 * The last line says `N passed, N failed, N skipped`.
 */
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { check } from './check.ts';
import { format } from './format.ts';
import { hosted } from './hosted.ts';
import { lint } from './lint.ts';
import { pack } from './package.ts';
import { Failure, main } from './setup/steps.mjs';
import { suite, type Wishes } from './suite.ts';
import { Tally } from './tally.ts';

type Stage = (wishes: Wishes) => Promise<Tally>;

/** No stage takes as long, in milliseconds; one that hangs ends with what it has, and the count says so. */
const LIMIT = 20 * 60_000;
/** How long a stage that is told to end may take to do so. */
const GRACE = 20_000;

/** Tests of each device, and those that are generated over all of them (test/kit/samples.ts). */
const DEVICES = 'test/engine/{devices/*,ops,known,gradients,formulas,vmap-rows}.test.ts';
const EDITOR = 'test/editor/**/*.test.ts';

const stages: Record<string, Stage> = {
  async plain(wishes) {
    const tally = new Tally();
    // A search for a test is about that test.
    if (!wishes.grep) await sources(tally);
    tally.add(await suite('test/**/*.test.ts', [DEVICES, EDITOR], wishes));
    return tally;
  },
  devices: (wishes) => suite(DEVICES, [], wishes),
  async editor(wishes) {
    await pack();
    process.env.TAPEDECK_PACKAGED = 'yes';
    const tally = await hosted(wishes.grep);
    tally.add(await suite(EDITOR, [], { ...wishes, together: true }));
    return tally;
  },
};

/** The compiler, the linter and the formatter are three tests. */
async function sources(tally: Tally): Promise<void> {
  const checks = { check: () => check() === 0, lint: async () => (await lint(false)) === 0 };
  const all = { ...checks, format: async () => (await format(false)) === 0 };
  for (const [name, holds] of Object.entries(all))
    if (await holds()) tally.passed++;
    else tally.failed.push(`npm run ${name}`);
}

async function bounded(name: string, run: (signal: AbortSignal) => Promise<Tally>): Promise<Tally> {
  const failed = (why: string) => Object.assign(new Tally(), { failed: [why] });
  const late = `the stage ${name} did not end within ${LIMIT / 60_000} minutes`;
  const signal = AbortSignal.timeout(LIMIT);
  const ended = run(signal).catch((error: unknown) => {
    console.error(error instanceof Failure ? error.message : error);
    return failed(signal.aborted ? late : `the stage ${name} itself`);
  });
  // Without a reference: a run in this process ends when nothing else is open.
  const patience = setTimeout(LIMIT + GRACE, failed(late), { ref: false });
  const tally = await Promise.race([ended, patience]);
  if (signal.aborted && tally.failed.length === 0) tally.failed.push(late);
  return tally;
}

await main(async () => {
  const options = { stage: { type: 'string' }, grep: { type: 'string' } } as const;
  const { stage, grep } = parseArgs({ options }).values;
  const names = stage ? [stage] : Object.keys(stages);
  await build();
  const all = new Tally();
  for (const name of names) {
    const run = stages[name];
    if (!run)
      throw new Failure(`There is no stage "${name}", but ${Object.keys(stages).join(', ')}.`);
    const start = Date.now();
    console.log(`\n# ${name}`);
    const tally = await bounded(name, (signal) => run({ signal, ...(grep ? { grep } : {}) }));
    all.add(tally);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`# ${name}: ${tally.passed} passed, ${tally.failed.length} failed, ${seconds} s`);
  }
  if (grep && all.passed + all.failed.length + all.skipped.length === 0)
    throw new Failure(`No test has a name like "${grep}".`);
  console.log(`\n${all}`);
  // What still runs, of a stage that did not end, goes with this process.
  process.exit(all.failed.length > 0 ? 1 : 0);
});
