/** What the extension host runs: every suite beside it, with Mocha. */
import { appendFileSync, globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const { TAPEDECK_LOG: log, TAPEDECK_RESULTS: results, TAPEDECK_GREP: grep } = process.env;
  // Where VS Code's server runs the suite there is no terminal to print to.
  if (log)
    Mocha.reporters.Base.consoleLog = (...args: unknown[]) =>
      appendFileSync(log, `${format(...args)}\n`);
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, grep: grep ?? '' });
  for (const file of globSync('*.suite.cjs', { cwd: __dirname }).sort())
    mocha.addFile(path.join(__dirname, file));
  const failed: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  try {
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => resolve());
      runner.on('pass', () => passed++);
      runner.on('fail', (test) => failed.push(test.fullTitle()));
      runner.on('pending', (test) => skipped.push(test.fullTitle()));
    });
  } catch (error) {
    // A suite that cannot be loaded would end without a word.
    failed.push((error as Error).stack ?? String(error));
  }
  if (results) writeFileSync(results, JSON.stringify({ passed, failed, skipped }));
  if (failed.length > 0) throw new Error(`${failed.length} tests failed.`);
}
