import type { Device, DeviceName, TierInfo } from './device.ts';
import { state } from './state.ts';

/** Which devices there are, and on which one new tensors are made. */

/** Makes a device known; it is opened when it is first asked for. The first one is the default. */
export function supply(name: DeviceName, open: () => Device): void {
  suppliers.set(name, open);
}

/**
 * The names of the devices there are.
 *
 *     tf.listDevices(); // ['cpu', 'plain']
 */
export function listDevices(): readonly DeviceName[] {
  return [...suppliers.keys()];
}

/** `by` is the function that was asked. */
export function deviceOf(name: DeviceName, by = 'device'): Device {
  let device = opened.get(name);
  if (device !== undefined) return device;
  const open = suppliers.get(name);
  if (open === undefined) {
    throw new Error(`${by}: no device is called '${name}'; there are ${listDevices().join(', ')}`);
  }
  device = open();
  opened.set(name, device);
  return device;
}

/** Where new tensors are made. */
export function currentDevice(): Device {
  return (state.device ??= deviceOf(listDevices()[0] ?? 'cpu'));
}

/**
 * New tensors are made on that device from here on.
 *
 *     tf.setDevice('plain');
 *     tf.setDevice('cpu');
 */
export function setDevice(name: DeviceName): void {
  state.device = deviceOf(name, 'setDevice');
}

export interface BackendInfo {
  readonly device: DeviceName;
  /** How it multiplies matrices; `simd` is WebAssembly with 128-bit vectors. */
  readonly tier: string;
  /** All tiers by name: whether they are to be had here, and what computes or why it does not. */
  readonly tiers: { readonly [name: string]: TierInfo };
  /** Whether `simd` and `wide` multiply and add in one step, with one rounding (WebAssembly's relaxed SIMD). */
  readonly fused: boolean;
  /** How tensors that were dropped are found; null where only dispose and tidy free them. */
  readonly liveness: string | null;
  /** How many threads large ops are spread over at most. */
  readonly threads: number;
  readonly devices: readonly DeviceName[];
}

/**
 * What computes here. Opens every tier to know whether it is to be had, which takes some hundredths of a second the first time.
 *
 *     const { tier, threads } = tf.backendInfo();
 */
export function backendInfo(): BackendInfo {
  const { name, tier, tiers, fused = false, liveness, threads = 1 } = currentDevice();
  const all = tiers?.list() ?? {};
  return { device: name, tier, tiers: all, fused, liveness, threads, devices: listDevices() };
}

/**
 * How large matrices are multiplied on the CPU, convolutions among them:
 *
 * - `simd`, the default, is WebAssembly with 128-bit vectors and there everywhere.
 * - `wide` gives the same results, bit for bit, in about half the time. It asks V8 for 256-bit registers by a flag that
 *   V8 calls experimental (Node 24 on x64); the flag is on only while those kernels are compiled.
 * - `blas` is the system's OpenBLAS, Accelerate or MKL by way of the package `koffi`. It may be several times as fast,
 *   and rounds otherwise: sums are added up in another order.
 *
 * Without a word it is what the environment variable TAPEDECK_TIER says. Within a tier results are the same, bit for bit, for
 * any number of threads. A tier is compared with `simd` before it is used; one that is not to be had is an error
 * that says why, and `tf.backendInfo().tiers` tells of all of them.
 *
 *     tf.setTier('simd');
 */
export function setTier(name: 'simd' | 'wide' | 'blas'): void {
  deviceOf('cpu').tiers!.choose(name, 'setTier');
}

/**
 * How many threads large ops on the CPU are spread over at most, the program's
 * own among them: a whole number from 1 to 64, or to the number of cores where
 * that is more. Without a word it is the number of cores, or 1 in a program's
 * worker threads; more than there are cores stand in each other's way. Results
 * are the same, bit for bit, for any number. The threads are started by the first large ops, sleep while there
 * is nothing to do, and end with the program; with 1 there are none.
 *
 *     tf.setThreads(4);
 */
export function setThreads(count: number): void {
  const cpu = deviceOf('cpu');
  const most = cpu.mostThreads!;
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new Error(
      `setThreads: a whole number from 1 to ${most}, not ${typeof count === 'number' ? count : JSON.stringify(count)}`,
    );
  }
  cpu.threads = count;
}

/** The devices that are open. */
export function openDevices(): readonly Device[] {
  return [...opened.values()];
}

const suppliers = new Map<DeviceName, () => Device>();
const opened = new Map<DeviceName, Device>();
