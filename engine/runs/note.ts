import type { Elements } from '../device.ts';
import { isComplex } from '../dtype.ts';
import { control } from '../gate.ts';
import { SAMPLES, STEP, type Num, type OpNote, type OutputNote } from '../protocol.ts';
import { dense, listOf } from '../read.ts';
import { place } from '../sites.ts';
import { num, statsOf } from '../stats.ts';
import { describe, type Tensor } from '../tensor.ts';
import { lineOf, title, trail } from '../op-run.ts';
import type { OpRun } from '../trace.ts';

/** What an op made, in few words: enough to tell whether another run made the same. */
export function noteOf(run: OpRun): OpNote {
  const site = place(lineOf(run));
  return {
    op: title(run),
    path: trail(run),
    ...(site && { site }),
    step: control[STEP]!,
    inputs: run.inputs.map(([, tensor]) => describe(tensor)),
    outputs: run.outputs.map(([name, tensor]) => outputOf(name, tensor.whole)),
  };
}

function outputOf(name: string, tensor: Tensor): OutputNote {
  const { shape, dtype } = tensor;
  const text = dtype === 'string';
  const elements = text ? letters(JSON.stringify(listOf(tensor))) : elementsOf(tensor);
  return {
    name,
    shape,
    dtype,
    checksum: checksum(bytesOf(elements)),
    stats: statsOf(tensor, true),
    sample: text ? [] : sampleOf(elements, isComplex(dtype) ? 2 : 1),
    values: () => (text ? null : bytesOf(elements)),
  };
}

type Numbers = Exclude<Elements, string[]> & ArrayBufferView;

/** Row-major; where they lie so already, the storage itself: to be read at once. */
function elementsOf(tensor: Tensor): Numbers {
  const { dtype, strides, offset, size, storage } = tensor;
  if (strides !== null || dtype === 'f16' || dtype === 'bf16') return dense(tensor) as Numbers;
  const each = isComplex(dtype) ? 2 : 1;
  const all = storage.bytes.device.array(tensor) as Numbers & Float64Array;
  return all.subarray(each * offset, each * (offset + size));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function letters(text: string): Numbers {
  return Uint16Array.from(text, (letter) => letter.charCodeAt(0)) as unknown as Numbers;
}

function sampleOf(elements: Numbers, each: number): Num[] {
  const values = elements as unknown as ArrayLike<number | bigint>;
  const size = values.length / each;
  const count = Math.min(size, SAMPLES);
  const sample: Num[] = [];
  for (let i = 0; i < count; i++) {
    const at = count === 1 ? 0 : Math.floor((i * (size - 1)) / (count - 1));
    for (let part = 0; part < each; part++) sample.push(num(Number(values[each * at + part])));
  }
  return sample;
}

/** Two lanes of multiplications and shifts over words of four bytes: not proof against ill will, but against accidents. */
function checksum(bytes: Uint8Array): string {
  const { length } = bytes;
  const count = length >>> 2;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, count);
  let [a, b] = [length | 0, 0x2545f491];
  const mix = (word: number) => {
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul((b << 13) | (b >>> 19), 5) ^ Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  };
  for (let i = 0; i < count; i++) mix(words[i]!);
  let rest = 0;
  for (let i = 4 * count; i < length; i++) rest = (rest << 8) | bytes[i]!;
  mix(rest);
  return hex(a) + hex(b);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
