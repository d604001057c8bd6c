/**
 * Op records as the program wrote them, and what the numbers in them stand
 * for. There may be a million: they are spelled out when somebody asks.
 */
import {
  Figure,
  RECORD_BYTES,
  RING,
  Word,
  type ProfileNames,
  type Site,
} from '../engine/protocol.ts';
import type { OpRecord } from './protocol.ts';

const FIGURES = RECORD_BYTES / Float64Array.BYTES_PER_ELEMENT;
const WORDS = RECORD_BYTES / Int32Array.BYTES_PER_ELEMENT;

interface Piece {
  readonly from: number;
  readonly count: number;
  readonly figures: Float64Array;
  readonly words: Int32Array;
}

export class Recording {
  private pieces: Piece[] = [];
  private readonly texts: string[] = [];
  private readonly places: Site[] = [];
  /** The number of the first record that is still here, and the one after the last. */
  first = 0;
  end = 0;
  /** When the last op ended that is known of, in milliseconds since the profile began. */
  duration = 0;

  /** How many texts are known; they stay from profile to profile of one program. */
  get named(): number {
    return this.texts.length;
  }

  get sites(): readonly Site[] {
    return this.places;
  }

  /** Forgets the records. */
  clear(): void {
    this.pieces = [];
    this.first = this.end = this.duration = 0;
  }

  name({ texts, places }: ProfileNames): void {
    this.texts.push(...texts);
    this.places.push(...places);
  }

  /** Records from a number on. Where some are missing before it, those known so far go: they are no use without. */
  add(from: number, data: Uint8Array): void {
    const count = data.length / RECORD_BYTES;
    if (from > this.end) {
      this.pieces = [];
      this.first = from;
    }
    if (count === 0) return;
    // A copy begins where its numbers can be read as such.
    const { buffer } = new Uint8Array(data);
    const piece = {
      from,
      count,
      figures: new Float64Array(buffer),
      words: new Int32Array(buffer),
    };
    this.pieces.push(piece);
    this.end = from + count;
    for (let i = 0; i < count; i++) {
      const row = i * FIGURES;
      const end = piece.figures[row + Figure.START]! + piece.figures[row + Figure.DURATION]!;
      if (end > this.duration) this.duration = end;
    }
    while (this.end - this.pieces[0]!.from - this.pieces[0]!.count >= RING) this.pieces.shift();
    this.first = Math.max(this.first, this.pieces[0]!.from);
  }

  /** At most so many, from a number on that is still here. */
  read(from: number, most: number): OpRecord[] {
    const records: OpRecord[] = [];
    for (const piece of this.pieces) {
      const last = Math.min(piece.count, from + most - piece.from);
      for (let i = Math.max(0, from - piece.from); i < last; i++)
        records.push(this.record(piece, i));
    }
    return records;
  }

  private record({ from, figures, words }: Piece, i: number): OpRecord {
    const row = i * FIGURES;
    const at = i * WORDS;
    const inside = words[at + Word.INSIDE]!;
    return {
      op: this.texts[words[at + Word.OP]!]!,
      path: this.texts[words[at + Word.PATH]!]!,
      direction: words[at + Word.BACKWARD] ? 'backward' : 'forward',
      start: figures[row + Figure.START]!,
      // An op that threw, or was cut off, has no end.
      duration: Math.max(0, figures[row + Figure.DURATION]!),
      parent: inside === 0 ? -1 : from + i - inside,
      shapes: this.texts[words[at + Word.SHAPES]!]!,
      bytes: figures[row + Figure.BYTES]!,
      flops: figures[row + Figure.FLOPS]!,
      site: words[at + Word.SITE]!,
      step: words[at + Word.STEP]!,
    };
  }
}
