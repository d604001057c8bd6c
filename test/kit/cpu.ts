import type { Buf, Bytes, Device, Elements, Kernels, Overrides } from '../../engine/device.ts';
import { write } from '../../engine/element.ts';
import { dtypes, type DType } from '../../engine/dtype.ts';
import { fromBf16, fromF16 } from '../../engine/half.ts';
import { denseStrides, sizeOf, type Shape } from '../../engine/shape.ts';
import type { ArenaBytes } from '../../engine/devices/cpu/arena.ts';
import { cpuKernels, type CpuKernels } from '../../engine/devices/cpu/kernels.ts';
import { cpuOverrides } from '../../engine/devices/cpu/overrides/index.ts';
import { Packs } from '../../engine/devices/cpu/packs.ts';
import { NoRoom, RESERVED, Spare, Temporaries, type Room } from '../../engine/devices/cpu/room.ts';
import { Team, type TeamOptions } from '../../engine/devices/cpu/team.ts';
import type { Threads } from '../../engine/devices/cpu/threads.ts';
import { Tiers } from '../../engine/devices/cpu/tiers.ts';
import type { Turbo } from '../../engine/devices/cpu/turbo.ts';
import { instantiate, type Build } from '../../engine/devices/cpu/wasm.ts';
import { threads } from '../../engine/host/threads.ts';
import { turbo as hosted } from '../../engine/host/turbo.ts';
import { plainKernels } from '../../engine/devices/plain/kernels.ts';

/** Kernels over a memory of their own, without an arena: every buffer lies behind the one before. */
export interface Kit {
  readonly cpu: CpuKernels;
  readonly packs: Packs;
  readonly plain: Kernels;
  readonly overrides: Overrides;
  readonly team: Team;
  readonly tiers: Tiers;
  readonly wasm: ReturnType<typeof instantiate>;
  /** A buffer of that shape, dense unless strides (elements) say otherwise. */
  make(
    shape: Shape,
    values?: (i: number) => number | bigint,
    dtype?: DType,
    strides?: readonly number[],
  ): Buf;
  /** The same elements in the same layout, outside the kernels' memory. */
  outside(buf: Buf): Buf;
  /** Where kernels find working memory: as much as they want, only behind the work area, or nowhere. */
  room: 'arena' | 'spare' | 'none';
  /** All elements in row-major order; 64-bit integers lose what a number cannot hold. */
  read(buf: Buf): number[];
  /** The bytes of a dense buffer. */
  bits(buf: Buf): Uint8Array;
  /** Forgets every buffer. */
  reset(): void;
  /** How often the cpu fell back on plain kernels. */
  readonly fallbacks: string[];
}

