/** Tensors out of the samples of the op table, and what the op tests compare with. */
import { existsSync } from 'node:fs';
import { tensor } from '../../engine/creation.ts';
import { openCpu } from '../../engine/devices/cpu/index.ts';
import { plain } from '../../engine/devices/plain.ts';
import type { DeviceName } from '../../engine/device.ts';
import { dtypes, isComplex, isFloat, isInteger, type DType } from '../../engine/dtype.ts';
import { functions } from '../../engine/functions.ts';
import type { Given, Spec } from '../../engine/op.ts';
import { ops } from '../../engine/ops/index.ts';
import { supply } from '../../engine/placement.ts';
import type { Row } from '../../engine/ready.ts';
import { sizeOf, type Shape } from '../../engine/shape.ts';
import type { Tensor } from '../../engine/tensor.ts';

export type Givens = { readonly [input: string]: Given | readonly Given[] };
export interface TableSample {
  readonly in: Givens;
  readonly args?: readonly unknown[];
}
export type TableRow = Row & {
  readonly samples: readonly TableSample[];
  readonly errors?: readonly (TableSample & { readonly says: string })[];
};

export const table = ops as unknown as { readonly [name: string]: TableRow };

supply('plain', () => plain);
supply('cpu', () => openCpu({ oracle: null, limit: 2 ** 28 }));

/** The devices to test on, and why one of them cannot be. */
const built = existsSync(new URL('../../engine/devices/cpu/wasm.generated.ts', import.meta.url));
export const devices: readonly { readonly name: DeviceName; readonly skip: string | false }[] = [
  { name: 'plain', skip: false },
  { name: 'cpu', skip: built ? false : 'the kernels are not built; npm run build' },
];

/** The same numbers every time, evenly from [0, 1). */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The values a sample asks for. */
export function valuesOf(given: Given, draw: () => number): number[] {
  const { shape, dtype, range, apart, definite, values } = asked(given);
  const size = sizeOf(shape);
  if (values !== undefined) return [...values];
  if (apart !== undefined) {
    const order = Array.from({ length: size }, (_, i) => ({ i, key: draw() }));
    order.sort((a, b) => a.key - b.key);
    return order.map(({ i }) => (i - size / 2) * apart * 1.5);
  }
  const whole = isInteger(dtype);
  const [low, high] =
    range ?? (whole ? (dtypes[dtype].kind === 'signed' ? [-9, 9] : [0, 9]) : [-2, 2]);
  const drawn = Array.from({ length: size }, () => {
    if (dtype === 'bool') return draw() < 0.5 ? 0 : 1;
    const value = low + draw() * (high - low);
    return whole ? Math.floor(value) : value;
  });
  return definite ? squared(drawn, shape.at(-1)!) : drawn;
}

/** `a aᵀ + 1` of every matrix of n by n. */
function squared(values: readonly number[], n: number): number[] {
  return values.map((_, at) => {
    const [i, j] = [at - (at % n), at - (at % (n * n)) + (at % n) * n];
    const one = i === j ? 1 : 0;
    return Array.from({ length: n }, (_, k) => values[i + k]! * values[j + k]!).reduce(
      (a, b) => a + b,
      one,
    );
  });
}

export function asked(given: Given): Exclude<Given, Shape> & { readonly dtype: DType } {
  return 'shape' in given ? { dtype: 'f32', ...given } : { shape: given, dtype: 'f32' };
}

/** Floats of a sample in another dtype. Finite differences need f64, and of complex numbers c128. */
export function recast(given: Given, float: DType): Given {
  const all = asked(given);
  if (isComplex(all.dtype)) return float === 'f64' ? { ...all, dtype: 'c128' } : all;
  return isFloat(all.dtype) ? { ...all, dtype: float } : all;
}

/** All inputs of a sample with their floats in another dtype. */
export function recastAll(givens: Givens, float: DType): Givens {
  const one = (given: Given) => recast(given, float);
  return Object.fromEntries(
    Object.entries(givens).map(([name, given]) => [
      name,
      isList(given) ? given.map(one) : one(given),
    ]),
  );
}

