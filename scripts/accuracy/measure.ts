import { builds, instantiate, type Build, type Wasm } from '../../engine/devices/cpu/wasm.ts';
import { maps, type MapFormula } from '../../engine/formulas.ts';
import { constants } from '../kernels/formulas.ts';

/** The functions of one f32 whose results are rounded: those of the formulas that read no constants. */
export const functions: readonly MapFormula[] = (Object.keys(maps) as MapFormula[]).filter(
  (name) => maps[name].to === 'float' && !constants.has(name),
);

/** How far a function is off, at worst, and where. */
export interface Worst {
  readonly ulps: number;
  readonly at: number;
}

const N = 1 << 16;
const [FROM, TO] = [1 << 17, 1 << 20];
const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
const bits = new Uint32Array(memory.buffer, FROM, N);
const arguments_ = new Float32Array(memory.buffer, FROM, N);
const results = new Float32Array(memory.buffer, TO, N);
const kernels: { [B in Build]?: Wasm } = {};

/** The greatest error of any build in one of so many parts of all arguments, or of every n-th of them. */
export function worst(name: MapFormula, part = 0, parts = 1, every = 1): Worst {
  return (Object.keys(builds) as Build[])
    .map((build) => worstOf(build, name, part, parts, every))
    .reduce((a, b) => (a.ulps < b.ulps ? b : a));
}

function worstOf(
  build: Build,
  name: MapFormula,
  part: number,
  parts: number,
  every: number,
): Worst {
  const { dense } = (kernels[build] ??= instantiate(memory, build)).maps.f32.get(name)!;
  const exact = maps[name].plain as (x: number, p: number, q: number) => number;
  const [from, to] = [part, part + 1].map((i) => Math.ceil((2 ** 32 / parts) * i)) as [
    number,
    number,
  ];
  let ulps = 0;
  let at = 0;
  for (let pattern = from; pattern < to;) {
    let n = 0;
    for (; n < N && pattern < to; n++, pattern += every) bits[n] = pattern;
    dense(TO, FROM, n);
    for (let i = 0; i < n; i++) {
      const error = distance(results[i]!, exact(arguments_[i]!, 0, 0));
      if (error > ulps) [ulps, at] = [error, arguments_[i]!];
    }
  }
  return { ulps, at };
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** How far an f32 lies from an exact result, in units in the last place of that. */
export function distance(got: number, exact: number): number {
  const error = Math.abs(got - exact);
  if (error === 0 || (got !== got && exact !== exact)) return 0;
  if (!(error < Infinity)) {
    // Beyond the greatest f32 the next one would be, infinity begins half a unit on.
    return Object.is(got, Math.fround(exact)) ? 0 : Infinity;
  }
  double[0] = exact;
  const exponent = Math.max((words[1]! >>> 20) & 0x7ff, 1023 - 126) - 1023;
  return error * 2 ** (23 - exponent);
}
