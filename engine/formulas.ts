/** Elementwise and reduction formulas, one line each, spelled for every device. */
export interface Formula {
  readonly plain: (x: number, y: number, p: number, q: number) => number;
}
export const maps = {
  identity: { plain: (x) => x },
  exp: { plain: Math.exp },
} as const satisfies Record<string, Formula>;
export const zips = {
  add: { plain: (x, y) => x + y },
  mul: { plain: (x, y) => x * y },
} as const satisfies Record<string, Formula>;
export const reductions = { sum: 0, max: 0, min: 0, prod: 0, mean: 0 } as const;
export type MapFormula = keyof typeof maps;
export type ZipFormula = keyof typeof zips;
export type ReduceFormula = keyof typeof reductions;
