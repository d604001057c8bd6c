/** Free stretches of an address range, kept apart and merged with their neighbours; lengths are multiples of `UNIT`. */
export class Extents {
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  #total = 0;

  /** Bytes that are free. */
  get total(): number {
    return this.#total;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The address of a stretch of that length, the tightest there is; -1 where none is long enough. */
  take(length: number): number {
    const lengths = this.#lengths;
    let best = -1;
    for (let i = 0; i < lengths.length; i++) {
      if (lengths[i]! >= length && (best < 0 || lengths[i]! < lengths[best]!)) best = i;
    }
    if (best < 0) return -1;
    const at = this.#starts[best]!;
    if (lengths[best] === length) this.#remove(best, 1);
    else {
      this.#starts[best] = at + length;
      lengths[best] = lengths[best]! - length;
    }
    this.#total -= length;
    return at;
  }

  give(at: number, length: number): void {
    const starts = this.#starts;
    const lengths = this.#lengths;
    let low = 0;
    for (let high = starts.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! < at) low = middle + 1;
      else high = middle;
    }
    this.#total += length;
    const joinsBefore = low > 0 && starts[low - 1]! + lengths[low - 1]! === at;
    const joinsAfter = low < starts.length && at + length === starts[low]!;
    if (joinsBefore) {
      lengths[low - 1] = lengths[low - 1]! + length + (joinsAfter ? lengths[low]! : 0);
      if (joinsAfter) this.#remove(low, 1);
    } else if (joinsAfter) {
      starts[low] = at;
      lengths[low] = lengths[low]! + length;
    } else {
      starts.splice(low, 0, at);
      lengths.splice(low, 0, length);
    }
  }

  #remove(at: number, count: number): void {
    this.#starts.splice(at, count);
    this.#lengths.splice(at, count);
  }
}
