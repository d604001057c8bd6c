import { control, hooks } from './gate.ts';
import {
  Figure,
  HEADER,
  NAMES,
  RECORD_BYTES,
  RECORDS,
  RING,
  RING_BYTES,
  SETTLED,
  Word,
  type ProfileNames,
} from './protocol.ts';
import { sameShape, type Shape } from './shape.ts';
import { placesFrom, placesSeen } from './sites.ts';
import type { Tensor } from './tensor.ts';

/**
 * Op records: what ran, when, for how long, inside what. They are written into
 * a ring in shared memory, from which a debugger's thread reads them while the
 * program runs; protocol.ts says how they lie there. Texts stand beside them,
 * each once, under the numbers that the records name.
 */
export class Profiler {
  private readonly control: Int32Array;
  private ring: SharedArrayBuffer | undefined;
  private figures: Float64Array = new Float64Array();
  private words: Int32Array = new Int32Array();
  private count = 0;
  private origin = 0;
  /** The path of the last op, which mostly is that of the next. */
  private path: string | null = null;
  private pathNumber = 0;
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** The shapes that went in together, by a number made of their sizes, and the number of their text. */
  private readonly shapesOf = new Map<number, { shapes: readonly Shape[]; text: number }>();

  /** Writes into the ring of a debugger, or into one of its own. */
  constructor(control: Int32Array, ring?: SharedArrayBuffer) {
    this.control = control;
    this.ring = ring;
  }

  get started(): boolean {
    return this.origin > 0;
  }

  /** Forgets all records; times count from now. */
  start(): SharedArrayBuffer {
    this.ring ??= new SharedArrayBuffer(RING_BYTES);
    this.figures = new Float64Array(this.ring);
    this.words = new Int32Array(this.ring);
    this.origin = performance.now();
    this.figures[HEADER.FIRST] = this.count;
    this.figures[HEADER.START] = performance.timeOrigin + this.origin;
    this.settle();
    return this.ring;
  }

  /**
   * Opens the record of an op and says its number. `inside` is the record of the op around it, or -1.
   * The clock is read last, so that it measures the op and not us.
   */
  open(
    op: number,
    path: string,
    backward: boolean,
    inside: number,
    inputs: Tensors,
    site: number,
    step: number,
  ): number {
    const record = this.count++;
    this.control[RECORDS] = this.count | 0;
    const slot = record % RING;
    const { words, figures } = this;
    const at = slot * WORDS;
    words[at + Word.OP] = op;
    if (path !== this.path) this.pathNumber = this.number((this.path = path));
    words[at + Word.PATH] = this.pathNumber;
    words[at + Word.SHAPES] = this.shapes(inputs);
    words[at + Word.SITE] = site;
    words[at + Word.INSIDE] = inside < 0 ? 0 : record - inside;
    words[at + Word.STEP] = step;
    words[at + Word.BACKWARD] = backward ? 1 : 0;
    const row = slot * FIGURES;
    figures[row + Figure.DURATION] = -1;
    figures[row + Figure.BYTES] = 0;
    figures[row + Figure.FLOPS] = 0;
    figures[row + Figure.START] = performance.now() - this.origin;
    return record;
  }

  /** The op has ended. */
  close(record: number): void {
    const now = performance.now() - this.origin;
    if (!this.holds(record)) return;
    const row = (record % RING) * FIGURES;
    this.figures[row + Figure.DURATION] = now - this.figures[row + Figure.START]!;
  }

  note(record: number, bytes: number, flops: number): void {
    if (!this.holds(record)) return;
    const row = (record % RING) * FIGURES;
    this.figures[row + Figure.BYTES] = bytes;
    this.figures[row + Figure.FLOPS] = flops;
  }

  /** No op runs any more whose record is open: what there is may be read. */
  settle(): void {
    this.control[NAMES] = this.texts.length + placesSeen();
    Atomics.store(this.control, SETTLED, this.count | 0);
  }

  /** What the records name, as far as the reader does not have it. */
  names(texts: number, places: number): ProfileNames {
    return { texts: this.texts.slice(texts), places: placesFrom(places) };
  }

  /** Not overwritten since. */
  private holds(record: number): boolean {
    return record >= this.count - RING;
  }

  /** The number of `[32,784] [784,128]`; the text is made once for all ops that take such inputs. */
  private shapes(inputs: Tensors): number {
    let key = inputs.length;
    for (let k = 0; k < inputs.length; k++) {
      const { shape } = inputs[k]!;
      key = (Math.imul(key, 31) + shape.length) | 0;
      for (let i = 0; i < shape.length; i++) key = (Math.imul(key, 31) + shape[i]!) | 0;
    }
    const known = this.shapesOf.get(key);
    if (known !== undefined && same(inputs, known.shapes)) return known.text;
    const shapes = inputs.map(({ shape }) => shape);
    const text = this.number(shapes.map((shape) => `[${shape}]`).join(' '));
    // Of two that fall on one number, the last one is the quick one.
    this.shapesOf.set(key, { shapes, text });
    return text;
  }

  /** The number of a text. */
  number(text: string): number {
    let n = this.numbers.get(text);
    if (n === undefined) {
      n = this.texts.push(text) - 1;
      this.numbers.set(text, n);
    }
    return n;
  }
}

/** What goes into an op, lists spelled out. */
export type Tensors = readonly Pick<Tensor, 'shape'>[];

function same(inputs: Tensors, shapes: readonly Shape[]): boolean {
  if (inputs.length !== shapes.length) return false;
  for (let i = 0; i < shapes.length; i++) {
    const { shape } = inputs[i]!;
    if (shape !== shapes[i] && !sameShape(shape, shapes[i]!)) return false;
  }
  return true;
}

const FIGURES = RECORD_BYTES / Float64Array.BYTES_PER_ELEMENT;
const WORDS = RECORD_BYTES / Int32Array.BYTES_PER_ELEMENT;

export const profiler = new Profiler(control, hooks?.records);
