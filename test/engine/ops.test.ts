/** Generated over the op table: every op, every sample, every device. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import { setDevice } from '../../engine/placement.ts';
import { sameShape, text } from '../../engine/shape.ts';
import type { Tensor } from '../../engine/tensor.ts';
import {
  attrsOf,
  call,
  dense,
  devices,
  difference,
  inputsOf,
  recastAll,
  repeated,
  repeatedDensely,
  specsOf,
  strided,
  table,
  tolerances,
  type TableSample,
} from '../kit/samples.ts';

for (const { name: device, skip } of devices) {
  suite(`ops on ${device}`, { skip }, () => {
    for (const [name, row] of Object.entries(table)) {
      test(name, () => {
        setDevice(device);
        row.samples.forEach((sample, number) => {
          const where = `${name}, sample ${number}`;
          const inputs = inputsOf(row, sample.in, number);
          const out = call(name, inputs, sample.args);
          const specs = specsOf(row, inputs, attrsOf(row, inputs, sample.args));
          assert.equal(out.length, specs.length, where);
          out.forEach((tensor, i) => {
            assert.deepEqual(tensor.shape, specs[i]!.shape, where);
            assert.equal(tensor.dtype, specs[i]!.dtype, where);
          });
          const other = call(name, inputsOf(row, sample.in, number, strided), sample.args);
          same(`${where}, strided`, other, out);
          const [wide, full] = [repeated, repeatedDensely].map((how) =>
            tried(name, sample, number, how),
          );
          if (typeof wide === 'string' || typeof full === 'string') assert.equal(wide, full, where);
          else same(`${where}, repeated`, wide!, full!);
          if (device !== 'plain')
            same(`${where} against plain`, out, onPlain(name, sample, number));
        });
      });

      test(`${name} in other dtypes`, () => {
        for (const dtype of ['f64', 'f16', 'bf16', 'i64', 'u8', 'c64', 'c128'] as const) {
          row.samples.forEach((sample, number) => {
            const other = { ...sample, in: recastAll(sample.in, dtype) };
            const where = `${name}, sample ${number} in ${dtype}`;
            setDevice(device);
            const out = tried(name, other, number);
            if (device === 'plain') return;
            const expected = onPlain(name, other, number, true);
            if (typeof out === 'string' || typeof expected === 'string') {
              assert.equal(out, expected, where);
            } else same(where, out, expected);
          });
        }
      });

      if (row.errors !== undefined) {
        test(`${name} says what does not fit`, () => {
          setDevice(device);
          for (const { says, ...sample } of row.errors!) {
            const inputs = inputsOf(row, sample.in, 0);
            assert.throws(
              () => call(name, inputs, sample.args),
              ({ message }: Error) => message.startsWith(`${name}: `) && message.includes(says),
              says,
            );
          }
        });
      }
    }
  });
}

test('every op names the input that is no tensor, and is no op on text unless it says so', () => {
  setDevice('plain');
  const words = tensor(['a', 'b']);
  for (const [name, row] of Object.entries(table)) {
    const [sample] = row.samples;
    Object.keys(row.inputs).forEach((input, i) => {
      if (sample!.in[input] === undefined) return;
      const refuses = (wrong: unknown, says: (message: string) => boolean) => {
        const inputs = inputsOf(row, sample!.in, 0).with(i, wrong as Tensor);
        assert.throws(
          () => call(name, inputs, sample!.args),
          ({ message }: Error) => message.startsWith(`${name}: `) && says(message),
          `${name}: ${input}`,
        );
      };
      const first = row.inputs[input] === 'many' ? [new Date()] : new Date();
      refuses(first, (message) => message.includes(input) && message.includes('a Date'));
      if (row.texts || row.view !== undefined) return;
      refuses(row.inputs[input] === 'many' ? [words] : words, () => true);
    });
  }
});

test('views copy nothing', () => {
  setDevice('plain');
  for (const [name, row] of Object.entries(table)) {
    if (row.view === undefined) continue;
    row.samples.forEach((sample, number) => {
      const inputs = inputsOf(row, sample.in, number, dense);
      const [out] = call(name, inputs, sample.args);
      assert.equal(out!.storage, (inputs[0] as Tensor).storage, name);
    });
  }
});

function tried(name: string, sample: TableSample, seed: number, how = dense): Tensor[] | string {
  try {
    return call(name, inputsOf(table[name]!, sample.in, seed, how), sample.args);
  } catch (error) {
    // No arithmetic in that dtype is an answer, if it says so.
    const { message } = error as Error;
    assert.ok(message.startsWith(`${name}: `), message);
    return message;
  }
}

function onPlain(name: string, sample: TableSample, seed: number, soft?: false): Tensor[];
function onPlain(name: string, sample: TableSample, seed: number, soft: true): Tensor[] | string;
function onPlain(name: string, sample: TableSample, seed: number, soft = false): Tensor[] | string {
  setDevice('plain');
  return soft
    ? tried(name, sample, seed)
    : call(name, inputsOf(table[name]!, sample.in, seed), sample.args);
}

function same(where: string, actual: readonly Tensor[], expected: readonly Tensor[]): void {
  actual.forEach((tensor, i) => {
    const other = expected[i]!;
    assert.ok(sameShape(tensor.shape, other.shape), `${where}: ${text(tensor.shape)}`);
    assert.equal(tensor.dtype, other.dtype, where);
    const found = difference(tensor.data(), other.data(), tolerances[tensor.dtype] ?? 0);
    assert.equal(found, null, `${where}: ${found}`);
  });
}
