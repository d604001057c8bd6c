/**
 * Generated over the op table: every gradient formula against central
 * differences in f64, along one random direction (the whole Jacobian would
 * say no more), and the gradients of the gradients likewise. A formula that
 * reads a value its row does not save throws on the way.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isComplex, isSmooth } from '../../engine/dtype.ts';
import {
  asked,
  call,
  devices,
  draws,
  inputsOf,
  recastAll,
  table,
  type Made,
} from '../kit/samples.ts';
import type { Given } from '../../engine/op.ts';
import { setDevice } from '../../engine/placement.ts';
import { GradientTape } from '../../engine/tape.ts';
import { tensor } from '../../engine/creation.ts';
import { functions } from '../../engine/functions.ts';
import { Tensor } from '../../engine/tensor.ts';
import type { TableSample } from '../kit/samples.ts';

/** A function of some tensors that gives tensors, weighed and summed to one number. */
type Scalar = (sources: readonly Tensor[]) => Tensor;

for (const { name: device, skip } of devices) {
  suite(`gradients on ${device}`, { skip }, () => {
    for (const [name, row] of Object.entries(table)) {
      const real = row.samples.filter((sample) => !pointed(sample) && flows(name, sample));
      // What takes complex numbers is tried with them too.
      const smooth = [...real, ...real.map(inComplex).filter((sample) => runs(name, sample))];
      if (smooth.length === 0) continue;

      test(`first derivatives of ${name}`, () => {
        setDevice(device);
        smooth.forEach((sample, number) => {
          const { f, sources } = scalarOf(name, sample, number);
          slopes(`${name}, sample ${number}`, f, sources);
        });
      });

      test(`second derivatives of ${name}`, () => {
        setDevice(device);
        smooth.forEach((sample, number) => {
          const { f, sources } = scalarOf(name, sample, number);
          const directions = sources.map((source, i) => random(source, 77 + i));
          const slope: Scalar = (at) => {
            const gradients = gradientsOf(f, at);
            return total(gradients.map((g, i) => (g === null ? null : along(g, directions[i]!))));
          };
          slopes(`${name}, sample ${number}`, slope, sources);
        });
      });
    }
  });
}

test('what is not kept for constants is read for no other input', () => {
  setDevice('plain');
  const rows = Object.entries(table).filter(([, { readBy }]) => readBy !== undefined);
  assert.ok(rows.length > 3);
  for (const [name, { samples }] of rows) {
    const { f, sources } = scalarOf(name, samples[0]!, 1);
    gradientsOf(f, sources).forEach((all, i) => {
      const tape = new GradientTape();
      tape.watch(sources[i]!);
      const alone = tape.gradient(f(sources), sources[i]!);
      assert.deepEqual(alone?.array(), all?.array(), `${name}, input ${i}`);
    });
  }
});

test('a batch of matrices times one has gradients where an axis is empty', () => {
  for (const { name, skip } of devices) {
    if (skip) continue;
    setDevice(name);
    for (const [batch, m, k, n] of [
      [2, 3, 0, 4],
      [2, 3, 4, 0],
      [2, 0, 3, 4],
      [0, 2, 3, 4],
    ] as const) {
      const [x, y] = [functions.zeros([batch, m, k]), functions.zeros([k, n])];
      const tape = new GradientTape();
      tape.watch([x, y]);
      const shapes = tape.gradient(x.matMul(y), [x, y]).map((g) => g!.shape);
      assert.deepEqual(shapes, [x.shape, y.shape], `${batch}x${m}x${k}x${n}`);
    }
  }
});

test('a gradient has the dtype of its tensor', () => {
  setDevice('plain');
  for (const name of ['add', 'mul', 'div', 'pow', 'maximum', 'matMul', 'squaredDifference']) {
    const x = tensor([[1, 2]], [1, 2], 'f32');
    const y = tensor([[3], [4]], [2, 1], 'f64');
    const tape = new GradientTape();
    tape.watch([x, y]);
    const [out] = call(name, [x, y]);
    assert.equal(out!.dtype, 'f64', name);
    const [a, b] = tape.gradient(out!, [x, y]);
    assert.deepEqual([a!.dtype, b!.dtype], ['f32', 'f64'], name);
  }
});

