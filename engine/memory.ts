import { relieve } from './liveness.ts';
import { openDevices } from './placement.ts';
import { state } from './state.ts';
import type { DeviceName } from './device.ts';

export interface Memory {
  /** Storages that hold bytes, each once whatever the number of its views. */
  readonly tensors: number;
  /** Their bytes, as the device rounds them up. */
  readonly bytes: number;
  /** Bytes that the tapes which record now keep for their backward pass. */
  readonly saved: number;
  readonly devices: { readonly [name in DeviceName]?: DeviceMemory };
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
 * takes some milliseconds; `{ sweep: false }` counts without looking.
 */
export function memory({ sweep = true }: { readonly sweep?: boolean } = {}): Memory {
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
  return { tensors, bytes, saved, devices };
}
