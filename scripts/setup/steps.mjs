/**
 * What a person sees while things are set up: which step of how many, what it
 * does, and how long it has been at it. Steps that are already done are silent.
 */

/**
 * @typedef {object} Step
 * @property {string} title what it does and how much of it, such as "Fetching Node 24.21.0 (30 MB)"
 * @property {boolean} done
 * @property {() => Promise<void>} run
 */

/** A sentence for the person at the terminal; no stack is shown for it. */
export class Failure extends Error {}

export async function take(/** @type {Step[]} */ steps) {
  const open = steps.filter((step) => !step.done);
  for (const [i, step] of open.entries())
    await timed(`[${i + 1}/${open.length}] ${step.title}`, step.run);
}

async function timed(/** @type {string} */ text, /** @type {() => Promise<void>} */ run) {
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  const terminal = process.stdout.isTTY;
  // On a terminal the line counts up in place; in a log a line says now and then that it goes on.
  const tick = terminal
    ? setInterval(() => process.stdout.write(`\r${text}: ${seconds()} s`), 500)
    : setInterval(() => console.log(`${text}: still at it after ${seconds()} s`), 15_000);
  if (terminal) process.stdout.write(text);
  else console.log(text);
  try {
    await run();
  } finally {
    clearInterval(tick);
    if (terminal) process.stdout.write('\r');
  }
  console.log(`${text}: done in ${seconds()} s`);
}

/** Runs the main function of a script; what it gives is the exit status, and a failure ends it with its sentence. */
export async function main(/** @type {() => Promise<number | void>} */ work) {
  try {
    const status = await work();
    if (typeof status === 'number') process.exitCode = status;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