export function kit(
  megabytes = 256,
  build?: Build,
  team: TeamOptions & { readonly host?: Threads } = {},
  turbo: Turbo = hosted,
): Kit {
  const memory = new WebAssembly.Memory({
    initial: megabytes * 16,
    maximum: megabytes * 16,
    shared: true,
  });
  // The lower half is the kernels' own, the upper half holds buffers until reset() forgets them.
  const base = megabytes * 2 ** 19;
  let top = base;
  const area = { at: RESERVED, bytes: 2 ** 15 };
  const start = area.at + 3 * area.bytes;
  let low = start;
  const free = new Map<number, number[]>();
  const take = (bytes: number) => {
    // An odd distance between buffers shows kernels that write past the end.
    top = (top + 64 + 15) & ~15;
    const at = top;
    top += bytes;
    if (top > memory.buffer.byteLength) throw new Error('the kit is out of memory');
    return at;
  };
  const arrayOf = (buf: Buf): Elements => {
    const { array: Elements, bytes } = dtypes[buf.dtype];
    const { at, length, buffer } = buf.storage.bytes as ArenaBytes;
    if (at < 0) return new Elements!(buffer!, 0, Math.floor(length / bytes)) as Elements;
    return new Elements!(memory.buffer as never, at, Math.floor(length / bytes)) as Elements;
  };
  const plain = plainKernels(arrayOf);
  const fallbacks: string[] = [];
  const noted = Object.fromEntries(
    Object.entries(plain).map(([name, kernel]) => [
      name,
      (...args: never[]) => {
        fallbacks.push(name);
        return (kernel as (...args: never[]) => void)(...args);
      },
    ]),
  ) as unknown as Kernels;
  const wasm = instantiate(memory, build);
  let where: Kit['room'] = 'arena';
  const working = (bytes: number): number => {
    const again = free.get(bytes)?.pop();
    if (again !== undefined) return again;
    const at = low;
    if (at + bytes > base) return -1;
    low += (bytes + 15) & ~15;
    return at;
  };
  const spare = new Spare(area.at + area.bytes, 2 * area.bytes);
  const room: Room = {
    area,
    take(bytes) {
      const at = where === 'arena' ? working(bytes) : where === 'spare' ? spare.take(bytes) : -1;
      if (at < 0) throw new NoRoom('the kit is out of working memory');
      return at;
    },
    give(at, bytes) {
      if (spare.give(at)) return;
      free.set(bytes, [...(free.get(bytes) ?? []), at]);
    },
  };
  const crew = new Team(wasm, memory, working, team.host ?? threads, {
    ...team,
    threads: team.threads ?? 1,
  });
  const tiers = new Tiers(wasm, memory, room, crew, turbo);
  const packs = new Packs(room);
  const cpu = cpuKernels(wasm, memory, room, crew, tiers, packs, noted);
  const overrides = cpuOverrides({
    all: wasm.all as never,
    wasm,
    memory,
    team: crew,
    kernels: cpu,
    room,
    temporaries: new Temporaries(room),
  });
  return {
    cpu,
    packs,
    plain,
    overrides,
    team: crew,
    tiers,
    wasm,
    fallbacks,
    make(shape, values = () => Number.NaN, dtype = 'f32', strides) {
      const size = sizeOf(shape);
      const steps = strides ?? denseStrides(shape);
      // The window begins where its lowest element lies in front of it.
      let offset = 0;
      let extent = 1;
      shape.forEach((n, i) => {
        const reach = steps[i]! * (n - 1);
        if (reach < 0) offset -= reach;
        extent += Math.abs(reach);
      });
      const length = (size === 0 ? 0 : extent) * dtypes[dtype].bytes;
      const bytes: Bytes = {
        device: null as unknown as Device,
        at: take(length),
        length,
        pins: 0,
        owned: true,
        version: 0,
      } as unknown as Bytes;
      const buf: Buf = { shape, dtype, size, offset, strides: strides ?? null, storage: { bytes } };
      const array = arrayOf(buf);
      each(buf, (at, i) => write(array, at, fitted(values(i), dtype), dtype));
      return buf;
    },
    outside(buf) {
      const { length } = buf.storage.bytes;
      const buffer = new ArrayBuffer(length);
      const width = dtypes[buf.dtype].bytes;
      const whole = { ...buf, offset: 0, size: length / width };
      const [from, to] = [arrayOf(whole), new dtypes[buf.dtype].array!(buffer)];
      for (let i = 0; i < whole.size; i++) to[i] = from[i] as never;
      return { ...buf, storage: { bytes: { ...buf.storage.bytes, at: -1, buffer } as Bytes } };
    },
    get room() {
      return where;
    },
    set room(value) {
      where = value;
    },
    read(buf) {
      const array = arrayOf(buf);
      const number = buf.dtype === 'f16' ? fromF16 : buf.dtype === 'bf16' ? fromBf16 : Number;
      const list: number[] = [];
      each(buf, (at) => list.push(number(array[at] as number)));
      return list;
    },
    bits(buf) {
      const { at, buffer } = buf.storage.bytes as ArenaBytes;
      if (at < 0) return new Uint8Array(buffer!).slice(0, buf.size * dtypes[buf.dtype].bytes);
      return new Uint8Array(memory.buffer).slice(at, at + buf.size * dtypes[buf.dtype].bytes);
    },
    reset() {
      packs.clear();
      top = base;
    },
  };
}

/** A number as the elements of a dtype are: wrapped around where they are integers. */
function fitted(value: number | bigint, dtype: DType): number | bigint {
  if (dtype === 'i64' || dtype === 'u64') return BigInt(value);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Visits the positions of a buffer's elements in row-major order. */
function each(buf: Buf, visit: (at: number, i: number) => void): void {
  const strides = buf.strides ?? denseStrides(buf.shape);
  let i = 0;
  const enter = (axis: number, at: number): void => {
    if (axis === buf.shape.length) return visit(at, i++);
    for (let j = 0; j < buf.shape[axis]!; j++) enter(axis + 1, at + j * strides[axis]!);
  };
  enter(0, buf.offset);
}

/** The same with a team that loses every job once all of it is done: whoever asked does it again. */
export function losing(megabytes: number): Kit {
  const made = kit(megabytes, undefined, { threads: 2, least: 1, grain: 1, alone: 0 });
  const { team } = made;
  team.wants = () => true;
  team.spread = (kernel, _work, _total, _grain, _count, args) => {
    (kernel as (...args: readonly number[]) => void)(...args);
    return false;
  };
  Object.defineProperty(team, 'spoiled', { value: true });
  return made;
}
