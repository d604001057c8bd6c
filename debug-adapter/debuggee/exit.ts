/** Sees to it that what the program said last is heard. */
import { constants } from 'node:os';
import { EXIT_CODE, FLUSHED, LEAVING, LEFT } from './words.ts';

/** Longer than a flush ever took; an adapter that does not listen must not hold the program. */
const PATIENCE = 2000;
const LETHAL = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGKILL'];

/**
 * Listens behind all of the program's own exit listeners: what they print is
 * heard too. Ends that skip them (abort, a signal to itself) are covered as well.
 */
export function flushAtExit(words: Int32Array, last: () => void): void {
  const { emit, abort, kill } = process;
  let flushed = false;
  const flush = (code: number) => {
    if (flushed) return;
    flushed = true;
    last();
    Atomics.store(words, EXIT_CODE, code);
    Atomics.store(words, LEAVING, 1);
    Atomics.notify(words, LEAVING);
    // Much may be left to say: as long as some of it goes out there is reason to wait.
    let gone;
    do gone = Atomics.load(words, LEFT);
    while (
      Atomics.wait(words, FLUSHED, 0, PATIENCE) === 'timed-out' &&
      Atomics.load(words, LEFT) !== gone
    );
  };
  process.emit = function (this: NodeJS.Process, event: string, ...rest: unknown[]) {
    const heard = (emit as Function).call(this, event, ...rest) as boolean;
    if (event === 'exit') flush(Number(process.exitCode ?? rest[0] ?? 0));
    return heard;
  } as typeof process.emit;
  process.abort = () => {
    flush(134);
    return abort.call(process);
  };
  process.kill = (pid, signal = 'SIGTERM') => {
    const name = typeof signal === 'number' ? signalName(signal) : signal;
    if (pid === process.pid && LETHAL.includes(name) && !process.listenerCount(name)) flush(128);
    return kill.call(process, pid, signal);
  };
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? '';
}
