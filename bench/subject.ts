import type { Library } from './peers/libraries.ts';

/** What a *.bench.ts exports: cases that belong together, and how the peers do the same. */
export interface Subject {
  readonly name: string;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly unit: Unit;
  /**
   * One measurement, in seconds for one op or step (bytes for `bytes`). Called
   * again and again, in turns with the peers; `quick` asks for a shorter one.
   */
  readonly product: (quick: boolean) => number | Promise<number>;
  /** The same by others, by name. */
  readonly peers: { readonly [name: string]: Peer };
  readonly goal?: Goal | readonly Goal[];
  /** How many threads the product may take in the bench's own process; 1 if left out, as its peers have. */
  readonly threads?: number;
  /** How the product multiplies matrices; `simd` if left out. Where the machine has no such tier the case is left out. */
  readonly tier?: 'simd' | 'wide' | 'blas';
  /** Rounds of a full run, where the usual number would take too long: a quick run then has one, and none warms up. */
  readonly rounds?: number;
  /** It takes long and says little that others do not: quick runs leave it out. */
  readonly long?: boolean;
  /** Floating-point operations in one op: makes GFLOP/s of the times. */
  readonly flops?: number;
}

/** What is asked of the ratio of a peer's time to the product's: at least, or for overheads of the product over the peer at most. */
export interface Goal {
  readonly peer: string;
  readonly least?: number;
  readonly most?: number;
}

export type Unit = 'ns' | 'us' | 'ms' | 's' | 'MB';

/** What another process runs; or a measurement in this process, as the product's. */
export type Peer = Script | ((quick: boolean) => number | Promise<number>);

/**
 * For Python's own `timeit` style: `setup` once, `run` timed. In JavaScript
 * `setup` may await, and `run` is waited for where it says `await`; the names
 * they know are in peers/libraries.ts.
 */
export interface Script {
  readonly module: Module;
  readonly setup: string;
  readonly run: string;
  /** How many ops `run` is; 1 if left out. */
  readonly ops?: number;
  /** 1 if left out; only Python's can have more. */
  readonly threads?: number;
  /** The kernels that Python's OpenBLAS takes, where not the best for this processor. */
  readonly core?: 'Haswell';
}

export type Module = 'torch' | 'numpy' | Library;

/** Seconds for one of `ops` ops: repeats `run` until the clock can be trusted. */
export function time(run: () => void, ops: number, quick: boolean): number {
  const least = quick ? 0.01 : 0.05;
  let runs = 0;
  const start = performance.now();
  for (;;) {
    run();
    runs++;
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= least) return seconds / runs / ops;
  }
}
