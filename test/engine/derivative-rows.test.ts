/**
 * Generated over the op table: forward and reverse mode agree, u . (J v) = v . (u J),
 * for every op that a gradient flows through; and derivatives of analytic
 * functions against the complex step, which has no rounding of its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import { jvp, vjp } from '../../engine/directional.ts';
import { isFloat } from '../../engine/dtype.ts';
import { functions } from '../../engine/functions.ts';
import { setDevice } from '../../engine/placement.ts';
import { Tensor } from '../../engine/tensor.ts';
import { grad } from '../../engine/transforms.ts';
import {
  call,
  draws,
  inputsOf,
  recastAll,
  table,
  type Made,
  type TableSample,
} from '../kit/samples.ts';

test('forward and reverse mode agree for every op', () => {
  setDevice('plain');
  const apart: string[] = [];
  let count = 0;
  for (const [name, row] of Object.entries(table)) {
    const flows =
      row.compose ??
      row.backward ??
      Object.values(row.grad ?? {}).find((formula) => formula !== null);
    if (!flows) continue;
    row.samples.forEach((sample, number) => {
      // Values written out are there for a kink or an edge; outside numbers look after those.
      if (
        Object.values(sample.in)
          .flat()
          .some((given) => typeof given === 'object' && 'values' in given)
      )
        return;
      const { f, sources } = functionOf(name, sample, number);
      if (sources.length === 0) return;
      const value = f(sources);
      if (!isFloat(value.dtype)) return;
      const v = sources.map((x, i) => random(x.shape, 5 + i));
      const u = random(value.shape, 77);
      const pushed = jvp(f, sources, v).jvp.mul(u).sum().item();
      const pulled = vjp(f, sources).vjp(u);
      const other = pulled.reduce((sum, g, i) => sum + g.mul(v[i]!).sum().item(), 0);
      const gap = Math.abs(pushed - other);
      const same = Object.is(pushed, other) || gap <= 1e-9 * Math.max(1, Math.abs(pushed));
      if (!same) apart.push(`${name}, sample ${number}: ${pushed} forward, ${other} back`);
      count++;
    });
  }
  assert.deepEqual(apart, []);
  assert.ok(count > 150, `${count}`);
});

test('derivatives of analytic functions are those of the complex step', () => {
  setDevice('plain');
  const analytic =
    'exp expm1 sin cos tan sinh cosh tanh asinh atan log log1p sqrt rsqrt square reciprocal sigmoid neg'.split(
      ' ',
    );
  const h = 1e-30;
  let count = 0;
  for (const name of analytic) {
    const op = (functions as unknown as Record<string, (x: Tensor) => Tensor>)[name]!;
    const at = [0.3, 0.7, 1.4];
    const x = tensor(at, undefined, 'f64');
    const z = functions.complex(x, functions.fill(x.shape, h, 'f64'));
    let stepped: number[];
    try {
      stepped = functions.imag(op(z)).div(h).array() as number[];
    } catch {
      continue;
    }
    const exact = grad((x) => op(x).sum())(x).array() as number[];
    exact.forEach((value, i) => {
      const gap = Math.abs(value - stepped[i]!);
      assert.ok(
        gap <= 1e-13 * Math.max(1, Math.abs(value)),
        `${name} at ${at[i]}: ${value}, not ${stepped[i]}`,
      );
    });
    count++;
  }
  assert.ok(count >= 8, `${count}`);
});

/** The op on a sample as a function of its floats in f64, with its float results in one vector. */
function functionOf(name: string, sample: TableSample, seed: number) {
  const row = table[name]!;
  const givens = recastAll(sample.in, 'f64');
  const inputs = inputsOf(row, givens, seed + 1);
  const sources = inputs.flat().filter((x): x is Tensor => x !== undefined && isFloat(x.dtype));
  const f = (at: readonly Tensor[]): Tensor => {
    let next = 0;
    const swap = (x: Tensor) => (isFloat(x.dtype) ? at[next++]! : x);
    const given = inputs.map((input): Made =>
      input instanceof Tensor ? swap(input) : input?.map(swap),
    );
    const out = call(name, given, sample.args).filter((t) => isFloat(t.dtype));
    if (out.length === 0) return tensor([0], undefined, 'i32');
    return out.map((t) => t.cast('f64').flatten()).reduce((a, b) => a.concat(b, 0));
  };
  return { f, sources };
}

function random(shape: readonly number[], seed: number): Tensor {
  const draw = draws(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, () => draw() * 2 - 1),
    shape,
    'f64',
  );
}
