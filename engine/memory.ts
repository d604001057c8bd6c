import { census, relieve } from './liveness.ts';
import { openDevices } from './placement.ts';
import { infoOf } from './rows.ts';
import { state } from './state.ts';
import { describe, Tensor } from './tensor.ts';
import type { DeviceName } from './device.ts';

export interface Memory {
  /** Storages that hold bytes, each once whatever the number of its views. */
  readonly tensors: number;
  /** Their bytes, as the device rounds them up. */
  readonly bytes: number;
  /** Bytes that the tapes which record now keep for their backward pass. */
  readonly saved: number;
  readonly devices: { readonly [name in DeviceName]?: DeviceMemory };
  /** What holds them, most first; only where it was asked for. */
  readonly list?: readonly HeldTensor[];
}

/** One storage, as the first tensor made on it that is still there. */
export interface HeldTensor {
  /** `f32[784,256]`. */
  readonly tensor: string;
  /** Of a variable. */
  readonly name?: string;
  readonly bytes: number;
  readonly device: string;
  /** A tape keeps it for its backward pass. */
  readonly saved: boolean;
  /** The op that made it, in its layers, and the line that called it: under the debugger. */
  readonly op?: string;
  readonly line?: string;
}

export interface DeviceMemory {
  readonly tensors: number;
  readonly bytes: number;
  /** Taken from the system, whether in use or free. */
  readonly reserved: number;
  /** How much of that lies outside the device's own memory: tensors over 256 MiB, and what it had no room for. */
  readonly outside: number;
}

/**
 * What lives where. What the program has dropped is looked for first, which
 * takes some milliseconds; `{ sweep: false }` counts without looking. With
 * `{ list: true }` it says which tensors hold the bytes; under the debugger
 * also the line that made each. Finding them takes 40 ms and more.
 *
 *     const { tensors, bytes } = tf.memory();
 */
export function memory({ sweep = true, list = false }: MemoryOptions = {}): Memory {
  if (sweep) relieve([]);
  const devices: { [name in DeviceName]?: DeviceMemory } = {};
  let tensors = 0;
  let bytes = 0;
  for (const device of openDevices()) {
    const usage = device.usage();
    devices[device.name] = {
      tensors: usage.storages,
      bytes: usage.bytes,
      reserved: usage.reserved,
      outside: usage.outside,
    };
    tensors += usage.storages;
    bytes += usage.bytes;
  }
  let saved = 0;
  for (let tape = state.tape; tape !== null; tape = tape.outer) saved += tape.bytes;
  return { tensors, bytes, saved, devices, ...(list && { list: holders() }) };
}

export interface MemoryOptions {
  readonly sweep?: boolean;
  readonly list?: boolean;
}

/** All storages that a tensor is left of. */
function holders(): readonly HeldTensor[] {
  if (census.of === null) throw new Error('memory: nothing here finds the tensors that are alive');
  const first = new Map<number, Tensor>();
  for (const tensor of census.of(Tensor.prototype)) {
    // The prototype of variables is found, too.
    if (tensor.storage === undefined) continue;
    const { bytes, storage } = infoOf(tensor);
    if (bytes === 0) continue;
    const other = first.get(storage);
    if (other === undefined || tensor.id < other.id) first.set(storage, tensor);
  }
  const all = [...first.values()].map((tensor): HeldTensor => {
    const { name, bytes, device, saved, op, path, site } = infoOf(tensor);
    return {
      tensor: describe(tensor),
      ...(name && { name }),
      bytes,
      device,
      saved,
      ...(op && { op: path ? `${path}/${op}` : op }),
      ...(site && { line: `${site.url}:${site.line}` }),
    };
  });
  return all.sort((a, b) => b.bytes - a.bytes);
}
