/**
 * Generated over the op table: forward and reverse mode agree, u . (J v) = v . (u J),
 * for every op that a gradient flows through; and derivatives of analytic
 * functions against the complex step, which has no rounding of its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import { jvp, vjp } from '../../engine/directional.ts';
import { isComplex, isFloat, isSmooth } from '../../engine/dtype.ts';
import type { Given } from '../../engine/op.ts';
import { setDevice } from '../../engine/placement.ts';
import { Tensor } from '../../engine/tensor.ts';
import { grad } from '../../engine/transforms.ts';
import {
  asked,
  call,
  draws,
  inputsOf,
  isList,
  recastAll,
  table,
  type Made,
  type TableSample,
} from '../kit/samples.ts';

test('forward and reverse mode agree for every op', () => {
  setDevice('plain');
  const apart: string[] = [];
  const none = new Set<string>();
  for (const [name, row] of Object.entries(table)) {
    const flows =
      row.compose ??
      row.backward ??
      Object.values(row.grad ?? {}).find((formula) => formula !== null);
    if (!flows) continue;
    none.add(name);
    row.samples.forEach((sample, number) => {
      // Values written out are there for a kink or an edge; outside numbers look after those.
      if (Object.values(sample.in).some((given) => pointed(given))) return;
      const { f, sources } = functionOf(name, sample, number);
      if (sources.length === 0) return;
      const value = f(sources);
      if (!isFloat(value.dtype)) return void none.delete(name);
      const v = sources.map((x, i) => random(x.shape, 5 + i));
      const u = random(value.shape, 77);
      const pushed = jvp(f, sources, v).jvp.mul(u).sum().item();
      const pulled = vjp(f, sources).vjp(u);
      const other = pulled.reduce((sum, g, i) => sum + g.mul(v[i]!).sum().item(), 0);
      const gap = Math.abs(pushed - other);
      const same = Object.is(pushed, other) || gap <= 1e-9 * Math.max(1, Math.abs(pushed));
      if (!same) apart.push(`${name}, sample ${number}: ${pushed} forward, ${other} back`);
      none.delete(name);
    });
  }
  assert.deepEqual(apart, []);
  // A count is a whole number, which nothing flows through.
  assert.deepEqual([...none], ['countNonzero']);
});

test('derivatives of analytic functions are those of the complex step', () => {
  setDevice('plain');
  const h = 1e-30;
  const tried: string[] = [];
  for (const [name, row] of Object.entries(table)) {
    if (row.formula === undefined || Object.keys(row.inputs).length > 1) continue;
    // Of the absolute value there is no complex derivative.
    if (row.grad?.x == null || name === 'abs') continue;
    const op = (x: Tensor) => call(name, [x])[0]!;
    const at = [0.3, 0.7, 1.4];
    const x = tensor(at, undefined, 'f64');
    let stepped: number[];
    try {
      stepped = op(x.complex(x.fullLike(h)))
        .imag()
        .div(h)
        .array();
    } catch {
      // It is not made for complex numbers.
      continue;
    }
    const exact: number[] = grad((x) => op(x).sum())(x).array();
    // Outside its domain on the real line there is nothing to compare with.
    const values: number[] = op(x).array();
    exact.forEach((value, i) => {
      if (Number.isNaN(values[i])) return;
      const gap = Math.abs(value - stepped[i]!);
      const where = `${name} at ${at[i]}: ${value}, not ${stepped[i]}`;
      assert.ok(gap <= 1e-13 * Math.max(1, Math.abs(value)), where);
    });
    tried.push(name);
  }
  assert.ok(tried.length > 18, tried.join());
});

/** The op on a sample as a function of its floats in f64, of complex ones as both parts, with its results in one vector likewise. */
function functionOf(name: string, sample: TableSample, seed: number) {
  const row = table[name]!;
  const inputs = inputsOf(row, recastAll(sample.in, 'f64'), seed + 1);
  const smooth = inputs.flat().filter((x): x is Tensor => x !== undefined && isSmooth(x.dtype));
  const sources = smooth.flatMap((x) => (isComplex(x.dtype) ? [x.real(), x.imag()] : [x]));
  const f = (at: readonly Tensor[]): Tensor => {
    let next = 0;
    const swap = (x: Tensor) => {
      if (!isSmooth(x.dtype)) return x;
      return isComplex(x.dtype) ? at[next++]!.complex(at[next++]!) : at[next++]!;
    };
    const given = inputs.map((input): Made =>
      input instanceof Tensor ? swap(input) : input?.map(swap),
    );
    const out = call(name, given, sample.args).filter((t) => isSmooth(t.dtype));
    if (out.length === 0) return tensor([0], undefined, 'i32');
    const parts = out.flatMap((t) => (isComplex(t.dtype) ? [t.real(), t.imag()] : [t]));
    return parts.map((t) => t.cast('f64').flatten()).reduce((a, b) => a.concat(b, 0));
  };
  return { f, sources };
}

/** Floats whose values are written out. */
function pointed(given: Given | readonly Given[]): boolean {
  const list = isList(given) ? given : [given];
  return list.map(asked).some(({ dtype, values }) => values !== undefined && isSmooth(dtype));
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
