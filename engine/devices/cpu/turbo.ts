/**
 * What a host supplies for products that are faster than WebAssembly alone can
 * make them. Both are searched for only when somebody asks, and throw an error
 * whose message says why they are not to be had and what would bring them.
 */
export interface Turbo {
  /** The tier that the program's environment asks for. */
  readonly wanted: string | undefined;
  /** Compiles with registers of 256 bits. */
  compileWide(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module;
  /** The system's BLAS, to work on that memory where it lies. */
  openBlas(memory: WebAssembly.Memory): Blas;
}

/** A BLAS whose own threads are switched off: one call is one thread. */
export interface Blas {
  /** Its name, version and kernels. */
  readonly about: string;
  readonly sgemm: Sgemm;
  /** Where the memory lies in the process. */
  readonly base: number;
  /** Whether several threads may call it at a time. */
  readonly reentrant: boolean;
  /** A function's source by which another thread has it, too: `(source)(require, data)` gives its sgemm. */
  readonly source: string;
  readonly data: object;
}

/** C's cblas_sgemm; matrices by their addresses in the process, steps in elements. */
export type Sgemm = (
  order: number,
  xTurned: number,
  yTurned: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  x: number,
  xStep: number,
  y: number,
  yStep: number,
  beta: number,
  out: number,
  outStep: number,
) => void;
