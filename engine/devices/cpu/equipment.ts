import { crew } from './crew.ts';
import { parts, type Parts } from './parts.ts';
import type { Blas } from './turbo.ts';
import type { Multiplier } from './wasm.ts';

/** The kernels that jobs may name, by their places in a list, and how another thread comes by the same list. */
export class Equipment {
  /** Those of the modules, in their order, and behind them that of BLAS. */
  readonly kernels: readonly unknown[];
  /** What a worker evaluates, `(source)(data, require)`: it serves the team for ever. */
  readonly source: string;
  /** As much of its data as every worker has. */
  readonly data: object;
  readonly #places: ReadonlyMap<unknown, number>;

  constructor(
    modules: readonly Pick<Multiplier, 'module' | 'all'>[],
    byBlas: { readonly kernel: Parts; readonly blas: Blas } | null = null,
  ) {
    const all: unknown[] = modules.flatMap(({ all }) => Object.values(all));
    this.kernels = byBlas === null ? all : [...all, byBlas.kernel];
    this.#places = new Map(this.kernels.map((kernel, place) => [kernel, place]));
    const { blas } = byBlas ?? {};
    this.data = {
      modules: modules.map(({ module }) => module),
      ...(blas && { blas: blas.data, base: blas.base }),
    };
    const more = blas ? `, (${parts})((${blas.source})(require, blas), base)` : '';
    this.source = `({ modules, blas, base, ...place }, require) => {
      const env = { memory: place.memory };
      const all = (module) => Object.values(new WebAssembly.Instance(module, { env }).exports);
      (${crew})({ ...place, kernels: [...modules.flatMap(all)${more}] }).serve();
    }`;
  }

  placeOf(kernel: unknown): number {
    return this.#places.get(kernel)!;
  }
}
