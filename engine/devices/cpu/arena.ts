import type { Bytes, Device, Usage } from '../../device.ts';
import type { LoggedValue } from '../../op-log/values.ts';
import type { Oracle } from '../../liveness.ts';
import { Extents } from './extents.ts';
import { Page } from './page.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** What storages are rounded up to above 1 MiB. */
const UNIT = 4 * KIB;
/** Small storages share a page of this length. */
const PAGE = 64 * KIB;
const SMALLEST = 64;
/** So many bytes in pages without storages are no reason to look for them. */
const SLACK = 8 * MIB;
/** Larger storages live outside the arena. */
export const LARGEST = 256 * MIB;
/** WebAssembly counts memory in pages of this length. */
const WASM_PAGE = 64 * KIB;

/** Bytes in the arena, or in a buffer of their own (`at` is -1). */
export class ArenaBytes implements Bytes {
  readonly device: Device;
  readonly at: number;
  readonly length: number;
  readonly page: Page;
  readonly buffer: ArrayBuffer | null;
  pins = 0;
  owned = false;
  version = 0;
  logged: LoggedValue | null = null;

  constructor(device: Device, at: number, length: number, page: Page, buffer: ArrayBuffer | null) {
    this.device = device;
    this.at = at;
    this.length = length;
    this.page = page;
    this.buffer = buffer;
  }
}

