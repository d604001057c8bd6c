/**
 * Generated over the op table: every op under vmap gives what a loop over the
 * examples gives, with all inputs batched and with the first alone, and runs
 * once for any batch unless the documents say that it does not.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { control } from '../../engine/gate.ts';
import { setDevice } from '../../engine/placement.ts';
import { OP_COUNT } from '../../engine/protocol.ts';
import { sameShape } from '../../engine/shape.ts';
import { state } from '../../engine/state.ts';
import { Tensor } from '../../engine/tensor.ts';
import { vmap } from '../../engine/vmap/vmap.ts';
import { vmapOf } from '../../engine/vmap/rules.ts';
import {
  call,
  devices,
  difference,
  inputsOf,
  table,
  tolerances,
  type Made,
  type TableSample,
} from '../kit/samples.ts';

for (const { name: device, skip } of devices) {
  suite(`vmap on ${device}`, { skip }, () => {
    for (const [name, row] of Object.entries(table)) {
      const samples = row.samples.filter((sample) => Object.keys(sample.in).length > 0);
      if (samples.length === 0 || row.random) continue;
      test(`vmap of ${name}`, () => {
        setDevice(device);
        samples.forEach((sample, number) => {
          if (vmapOf(name, row) === 'never') {
            assert.throws(() => agrees(name, sample, number, false), /under vmap/, name);
            return;
          }
          for (const first of [false, true]) agrees(name, sample, number, first);
        });
      });
    }
  });
}

test('every op runs once for a batch of any size, but for those that are listed', () => {
  setDevice('plain');
  const once = Object.entries(table).filter(
    ([name, row]) =>
      !row.random && Object.keys(row.inputs).length > 0 && vmapOf(name, row) === 'once',
  );
  assert.ok(once.length > 60);
  for (const [name, row] of once) {
    row.samples.forEach((sample, number) => {
      const looped = new Set<string>();
      const [few, many] = [2, 5].map((size) => {
        const { given, axes, args } = batchOf(name, sample, number, size, false);
        const before = control[OP_COUNT]!;
        vmap((...inputs: Made[]) => {
          const made = call(name, inputs, args);
          for (const part of state.batch!.looped) looped.add(part);
          return made;
        }, axes)(...given);
        return control[OP_COUNT]! - before;
      });
      // What is made of ops that run example by example does so, too.
      if (row.compose !== undefined && looped.size > 0) {
        for (const part of looped) assert.notEqual(vmapOf(part, table[part]!), 'once', part);
      } else assert.equal(many, few, `${name}, sample ${number}: ${few} ops for 2, ${many} for 5`);
    });
  }
});

function agrees(name: string, sample: TableSample, number: number, first: boolean): void {
  const where = `${name}, sample ${number}${first ? ', the first input batched' : ''}`;
  const { examples, given, axes, args } = batchOf(name, sample, number, SIZE, first);
  const out = vmap((...inputs: Made[]) => call(name, inputs, args), axes)(...given);
  const each = examples.map((inputs) => call(name, inputs, args));
  out.forEach((tensor, i) => {
    each.forEach((one, b) => {
      const found = tensor.slice([b], [1]).squeeze(0);
      const expected = one[i]!;
      assert.ok(sameShape(found.shape, expected.shape), `${where}: ${found.shape}`);
      assert.equal(found.dtype, expected.dtype, where);
      const tolerance = 4 * (tolerances[found.dtype] ?? 0);
      const gap = difference(found.data(), expected.data(), tolerance);
      assert.equal(gap, null, `${where}, example ${b}: ${gap}`);
    });
  });
}
const SIZE = 3;

/** Examples with numbers of their own, one by one and stacked. */
function batchOf(
  name: string,
  { in: givens, args = [] }: TableSample,
  number: number,
  size: number,
  first: boolean,
) {
  const row = table[name]!;
  const all = Array.from({ length: size }, (_, b) => inputsOf(row, givens, number + 100 * b));
  const alone = (i: number) => first && i > 0;
  const examples = all.map((inputs) => inputs.map((input, i) => (alone(i) ? all[0]![i] : input)));
  const given = all[0]!.map((input, i): Made => {
    if (input === undefined || alone(i)) return input;
    if (input instanceof Tensor) return stacked(all.map((inputs) => inputs[i] as Tensor));
    return input.map((_, k) => stacked(all.map((inputs) => (inputs[i] as Tensor[])[k]!)));
  });
  const axes = given.map((input, i) => (input === undefined || alone(i) ? null : 0));
  return { examples, given, axes, args };
}

function stacked(tensors: readonly Tensor[]): Tensor {
  return tensors[0]!.stack(tensors.slice(1));
}
