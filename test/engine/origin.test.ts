/** Generated over the op table: what changes when an element of an input does, against what the rules of origins say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComplex, isFloat, range, isSmooth } from '../../engine/dtype.ts';
import { show } from '../../engine/element.ts';
import { elementwise } from '../../engine/origin/elements.ts';
import { indexAt, type Cells } from '../../engine/origin/cells.ts';
import { inner } from '../../engine/origin/inner.ts';
import { ruleOf } from '../../engine/origin/rules.ts';
import { givenOf } from '../../engine/origin/values.ts';
import { setDevice } from '../../engine/placement.ts';
import { ready } from '../../engine/ready.ts';
import { Tensor } from '../../engine/tensor.ts';
import { setElement } from '../../engine/user-edits.ts';
import {
  attrsOf,
  call,
  inputsOf,
  recastAll,
  table,
  type Made,
  type TableSample,
} from '../kit/samples.ts';

/** As many elements of an input are changed, and of a result asked about. */
const MOST = 24;

/** What an element does there depends on the others: which pixel is nearest, which of equals comes first. */
const MASKING = new Set(['cropAndResize', 'gridSample', 'sort']);
/** Samples with equal elements, or with zeros, where the slightest change makes another choice. */
const TIED = new Set(['argSort', 'argsort', 'cummax', 'cummin', 'nonzero']);
/** Whole numbers say there where something goes: one that goes elsewhere changes what it has not fed. */
const CHOOSING = new Set([
  'bincount',
  'booleanMask',
  'indexAdd',
  'putAlongAxis',
  'scatterAdd',
  'scatterND',
  'scatterUpdate',
  'segmentMax',
  'segmentMean',
  'segmentMin',
  'segmentProd',
  'segmentSum',
  'tensorScatterUpdate',
  'unsortedSegmentMax',
  'unsortedSegmentMean',
  'unsortedSegmentMin',
  'unsortedSegmentProd',
  'unsortedSegmentSum',
]);

for (const [name, row] of Object.entries(table)) {
  test(name, () => {
    setDevice('plain');
    const masks = ruleOf(ready(name, row)) === elementwise || MASKING.has(name);
    row.samples.forEach((sample, number) => {
      if (Object.values(row.inputs).length === 0) return;
      const { made, out } = begun(name, sample, number);
      const tensors = tensorsIn(made);
      if (tensors.some(({ dtype }) => dtype === 'string')) return;
      const where = `${name}, sample ${number}`;
      const asked = out.map((_, slot) => some(out[slot]!.size));
      const fed = out.map((_, slot) =>
        asked[slot]!.map((at) => originsOf(name, made, sample, out, slot, at)),
      );
      tensors.forEach((tensor, input) => {
        for (const position of some(tensor.size)) {
          const slight = changesOf(name, made, sample, out, input, position, 'slight');
          // What draws by a number may not end for one that is none.
          const great = row.random
            ? null
            : changesOf(name, made, sample, out, input, position, 'great');
          out.forEach((_, slot) => {
            asked[slot]!.forEach((at, k) => {
              const cells = fed[slot]![k]!.filter((each) => each.input === input);
              const listed = cells.some((each) => holds(each, position));
              const what = `${where}: ${slot} at ${at} of input ${input} at ${position}`;
              const elsewhere = TIED.has(name) || (CHOOSING.has(name) && !isSmooth(tensor.dtype));
              if (slight[slot]!.has(at) && !elsewhere) assert.ok(listed, `${what} is missing`);
              const unsure = cells.some((each) => each.unsure);
              const moved = slight[slot]!.has(at) || (great?.[slot]!.has(at) ?? true);
              const smooth = !masks && isSmooth(tensor.dtype) && isSmooth(out[slot]!.dtype);
              if (listed && !unsure && !moved && smooth) assert.fail(`${what} does not matter`);
            });
          });
        }
      });
    });
  });
}

