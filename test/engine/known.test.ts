/** Every op against numbers from PyTorch, NumPy and SciPy: the scripts in known/ made the data beside them. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import type { DType } from '../../engine/dtype.ts';
import { setDevice } from '../../engine/placement.ts';
import { GradientTape } from '../../engine/tape.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { call, devices, difference, table, tolerances, type Made } from '../kit/samples.ts';

interface Known {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: readonly (number | boolean | string)[];
}
interface Case {
  readonly op: string;
  readonly in: { readonly [input: string]: Known | readonly Known[] };
  readonly args: readonly unknown[];
  readonly out: readonly Known[];
  readonly gradients?: { readonly [input: string]: Each<Known | null> };
}
type Each<T> = T | readonly T[];

const folder = path.join(import.meta.dirname, 'known');
const cases = globSync(path.join(folder, '*.json')).flatMap(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as readonly Case[],
);

/** Ops that no outside number is asked for, and why. */
const own: { readonly [op: string]: string } = {
  bernoulli: 'random',
  bitcast: 'bits, and tested as those',
  cast: 'what it does out of range is ours',
  categorical: 'random',
  clone: 'copies',
  dropout: 'random',
  dropoutMask: 'random',
  expandDims: 'a reshape',
  exponential: 'random',
  flatten: 'a reshape',
  full: 'a fill',
  identity: 'copies nothing',
  istft: 'stft backwards, and tested as that',
  logicalNot: 'a comparison with 0',
  multinomial: 'random',
  ones: 'a fill',
  onesLike: 'a fill',
  permutation: 'random',
  poisson: 'random',
  randomBeta: 'random',
  randomCauchy: 'random',
  randomDirichlet: 'random',
  randomGamma: 'random',
  randomGumbel: 'random',
  randomInt: 'random',
  randomLaplace: 'random',
  randomLogNormal: 'random',
  randomNormal: 'random',
  randomStudentT: 'random',
  randomUniform: 'random',
  randomUniformInt: 'random',
  reluGrad: 'the gradient of relu, and tested as that',
  scatterAdd: 'the gradient of gather, and tested as that',
  shuffle: 'random',
  squeeze: 'a reshape',
  stopGradient: 'copies nothing',
  sumTo: 'the gradient of broadcastTo, and tested as that',
  truncatedNormal: 'random',
  zeros: 'a fill',
  zerosLike: 'a fill',
};

test('every op has its known numbers', () => {
  const known = new Set(cases.map(({ op }) => op));
  const without = Object.keys(table).filter((name) => !known.has(name) && !(name in own));
  assert.deepEqual(without, []);
});

for (const { name: device, skip } of devices) {
  suite(`known numbers on ${device}`, { skip }, () => {
    const names = [...new Set(cases.map(({ op }) => op))];
    for (const name of names) {
      test(name, () => {
        setDevice(device);
        cases.filter(({ op }) => op === name).forEach(compare);
      });
    }
  });
}

function compare(given: Case, number: number): void {
  const where = `${given.op}, case ${number}`;
  const row = table[given.op]!;
  const inputs = Object.keys(row.inputs).map((name): Made => {
    const known = given.in[name];
    return Array.isArray(known) ? known.map(made) : known && made(known as Known);
  });
  const sources = inputs.flat().filter((x): x is Tensor => isWide(x?.dtype));
  const tape = new GradientTape();
  if (given.gradients !== undefined) tape.watch(sources);
  const out = call(given.op, inputs, given.args);
  out.forEach((result, i) => same(`${where}, result ${i}`, result, given.out[i]!));
  if (given.gradients === undefined) return tape.dispose();
  const floats = out.filter(({ dtype }) => isWide(dtype));
  const weights = floats.map(({ shape, size, dtype }) => {
    const list = Array.from({ length: size }, (_, i) => Math.cos(i + 1));
    if (dtype === 'f64') return tensor(list, shape, dtype);
    // Of a complex number the imaginary part counts twice.
    return tensor(
      list.map((re) => ({ re, im: 2 * re })),
      shape,
      dtype,
    );
  });
  const gradients = tape.gradient(floats, sources, { outputGradients: weights });
  const expected = Object.keys(row.inputs).flatMap((name) => given.gradients![name] ?? null);
  const wanted = expected.filter((known) => known !== null);
  const found = gradients.filter((g) => g !== null);
  assert.equal(found.length, wanted.length, where);
  found.forEach((g, i) => same(`${where}, gradient ${i}`, g, wanted[i]!));
}

function made({ shape, dtype, values }: Known): Tensor {
  const list = values.map(Number);
  return tensor(dtype === 'c128' ? Float64Array.from(list) : list, shape, dtype);
}

/** Floats and complex numbers of which there are gradients. */
function isWide(dtype: DType | undefined): boolean {
  return dtype === 'f64' || dtype === 'c128';
}

function same(where: string, actual: Tensor, { shape, dtype, values }: Known): void {
  assert.deepEqual(actual.shape, shape, where);
  assert.equal(actual.dtype, dtype, where);
  const found = difference(actual.data(), values.map(Number), tolerances[dtype] ?? 0);
  assert.equal(found, null, `${where}: ${found}`);
}
