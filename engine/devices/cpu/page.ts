/**
 * A stretch of memory that is alive or dead as a whole: 64 KiB of small
 * storages of one size, or one large storage. Bytes hold their page, nothing
 * else does for long; so a page that no one can reach is free.
 */
export class Page {
  /** Its number in the arena's table, by which alone the arena knows it. */
  readonly slot: number;
  /** Address of its first byte; -1 outside the arena. */
  readonly base: number;
  /** Bytes of one storage in it. */
  readonly block: number;
  /** Blocks that were given back, by address. */
  readonly free: number[] = [];
  /** The first block that was never used, and the end of the page. */
  next: number;
  readonly end: number;
  /** It stands in one of the arena's lists of pages with room. */
  listed = false;
  /** It was given back; its slot may belong to another. */
  gone = false;

  constructor(slot: number, base: number, length: number, block: number) {
    this.slot = slot;
    this.base = base;
    this.block = block;
    this.next = base;
    this.end = base + length;
  }

  get room(): boolean {
    return this.free.length > 0 || this.next < this.end;
  }

  /** Tells that it is alive: the oracles make every page that is left do so. */
  survive(): void {
    if (!this.gone) survivors.push(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    this.survive();
    return '';
  }
}

/** Filled by `survive`; an oracle empties it before it asks. */
export const survivors: Page[] = [];