/** In f64 where that is to be had, so that small changes are seen. */
function begun(name: string, sample: TableSample, seed: number) {
  const row = table[name]!;
  try {
    const made = inputsOf(row, recastAll(sample.in, 'f64'), seed);
    return { made, out: call(name, made, sample.args) };
  } catch {
    const made = inputsOf(row, sample.in, seed);
    return { made, out: call(name, made, sample.args) };
  }
}

function originsOf(
  name: string,
  made: readonly Made[],
  { args }: TableSample,
  out: readonly Tensor[],
  slot: number,
  at: number,
): readonly Cells[] {
  const row = table[name]!;
  const op = ready(name, row);
  const attrs = attrsOf(row, made, args);
  const index = indexAt(at, out[slot]!.shape);
  const rule = ruleOf(op);
  if (rule === null) {
    const cells = inner(op, made, attrs, { slot, index });
    assert.ok(cells, name);
    return cells;
  }
  const inputs = tensorsIn(made).map(givenOf);
  return rule({ inputs, attrs, out: givenOf(out[slot]!), slot, index });
}

/** The elements of the results that are others once that one of an input is. */
function changesOf(
  name: string,
  made: readonly Made[],
  { args }: TableSample,
  out: readonly Tensor[],
  input: number,
  position: number,
  how: 'slight' | 'great',
): readonly Set<number>[] {
  const changed = out.map(() => new Set<number>());
  // Views change with what they are views of.
  const before = out.map((result) => result.data());
  const tensor = tensorsIn(made)[input]!;
  const index = indexAt(position, tensor.shape);
  const old = show(givenOf(tensor).value(position), tensor.dtype);
  for (const value of othersOf(tensor, position, how)) {
    setElement(tensor, index, value);
    let now: readonly Tensor[] = [];
    try {
      now = call(name, made, args);
    } catch {
      // What it does not take any more it has looked at.
      if (how === 'great') out.forEach(({ size }, slot) => everyOf(size, changed[slot]!));
    }
    now.forEach((result, slot) => {
      const [a, b] = [result.data(), before[slot]!];
      const each = isComplex(result.dtype) ? 2 : 1;
      if (a.length !== b.length) return everyOf(out[slot]!.size, changed[slot]!);
      for (let i = 0; i < a.length; i++)
        if (!Object.is(a[i], b[i])) changed[slot]!.add(Math.floor(i / each));
    });
    setElement(tensor, index, old);
  }
  return changed;
}

/** Values so near that no choice becomes another one, and values that change whatever can be changed. */
function othersOf(tensor: Tensor, position: number, how: 'slight' | 'great'): readonly string[] {
  const { dtype } = tensor;
  const value = givenOf(tensor).value(position);
  if (dtype === 'bool') return [value ? 'false' : 'true'];
  if (typeof value === 'object') {
    const moved = how === 'slight' ? [1e-5] : [3, NaN];
    return moved.map((by) => show({ re: value.re + by, im: value.im + by / 2 }, dtype));
  }
  if (isFloat(dtype)) {
    const near = Number(value);
    return (how === 'slight' ? [near + 1e-5] : [NaN, near + 3, near - 3, -near, 40]).map(String);
  }
  const whole = BigInt(value as number | bigint);
  const steps = how === 'slight' ? [1n, -1n] : [7n, 2n, -2n];
  const [, high] = range(dtype);
  return steps
    .map((by) => whole + by)
    .filter((n) => n <= high && (n >= 0n || whole < 0n))
    .map(String);
}

function everyOf(size: number, into: Set<number>): void {
  for (let i = 0; i < size; i++) into.add(i);
}

/** All of a few, some of many. */
function some(size: number): readonly number[] {
  const count = Math.min(size, MOST);
  return Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
}

function holds({ count, at }: Cells, position: number): boolean {
  for (let k = 0; k < count; k++) if (at(k) === position) return true;
  return false;
}

function tensorsIn(made: readonly Made[]): readonly Tensor[] {
  return made.flat().filter((each) => each instanceof Tensor);
}
