/**
 * Runs before a file of tests (suite.ts): a file whose tests are over, but
 * which still waits for something one of them left, is ended and fails.
 */
import { after } from 'node:test';

/** In milliseconds. */
const GRACE = 3000;
/** What every file has, and timers, which end by themselves: libraries set some that they never clear. */
const USUAL = ['PipeWrap', 'TTYWrap', 'Timeout'];

after(() => {
  setTimeout(() => {
    const left = process.getActiveResourcesInfo().filter((name) => !USUAL.includes(name));
    if (left.length > 0) console.error(`The tests are over, and these are open: ${left}`);
    process.exit(left.length > 0 ? 1 : undefined);
  }, GRACE).unref();
});
