/**
 * What one thread knows of the team: the words and the job that all share, the
 * kernels over the common memory, and its own place to work at.
 */
export interface Place {
  /** `words` and the job; CLAIM and the rest in team.ts say what lies where. */
  readonly control: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory;
  /** Jobs name them by their places in this list. */
  readonly kernels: readonly unknown[];
  /** Where kernels of this thread work, and where it writes its plans. */
  readonly bench: number;
  readonly plan: number;
}

/**
 * The part of a team that each of its threads does, the main one too: takes
 * chunks of the job until none is left. Gives the function that does so, and
 * for workers the one that waits for jobs for ever.
 *
 * The source of this function is what a worker runs: it stands by itself and
 * names nothing from outside. So the words have numbers here: 0 is the claim
 * (the job's number above 12 bits of how many chunks are left), 1 how many
 * threads are at it, 2 whether a chunk failed, 3 whether the main thread
 * sleeps, 4 how many workers sleep, 5 how many chunks the workers have done.
 */
export function crew({ control, memory, kernels, bench, plan }: Place) {
  const words = new Int32Array(control, 0, 16);
  const job = new Float64Array(control, 64);
  const walk = new Int32Array(memory.buffer, plan, 144);

  /**
   * A part of a walk over windows: whole windows (1), rows of one (2) or
   * elements of one row (3); returns how far the two operands have moved.
   */
  const part = (kind: number, from: number, length: number): readonly [number, number] => {
    for (let i = 0; i < 144; i++) walk[i] = job[48 + i]!;
    let left = from;
    if (kind === 1) {
      let first = 0;
      let second = 0;
      for (let axis = 0, at = 16; axis < walk[6]!; axis++, at += 4) {
        const position = left % walk[at]!;
        left = (left - position) / walk[at]!;
        walk[at + 1] = position;
        first += position * walk[at + 2]!;
        second += position * walk[at + 3]!;
      }
      walk[8] = length;
      return [first, second];
    }
    walk[6] = 0;
    walk[8] = 1;
    if (kind === 2) {
      walk[3] = length;
      return [from * walk[4]!, from * walk[5]!];
    }
    walk[0] = length;
    return [from * walk[1]!, from * walk[2]!];
  };

  const perform = (chunk: number, args: number[]): void => {
    const start = chunk * job[2]!;
    const length = Math.min(job[2]!, job[3]! - start);
    for (let i = 0; i < job[7]!; i++) args[i] = job[16 + i]! + start * job[32 + i]!;
    if (job[4]! >= 0) args[job[4]!] = length;
    if (job[5]! >= 0) args[job[5]!] = bench;
    if (job[6]! > 0) {
      const last = job[7]! - 1;
      const [first, second] = part(job[6]!, start, length);
      args[last - 2]! += first;
      args[last - 1]! += second;
      args[last] = plan;
    }
    (kernels[job[0]!] as (...args: number[]) => void)(...args);
  };

  /** Takes chunks until none is left; returns how many it did. */
  const help = (): number => {
    let done = 0;
    for (;;) {
      const claim = Atomics.load(words, 0);
      const left = claim & 0xfff;
      if (left === 0) return done;
      // The job stays as it is while any of it is left, so a claim that succeeds has seen it whole.
      if (Atomics.compareExchange(words, 0, claim, claim - 1) !== claim) continue;
      perform(job[1]! - left, new Array<number>(job[7]!));
      done++;
    }
  };

  const serve = (): never => {
    // In milliseconds; longer than most gaps between the products of a training step.
    const patience = 0.2;
    const { pause = () => {} } = Atomics as { pause?: () => void };
    for (;;) {
      const seen = Atomics.load(words, 0);
      if ((seen & 0xfff) !== 0) {
        Atomics.add(words, 1, 1);
        try {
          Atomics.add(words, 5, help());
        } catch {
          Atomics.store(words, 2, 1);
        }
        if (Atomics.sub(words, 1, 1) === 1 && Atomics.load(words, 3) !== 0)
          Atomics.notify(words, 1);
        continue;
      }
      const since = performance.now();
      let look = 0;
      while (Atomics.load(words, 0) === seen) {
        pause();
        if ((++look & 31) === 0 && performance.now() - since > patience) break;
      }
      if (Atomics.load(words, 0) !== seen) continue;
      Atomics.add(words, 4, 1);
      Atomics.wait(words, 0, seen);
      Atomics.sub(words, 4, 1);
    }
  };

  return { help, serve };
}
