import { availableParallelism } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';
import type { Threads } from '../devices/cpu/threads.ts';

/** Worker threads of Node. */
export const threads: Threads = {
  // A program that has threads of its own does not want a team in each.
  cores: isMainThread ? availableParallelism() : 1,

  processors() {
    const usage = process.resourceUsage();
    const time = usage.userCPUTime + usage.systemCPUTime;
    return { time, taken: usage.involuntaryContextSwitches };
  },

  start(source, data, ended) {
    let worker: Worker;
    try {
      worker = new Worker(`(${source})(require('node:worker_threads').workerData, require);`, {
        eval: true,
        name: 'tapedeck cpu',
        workerData: data,
        // The flags and the environment are the program's own: with them a worker would load its preloads again.
        execArgv: [],
        env: {},
      });
    } catch {
      // Node's permissions may forbid it.
      return null;
    }
    // Without a listener an error would be the program's own.
    worker.on('error', ended).on('exit', ended).unref();
    return { stop: () => void worker.terminate() };
  },
};