export function isList(given: Given | readonly Given[]): given is readonly Given[] {
  return Array.isArray(given) && given.some((part) => typeof part === 'object');
}

export type Made = Tensor | readonly Tensor[] | undefined;

/** The inputs of a row in its order, on the current device. */
export function inputsOf(row: Row, givens: Givens, seed: number, how = dense): Made[] {
  const draw = draws(seed);
  return Object.keys(row.inputs).map((name) => {
    const given = givens[name];
    if (given === undefined) return undefined;
    if (row.inputs[name] === 'many') {
      return (given as readonly Given[]).map((one) => how(one, valuesOf(one, draw)));
    }
    return how(given as Given, valuesOf(given as Given, draw));
  });
}

export function dense(given: Given, values: readonly number[]): Tensor {
  const { shape, dtype } = asked(given);
  if (!isComplex(dtype)) return tensor([...values], shape, dtype);
  const complex = values.map((re, i) => ({ re, im: Math.sin(3 * i + 1) }));
  return tensor(complex, shape, dtype);
}

/** The same values as every second element of a larger tensor, read backwards along its axes in opposite order. */
export function strided(given: Given, values: readonly number[]): Tensor {
  const { shape } = asked(given);
  const x = dense(given, values);
  if (shape.length === 0) return x;
  const wide = functions.stack([x.zerosLike(), x.transpose().reverse().transpose()], -1);
  const turned = wide.transpose([...shape.keys()].reverse().concat(shape.length)).clone();
  const last = turned.unstack(-1)[1]!;
  return last.reverse().transpose();
}

/** The values of the first slice along the last axis again and again, once as they lie and once with a stride of 0. */
export function repeated(given: Given, values: readonly number[]): Tensor {
  const x = dense(given, values);
  const n = x.shape.at(-1) ?? 0;
  if (n === 0) return x;
  const first = x.slice(
    x.shape.map(() => 0),
    x.shape.with(-1, 1),
  );
  return first.broadcastTo(x.shape);
}
export function repeatedDensely(given: Given, values: readonly number[]): Tensor {
  return repeated(given, values).clone();
}

export function call(
  name: string,
  inputs: readonly Made[],
  args: readonly unknown[] = [],
): Tensor[] {
  const made = (functions as unknown as Record<string, (...all: unknown[]) => unknown>)[name]!(
    ...inputs,
    ...args,
  );
  return results(made);
}

/** One result, a list or several by name: in a list. */
export function results(made: unknown): Tensor[] {
  const { storage } = made as { storage?: unknown };
  return storage !== undefined ? [made as Tensor] : (Object.values(made as object) as Tensor[]);
}

export function specsOf(row: Row, inputs: readonly Made[], attrs: unknown): Spec[] {
  const byName = Object.fromEntries(Object.keys(row.inputs).map((name, i) => [name, inputs[i]]));
  const specs = row.spec(byName, attrs) as Spec | Spec[] | { [name: string]: Spec };
  return 'shape' in specs && 'dtype' in specs ? [specs as Spec] : Object.values(specs);
}

export function attrsOf(row: Row, inputs: readonly Made[], args: readonly unknown[] = []): unknown {
  const byName = Object.fromEntries(Object.keys(row.inputs).map((name, i) => [name, inputs[i]]));
  return row.attrs?.(byName, ...args) ?? {};
}

/** Says where two lists of numbers differ by more than `tolerance` of their size, or null. */
export function difference(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
  tolerance: number,
): string | null {
  if (actual.length !== expected.length) return `${actual.length} elements, not ${expected.length}`;
  for (let i = 0; i < actual.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b || Object.is(a, b)) continue;
    const [x, y] = [Number(a), Number(b)];
    if (Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y))) continue;
    return `element ${i} is ${a}, not ${b}`;
  }
  return null;
}

/** How closely two ways of computing in a dtype agree. */
export const tolerances: Partial<Record<DType, number>> = {
  f16: 4e-3,
  bf16: 3e-2,
  f32: 3e-6,
  f64: 1e-13,
  c64: 3e-6,
  c128: 1e-13,
};
