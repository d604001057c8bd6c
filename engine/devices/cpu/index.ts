import type { Buf, Device, Elements } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { onRelief, pressure, Watermark, type Oracle } from '../../liveness.ts';
import { withComplex } from '../complex.ts';
import { withStrings } from '../strings.ts';
import { plainKernels } from '../plain/kernels.ts';
import { Arena, type ArenaBytes } from './arena.ts';
import { supplyWorkspace } from '../../linalg/workspace.ts';
import { denseKernels } from './dense.ts';
import { cpuKernels, rowsKernel } from './kernels.ts';
import { cpuOverrides } from './overrides/index.ts';
import type { Kernel } from './overrides/tools.ts';
import { Packs } from './packs.ts';
import { pairKernels } from './pairs.ts';
import { poolOverride } from './pool.ts';
import { NoRoom, RESERVED, Spare, Temporaries, type Room } from './room.ts';
import { openWorkspace } from './runs.ts';
import { Team } from './team.ts';
import type { Threads } from './threads.ts';
import { Tiers } from './tiers.ts';
import type { Turbo } from './turbo.ts';
import { instantiate } from './wasm.ts';

/** The CPU: WebAssembly kernels, and plain ones on the same memory for what those do not do. */
export interface Cpu extends Device {
  readonly arena: Arena;
  readonly watermark: Watermark;
  readonly team: Team;
}

export interface CpuOptions {
  /** Finds out what the program still holds; without one, memory comes back by dispose and tidy alone. */
  readonly oracle: Oracle | null;
  /** Where worker threads come from; without them the main thread computes alone. */
  readonly threads?: Threads;
  /** What else multiplies matrices; without it WebAssembly does. */
  readonly turbo?: Turbo;
  /** The arena ends there, in bytes; WebAssembly allows 4 GiB. */
  readonly limit?: number;
}

/** Each takes memory and a moment to wake, also where it finds nothing to do. */
const MOST_THREADS = 64;

/** Opens the device. */
export function openCpu({ oracle, threads, turbo, limit = 2 ** 32 }: CpuOptions): Cpu {
  const area = areaOf(limit);
  const start = area.at + 2 * area.bytes;
  const memory = reserve(start, limit);
  const wasm = instantiate(memory);
  const watermark = new Watermark();
  let { buffer } = memory;
  const array = (buf: Buf): Elements => {
    const { array: Elements } = dtypes[buf.dtype];
    if (Elements === null) throw new Error(`cpu: tensors of ${buf.dtype} have no elements`);
    const bytes = buf.storage.bytes as ArenaBytes;
    const length = Math.floor(bytes.length / Elements.BYTES_PER_ELEMENT);
    if (bytes.buffer !== null) return new Elements(bytes.buffer, 0, length);
    // Memory grows; the buffer of before stays valid, but ends where it ended.
    if (bytes.at + bytes.length > buffer.byteLength) ({ buffer } = memory);
    return new Elements(buffer, bytes.at, length);
  };
  const spare = new Spare(area.at + area.bytes, area.bytes);
  const take = (length: number): number => {
    const at = arena.take(length);
    if (at < 0) throw new NoRoom(`cpu: no room to work in; ${arena.holdings()}`);
    return at;
  };
  /** For what is kept. */
  const own = {
    take,
    give(at: number, length: number) {
      team.settle();
      arena.give(at, length);
    },
  };
  /** For what is given back as soon as a kernel is done. */
  const room: Room = {
    area,
    take(length) {
      const at = arena.take(length);
      if (at >= 0) return at;
      const instead = spare.take(length);
      return instead >= 0 ? instead : take(length);
    },
    give(at, length) {
      team.settle();
      if (!spare.give(at)) arena.give(at, length);
    },
  };
  const team = new Team(wasm, memory, (length) => arena.take(length), threads ?? null);
  const tiers = new Tiers(wasm, memory, room, team, turbo ?? null);
  const packs = new Packs(own);
  const real = cpuKernels(wasm, memory, room, team, tiers, packs, plainKernels(array));
  const kernels = withStrings(withComplex(real, array, pairKernels(wasm, team)));
  const temporaries = new Temporaries(room);
  const all = wasm.all as unknown as { readonly [name: string]: Kernel };
  const device: Cpu = {
    name: 'cpu',
    get tier() {
      return tiers.current.name;
    },
    tiers,
    fused: wasm.fused,
    liveness: oracle === null ? null : oracle.name,
    kernels,
    overrides: {
      ...cpuOverrides({ all, wasm, memory, team, kernels: real, room, temporaries }),
      maxPool: poolOverride(kernels),
    },
    allocate(length) {
      const bytes = arena.allocate(length);
      if (oracle !== null && arena.bytes > watermark.bytes) pressure.due = true;
      return bytes;
    },
    release(bytes) {
      team.settle();
      packs.forget(bytes);
      arena.release(bytes as ArenaBytes);
    },
    array,
    dense: (f, inputs, dtype) => denseKernels(wasm, team, f, inputs, dtype),
    rows: (f, dtype) => rowsKernel(wasm, memory, f, dtype),
    get threads() {
      return team.threads;
    },
    set threads(count) {
      team.threads = count;
    },
    mostThreads: Math.max(MOST_THREADS, threads?.cores ?? 1),
    settle: () => team.settle(),
    finite({ dtype, offset, size, storage }) {
      const { at } = storage.bytes;
      if (at < 0 || (dtype !== 'f32' && dtype !== 'c64')) return null;
      team.settle();
      const parts = dtype === 'c64' ? 2 : 1;
      return wasm.exports.finite(at + 4 * parts * offset, parts * size) !== 0;
    },
    usage: () => arena.usage,
    team,
    watermark,
    get arena() {
      return arena;
    },
  };
  supplyWorkspace(openWorkspace);
  const arena = new Arena(device, memory, start, oracle);
  if (oracle !== null) {
    onRelief(() =>
      watermark.measure(() => {
        packs.clear();
        team.settle();
        arena.sweep(oracle);
        return arena.bytes;
      }),
    );
  }
  if (turbo?.wanted) tiers.choose(turbo.wanted, 'TAPEDECK_TIER');
  return device;
}

/** Where ops are done in parts, behind what is reserved for the kernels; as much again behind it is for what these work in. */
function areaOf(limit: number): Room['area'] {
  const bytes = Math.min(4 * 2 ** 20, Math.floor(limit / 32 / PAGE) * PAGE);
  return { at: RESERVED, bytes };
}

/** Shared memory of at most that many bytes, or of as many as the system lets us reserve, the first of them the kernels' own. */
function reserve(own: number, limit: number): WebAssembly.Memory {
  const first = Math.ceil(own / PAGE) + 16;
  for (let pages = Math.floor(limit / PAGE); ; pages >>= 1) {
    try {
      return new WebAssembly.Memory({
        initial: first,
        maximum: Math.max(pages, first),
        shared: true,
      });
    } catch (error) {
      if (pages <= first) throw error;
    }
  }
}

const PAGE = 2 ** 16;
