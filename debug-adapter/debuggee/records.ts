/**
 * Takes the op records out of the ring that the program writes, on the relay's
 * own thread: the program runs on meanwhile. Only what the records name, and
 * was not named before, is asked of the program.
 */
import {
  DESK,
  HEADER,
  NAMES,
  RECORD_BYTES,
  RECORDS,
  RING,
  SETTLED,
  type ProfileNames,
} from '../../engine/protocol.ts';
import { A_PART, type RecordsKnown, type RecordsPart } from './words.ts';

export class Records {
  private readonly control: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly figures: Float64Array;
  private readonly evaluate: (expression: string) => Promise<unknown>;
  /** What the adapter has, and of which profile: that of its first record. */
  private known: RecordsKnown = { from: 0, texts: 0, places: 0 };
  private profile = 0;
  /** The part that is being made. Two at once would both begin where the last one ended. */
  private under: Promise<unknown> = Promise.resolve();
  /** The rest is on its way, and nothing is left to ask for. */
  private leaving = false;

  /** `evaluate` has an expression evaluated in the program, by value. */
  constructor(
    control: SharedArrayBuffer,
    ring: SharedArrayBuffer,
    evaluate: (expression: string) => Promise<unknown>,
  ) {
    this.control = new Int32Array(control);
    this.bytes = new Uint8Array(ring);
    this.figures = new Float64Array(ring);
    this.evaluate = evaluate;
  }

  /** The next part, for an adapter that knows so much. */
  after(known: RecordsKnown): Promise<RecordsPart> {
    const part = this.under.then(() => {
      if (this.leaving) return this.nothing(known);
      this.known = known;
      this.profile = this.first;
      return this.next();
    });
    this.under = part.catch(() => {});
    return part;
  }

  /** All that the adapter does not have. */
  async *rest(): AsyncGenerator<RecordsPart> {
    this.leaving = true;
    await this.under;
    if (this.start === 0) return;
    if (this.profile !== this.first) this.known = { ...this.known, from: 0 };
    this.profile = this.first;
    while (this.known.from < this.number(SETTLED)) yield await this.next();
  }

  private async next(): Promise<RecordsPart> {
    const { from: wanted, texts, places } = this.known;
    // Copied first: what they name is known by then.
    const { from, data } = this.copy(wanted);
    let names: ProfileNames | null = null;
    if (data.length > 0 && this.control[NAMES]! > texts + places) {
      const asked = `globalThis[Symbol.for(${JSON.stringify(DESK)})].profileNames(${texts},${places})`;
      names = (await this.evaluate(asked)) as ProfileNames;
    }
    this.known = {
      from: from + data.length / RECORD_BYTES,
      texts: texts + (names?.texts.length ?? 0),
      places: places + (names?.places.length ?? 0),
    };
    return { from, start: this.start, data: data.toString('base64'), names };
  }

  private nothing({ from }: RecordsKnown): RecordsPart {
    return { from, start: this.start, data: '', names: null };
  }

  /** Records from that one on, or from the oldest that has not been overwritten, also not meanwhile. */
  private copy(wanted: number): { from: number; data: Buffer } {
    const end = this.number(SETTLED);
    const from = Math.max(wanted, this.oldest());
    const count = Math.max(0, Math.min(end - from, A_PART));
    const data = Buffer.alloc(count * RECORD_BYTES);
    const slot = (this.first + from) % RING;
    const before = Math.min(count, RING - slot);
    data.set(this.bytes.subarray(slot * RECORD_BYTES, (slot + before) * RECORD_BYTES));
    data.set(this.bytes.subarray(0, (count - before) * RECORD_BYTES), before * RECORD_BYTES);
    const spoiled = Math.min(count, Math.max(0, this.oldest() - from));
    return { from: from + spoiled, data: data.subarray(spoiled * RECORD_BYTES) };
  }

  private oldest(): number {
    return Math.max(0, this.number(RECORDS) - RING);
  }

  private get start(): number {
    return this.figures[HEADER.START]!;
  }

  private get first(): number {
    return this.figures[HEADER.FIRST]!;
  }

  /** The words count round; a profile has fewer records than they can count. */
  private number(word: number): number {
    return (Atomics.load(this.control, word) - (this.first | 0)) >>> 0;
  }
}
