import type { Bytes } from './device.ts';

/**
 * What a handle points to: the identity that views share. The bytes behind it
 * may change (an edit while the old ones are pinned); `version` counts the
 * writes.
 */
export class Storage {
  readonly id: number;
  bytes: Bytes;
  version: number;
  /** Handles that were not ended. Those that were only dropped still count, so this errs on the careful side. */
  handles: number;
  /** A view was handed out: a variable may then not be written in place. */
  aliased: boolean;
  /** Pins bytes that another storage owns, or owned. */
  readonly borrowed: boolean;

  constructor(bytes: Bytes, borrowed = false) {
    this.id = ++ids;
    this.bytes = bytes;
    this.version = 0;
    this.handles = 1;
    this.aliased = false;
    this.borrowed = borrowed;
    if (borrowed) bytes.pins++;
    else bytes.owned = true;
  }

  /** Notes that its bytes are written over: before they are, as V8 may end a write half-way. */
  wrote(): void {
    this.version++;
    this.bytes.version++;
  }

  /** Other bytes from here on; those who pinned the old ones keep them. */
  replace(bytes: Bytes): void {
    const old = this.bytes;
    this.bytes = bytes;
    bytes.owned = true;
    this.version++;
    disown(old);
  }

  /** Gives up its bytes for another storage to own. */
  yield(): Bytes {
    const { bytes } = this;
    this.bytes = noBytes;
    return bytes;
  }

  /** One handle less; the last one gives the bytes back. */
  leave(): void {
    if (--this.handles > 0) return;
    const { bytes } = this;
    this.bytes = noBytes;
    if (this.borrowed) unpin(bytes);
    else disown(bytes);
  }
}

/** Whether nobody would notice, but by the handle, that the bytes are written over. */
export function isFree({ bytes, aliased, borrowed }: Storage): boolean {
  return bytes.pins === 0 && !aliased && !borrowed;
}

let ids = 0;

/** Lets go of bytes that were held as they are (`pins++`). */
export function unpin(bytes: Bytes): void {
  if (--bytes.pins === 0 && !bytes.owned) bytes.device.release(bytes);
}

function disown(bytes: Bytes): void {
  bytes.owned = false;
  if (bytes.pins === 0) bytes.device.release(bytes);
}

/** The bytes of what has none; every op refuses them. */
const noBytes: Bytes = {
  get device(): never {
    throw new Error('a tensor was used after it was disposed');
  },
  at: -1,
  length: 0,
  pins: 0,
  owned: false,
  version: 0,
};

/** Where the handles point that were ended. */
export const ended = new Storage(noBytes);
/** Where the handles point that stand for a tensor whose values a tape did not save. */
export const unsaved = new Storage(noBytes);
/** Where a handle points, while the past is shown, that was not made yet. */
export const unmade = new Storage(noBytes);
/** The same, where its values of then are gone. */
export const gone = new Storage(noBytes);

/** Whether there is nothing behind it. */
export function isNone({ bytes }: Storage): boolean {
  return bytes === noBytes;
}