/** Compares the gradient along a random direction with the difference quotient. */
function slopes(where: string, f: Scalar, sources: readonly Tensor[]): void {
  const direction = sources.map((source, i) => random(source, 5 + i));
  const gradients = gradientsOf(f, sources);
  const exact = gradients.reduce(
    (sum, g, i) => sum + (g === null ? 0 : Number(along(g, direction[i]!).item())),
    0,
  );
  gradients.forEach((g, i) => {
    if (g !== null) assert.deepEqual(g.shape, sources[i]!.shape, where);
  });
  const at = (step: number) =>
    Number(f(sources.map((source, i) => source.add(direction[i]!.mul(step)))).item());
  // A fourth-order stencil: the step can be large enough that rounding does not show.
  const h = 1e-3;
  const quotient = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  const gap = Math.abs(exact - quotient);
  assert.ok(gap <= 1e-7 * Math.max(1, Math.abs(exact)), `${where}: ${exact}, not ${quotient}`);
}

function gradientsOf(f: Scalar, sources: readonly Tensor[]): readonly (Tensor | null)[] {
  const tape = new GradientTape();
  tape.watch(sources);
  const y = f(sources);
  return tape.gradient(y, sources);
}

/** The op on a sample as a function of its floats, in f64; other inputs stay as they are. */
function scalarOf(
  name: string,
  sample: TableSample,
  seed: number,
): { f: Scalar; sources: Tensor[] } {
  const row = table[name]!;
  const givens = recastAll(sample.in, 'f64');
  const inputs = inputsOf(row, givens, seed + 1);
  const sources = inputs.flat().filter((x): x is Tensor => x !== undefined && isSmooth(x.dtype));
  const f: Scalar = (at) => {
    let next = 0;
    const swap = (x: Tensor) => (isSmooth(x.dtype) ? at[next++]! : x);
    const given = inputs.map((input): Made =>
      input instanceof Tensor ? swap(input) : input?.map(swap),
    );
    const out = call(name, given, sample.args).filter((t) => isSmooth(t.dtype));
    return total(out.map((t, i) => along(t, random(t, 31 + i))));
  };
  return { f, sources };
}

function total(parts: readonly (Tensor | null)[]): Tensor {
  const real = parts.filter((part) => part !== null);
  return real.reduce((a, b) => a.add(b), tensor(0, [], 'f64'));
}

/** Values written out are there for a kink or an edge; outside numbers look after those. */
function pointed({ in: givens }: TableSample): boolean {
  return Object.values(givens)
    .flat()
    .some(
      (given) => typeof given === 'object' && 'values' in given && isSmooth(asked(given).dtype),
    );
}

/** Something can flow back: the row has a formula, and floats go in. */
function flows(name: string, { in: givens }: TableSample): boolean {
  const row = table[name]!;
  const some = row.compose !== undefined || row.backward !== undefined;
  const formulas = some || Object.values(row.grad ?? {}).some((formula) => formula !== null);
  const parts = Object.entries(givens).flatMap(([input, given]) =>
    row.inputs[input] === 'many' ? (given as readonly Given[]) : [given as Given],
  );
  return formulas && parts.some((given) => isSmooth(asked(given).dtype));
}

/** The same sample with complex numbers in place of floats. */
function inComplex(sample: TableSample): TableSample {
  return { ...sample, in: recastAll(sample.in, 'c128') };
}

function runs(name: string, sample: TableSample): boolean {
  setDevice('plain');
  try {
    call(name, inputsOf(table[name]!, sample.in, 0), sample.args);
    return true;
  } catch {
    // The dtypes that an op does not take are tried in ops.test.ts.
    return false;
  }
}

/** How much of `x` goes along a direction, element by element: of complex numbers both parts count. */
function along(x: Tensor, direction: Tensor): Tensor {
  return x.mul(direction.conj()).sum().real();
}

function random(like: Tensor, seed: number): Tensor {
  const draw = draws(seed);
  const list = () =>
    tensor(
      Array.from({ length: like.size }, () => draw() * 2 - 1),
      like.shape,
      'f64',
    );
  return isComplex(like.dtype) ? list().complex(list()) : list();
}