/**
 * Storages in one shared WebAssembly memory. Up to 64 KiB sizes are powers of
 * two, to 1 MiB there are eight to a doubling, above it is exact to 4 KiB.
 * What does not fit, and every storage over 256 MiB, gets a buffer of its own.
 *
 * The arena may be left in the middle of a call (a debugger ends evaluations
 * that run too long), so each change first takes room out of one list and then
 * puts it into the next: what may be lost is found by the next sweep, and
 * nothing is ever given out twice.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly #device: Device;
  readonly #oracle: Oracle | null;
  /** By size class: the page being filled, and others with room. */
  #current: (Page | null)[] = [];
  #partial: Page[][] = [];
  /** By length: free pages of one storage each, from 64 KiB to 1 MiB. */
  #spare = new Map<number, Page[]>();
  readonly #extents = new Extents();
  #top: number;
  // The table of pages: where, how long, how many storages in it. A length of 0 is a free slot.
  readonly #base: number[] = [];
  readonly #length: number[] = [];
  readonly #block: number[] = [];
  readonly #used: number[] = [];
  readonly #slots: number[] = [];
  #storages = 0;
  #bytes = 0;
  #outside = 0;
  #working = 0;
  /** The bytes in pages without storages that shedding has left. */
  #stuck = 0;
  readonly #start: number;

  /** `reserved` bytes at the start of the memory belong to the kernels. */
  constructor(device: Device, memory: WebAssembly.Memory, reserved: number, oracle: Oracle | null) {
    this.#device = device;
    this.memory = memory;
    this.#start = Math.ceil(reserved / PAGE) * PAGE;
    this.#top = this.#start;
    this.#oracle = oracle;
    for (let i = 0; SMALLEST << i < PAGE; i++) {
      this.#current.push(null);
      this.#partial.push([]);
    }
  }

  /** Bytes of storages that are not known to be dropped. */
  get bytes(): number {
    return this.#bytes;
  }

  get usage(): Usage {
    return {
      storages: this.#storages,
      bytes: this.#bytes,
      reserved: this.#top + this.#outside,
      outside: this.#outside,
    };
  }

  allocate(length: number): ArenaBytes {
    if (length > PAGE / 2) return length > MIB ? this.#large(length) : this.#medium(length);
    const size = length <= SMALLEST ? 0 : 26 - Math.clz32(length - 1);
    let page = this.#current[size]!;
    if (page === null || !page.room) {
      const other = this.#refill(size);
      if (other === null) return this.#spill(length);
      page = other;
    }
    const { free, block } = page;
    let at: number;
    if (free.length > 0) at = free.pop()!;
    else {
      at = page.next;
      page.next = at + block;
    }
    this.#count(page, 1);
    return new ArenaBytes(this.#device, at, length, page, null);
  }

  release(bytes: ArenaBytes): void {
    const { page, at } = bytes;
    if (page.base < 0) {
      this.#outside -= page.block;
      this.#count(page, -1);
      this.#strike(page);
    } else if (page.block < PAGE) {
      this.#count(page, -1);
      page.free.push(at);
      if (!page.listed) this.#list(page);
    } else {
      this.#count(page, -1);
      if (page.block > MIB) {
        this.#drop(page);
      } else {
        page.free.push(at);
        this.#spareOf(page.block).push(page);
      }
    }
  }

  /**
   * Takes back every page that nothing holds any more. The lists of pages with
   * room are dropped before asking, as they would hold them, and made anew
   * from those that are left.
   */
  sweep(oracle: Oracle): void {
    this.#current.fill(null);
    this.#partial = this.#partial.map(() => []);
    this.#spare = new Map();
    this.#stuck = 0;
    const left = oracle.survivors();
    const alive = new Uint8Array(this.#length.length);
    for (const page of left) {
      alive[page.slot] = 1;
      page.listed = false;
    }
    for (let slot = 0; slot < alive.length; slot++) {
      if (alive[slot] === 0 && this.#length[slot]! > 0) this.#reclaim(slot);
    }
    for (const page of left) {
      if (page.base >= 0 && page.block < PAGE && page.room) this.#list(page);
      else if (page.block >= PAGE && page.block <= MIB && page.free.length > 0) {
        this.#spareOf(page.block).push(page);
      }
    }
  }

  /** Working memory for kernels, which they give back with the same length; -1 where there is none. Never asks what is alive. */
  take(length: number): number {
    const size = Math.ceil(length / UNIT) * UNIT;
    const at = this.#find(size);
    if (at >= 0) this.#working += size;
    return at;
  }

  give(at: number, length: number): void {
    const size = Math.ceil(length / UNIT) * UNIT;
    this.#working -= size;
    this.#extents.give(at, size);
  }

  /** For an error that no room is left: what the memory holds, most first. */
  holdings(): string {
    const bySize = new Map<number, number>();
    for (let slot = 0; slot < this.#used.length; slot++) {
      const block = this.#block[slot]!;
      if (this.#length[slot]! > 0) bySize.set(block, (bySize.get(block) ?? 0) + this.#used[slot]!);
    }
    const most = [...bySize]
      .sort(([a, m], [b, n]) => b * n - a * m)
      .slice(0, 3)
      .map(([block, count]) => `${count} of ${amount(block)}`);
    return `${this.#storages} storages hold ${amount(this.#bytes)}, most of it ${most.join(', ')}`;
  }

  #refill(size: number): Page | null {
    const list = this.#partial[size]!;
    let page: Page | null = null;
    while (page === null && list.length > 0) {
      const next = list.pop()!;
      if (next.room) page = next;
      else next.listed = false;
    }
    page ??= this.#open(PAGE, SMALLEST << size);
    // The page that was current is full; it comes back to the list with the first block given back.
    const full = this.#current[size]!;
    this.#current[size] = page;
    if (full !== null) full.listed = false;
    if (page !== null) page.listed = true;
    return page;
  }

  #medium(length: number): ArenaBytes {
    const step = length <= PAGE ? PAGE : 1 << (28 - Math.clz32(length - 1));
    const size = Math.ceil(length / step) * step;
    const spare = this.#spareOf(size).pop();
    if (spare !== undefined) spare.free.pop();
    const page = spare ?? this.#open(size, size);
    if (page === null) return this.#spill(length);
    page.next = page.end;
    this.#count(page, 1);
    return new ArenaBytes(this.#device, page.base, length, page, null);
  }

  #large(length: number): ArenaBytes {
    const size = Math.ceil(length / UNIT) * UNIT;
    const page = length > LARGEST ? null : this.#open(size, size);
    if (page === null) return this.#spill(length);
    page.next = page.end;
    this.#count(page, 1);
    return new ArenaBytes(this.#device, page.base, length, page, null);
  }

  /** A buffer of its own, where the arena has no room. */
  #spill(length: number): ArenaBytes {
    let buffer: ArrayBuffer;
    try {
      buffer = new ArrayBuffer(length);
    } catch {
      throw new Error(`cpu: no room for ${amount(length)}; ${this.holdings()}`);
    }
    const page = this.#enter(-1, length, length);
    this.#outside += length;
    this.#count(page, 1);
    return new ArenaBytes(this.#device, -1, length, page, buffer);
  }

  /** A new page on free memory, or null where there is none. */
  #open(length: number, block: number): Page | null {
    const base = this.#find(length);
    return base < 0 ? null : this.#enter(base, length, block);
  }

  /** The address of free memory; -1 where there is none. */
  #find(length: number): number {
    const before = this.#extents.take(length);
    if (before >= 0) return before;
    if (this.#idle - this.#stuck > Math.max(SLACK, this.#top / 8)) {
      this.#shed();
      const shed = this.#extents.take(length);
      if (shed >= 0) return shed;
    }
    const base = this.#extend(length);
    if (base >= 0 || this.#idle <= this.#stuck) return base;
    this.#shed();
    return this.#extents.take(length);
  }

  /** Bytes in pages that no storage has. */
  get #idle(): number {
    const inside = this.#bytes - this.#outside;
    return this.#top - this.#start - this.#extents.total - inside - this.#working;
  }

  /**
   * Gives pages without storages back, so that other sizes can have their
   * room: a program whose shapes change would else keep, for every size, the
   * most it ever needed of it.
   */
  #shed(): void {
    const spare = this.#spare;
    this.#spare = new Map();
    for (const list of spare.values()) for (const page of list) this.#drop(page);
    for (let size = 0; size < this.#partial.length; size++) {
      const pages = this.#partial[size]!;
      const current = this.#current[size]!;
      this.#partial[size] = [];
      this.#current[size] = null;
      if (current !== null) pages.push(current);
      for (const page of pages) {
        if (this.#used[page.slot] === 0) this.#drop(page);
        else if (page.room) this.#list(page);
        else page.listed = false;
      }
    }
    this.#stuck = this.#idle;
  }

  #drop(page: Page): void {
    const length = this.#length[page.slot]!;
    this.#strike(page);
    this.#extents.give(page.base, length);
  }

  /** Memory that was never used. */
  #extend(length: number): number {
    const base = this.#top;
    const have = this.memory.buffer.byteLength;
    if (base + length > have) {
      const more = Math.ceil(
        Math.max(base + length - have, Math.min(have / 8, 64 * MIB)) / WASM_PAGE,
      );
      try {
        this.memory.grow(more);
      } catch {
        const least = Math.ceil((base + length - have) / WASM_PAGE);
        try {
          this.memory.grow(least);
        } catch {
          return -1;
        }
      }
    }
    this.#top = base + length;
    return base;
  }

  #enter(base: number, length: number, block: number): Page {
    const slot = this.#slots.pop() ?? this.#length.length;
    this.#base[slot] = base;
    this.#length[slot] = length;
    this.#block[slot] = block;
    this.#used[slot] = 0;
    const page = new Page(slot, base, length, block);
    this.#oracle?.watch(page);
    return page;
  }

  #strike(page: Page): void {
    this.#length[page.slot] = 0;
    page.gone = true;
    this.#oracle?.forget(page);
    this.#slots.push(page.slot);
  }

  #reclaim(slot: number): void {
    const base = this.#base[slot]!;
    const length = this.#length[slot]!;
    const count = this.#used[slot]!;
    this.#length[slot] = 0;
    this.#storages -= count;
    this.#bytes -= count * this.#block[slot]!;
    this.#slots.push(slot);
    if (base < 0) this.#outside -= length;
    else this.#extents.give(base, length);
  }

  #count(page: Page, by: 1 | -1): void {
    this.#used[page.slot]! += by;
    this.#storages += by;
    this.#bytes += by * page.block;
  }

  #list(page: Page): void {
    page.listed = true;
    this.#partial[26 - Math.clz32(page.block - 1)]!.push(page);
  }

  #spareOf(size: number): Page[] {
    let list = this.#spare.get(size);
    if (list === undefined) this.#spare.set(size, (list = []));
    return list;
  }
}

/** Bytes for people: `4.2 MB`. */
export function amount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}
