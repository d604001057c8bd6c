import { RECORDS } from './protocol.ts';
import type { OpRecord, ProfilePart } from './protocol.ts';
import { sameShape, type Shape } from './shape.ts';
import { allPlaces } from './sites.ts';

/**
 * Op records: what ran, when, for how long, inside what. They lie in typed
 * arrays, 64 bytes a record, in blocks that are taken as they are needed; the
 * oldest are overwritten after a million.
 */

/** What is known of an op when it begins. */
export interface Beginning {
  readonly op: string;
  readonly path: string;
  readonly direction: 'forward' | 'backward';
  /** The record of the op around it, or -1. */
  readonly parent: number;
  readonly inputs: readonly (readonly [name: string, tensor: { readonly shape: Shape }])[];
  readonly site: number;
  readonly step: number;
}

export class Profiler {
  private blocks: Block[] = [];
  private count = 0;
  private origin = 0;
  private end = 0;
  /** Where the last answer ended. */
  private fetched = 0;
  private readonly words: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** The shapes that went in together, by a number made of their sizes, and the word for them. */
  private readonly shapesOf = new Map<number, { shapes: readonly Shape[]; word: number }>();
  private readonly control: Int32Array;

  constructor(control: Int32Array) {
    this.control = control;
  }

  get started(): boolean {
    return this.origin > 0;
  }

  /** Forgets all records; times count from now. */
  start(): void {
    this.blocks = [];
    this.count = this.fetched = 0;
    this.control[RECORDS] = 0;
    this.origin = this.end = performance.now();
  }

  /** Opens a record and says its number. The clock is read last, so that it measures the op and not us. */
  open(op: Beginning): number {
    const record = this.count++;
    const block = this.block(record);
    const i = record % BLOCK;
    block.op[i] = this.number(op.op);
    block.path[i] = this.number(op.path);
    block.backward[i] = op.direction === 'backward' ? 1 : 0;
    block.parent[i] = op.parent;
    block.shapes[i] = this.shapes(op.inputs);
    block.site[i] = op.site;
    block.step[i] = op.step;
    block.bytes[i] = block.flops[i] = 0;
    block.duration[i] = -1;
    this.control[RECORDS] = this.count | 0;
    block.start[i] = performance.now();
    return record;
  }

  /** The op has ended. */
  close(record: number): void {
    const now = performance.now();
    if (!this.holds(record)) return;
    const block = this.block(record);
    const i = record % BLOCK;
    block.duration[i] = now - block.start[i]!;
    this.end = now;
  }

  note(record: number, bytes: number, flops: number): void {
    if (!this.holds(record)) return;
    const block = this.block(record);
    block.bytes[record % BLOCK] = bytes;
    block.flops[record % BLOCK] = flops;
  }

  /** Records from a number on, as far as they are still there, and before `end`. */
  read(from = this.fetched, end = Infinity): ProfilePart {
    const first = Math.max(from, this.count - CAPACITY, 0);
    const last = Math.max(first, Math.min(this.count, end, first + A_CALL));
    const records: OpRecord[] = [];
    for (let r = first; r < last; r++) records.push(this.record(r));
    // An answer may be lost at the end of a program: only the next question says that it came.
    this.fetched = from;
    return {
      from: first,
      start: performance.timeOrigin + this.origin,
      duration: this.end - this.origin,
      lost: first - Math.min(from, first),
      records,
      sites: allPlaces(),
    };
  }

  /** Not overwritten since, and not from before the last start. */
  private holds(record: number): boolean {
    return record >= this.count - CAPACITY && record < this.count;
  }

  private record(r: number): OpRecord {
    const b = this.block(r);
    const i = r % BLOCK;
    return {
      op: this.words[b.op[i]!]!,
      path: this.words[b.path[i]!]!,
      direction: b.backward[i] ? 'backward' : 'forward',
      start: b.start[i]! - this.origin,
      // An op that threw, or was cut off, has no end.
      duration: Math.max(0, b.duration[i]!),
      parent: b.parent[i]!,
      shapes: this.words[b.shapes[i]!]!,
      bytes: b.bytes[i]!,
      flops: b.flops[i]!,
      site: b.site[i]!,
      step: b.step[i]!,
    };
  }

  private block(record: number): Block {
    const at = Math.floor(record / BLOCK) % (CAPACITY / BLOCK);
    return (this.blocks[at] ??= newBlock());
  }

  /** The number of `[32,784] [784,128]`; the text is made once for all ops that take such inputs. */
  private shapes(inputs: Beginning['inputs']): number {
    let key = inputs.length;
    for (const [, { shape }] of inputs) {
      key = (Math.imul(key, 31) + shape.length) | 0;
      for (let i = 0; i < shape.length; i++) key = (Math.imul(key, 31) + shape[i]!) | 0;
    }
    const known = this.shapesOf.get(key);
    if (known !== undefined && same(inputs, known.shapes)) return known.word;
    const shapes = inputs.map(([, { shape }]) => shape);
    const word = this.number(shapes.map((shape) => `[${shape}]`).join(' '));
    // Of two that fall on one number, the last one is the quick one.
    this.shapesOf.set(key, { shapes, word });
    return word;
  }

  private number(word: string): number {
    let n = this.numbers.get(word);
    if (n === undefined) {
      n = this.words.push(word) - 1;
      this.numbers.set(word, n);
    }
    return n;
  }
}

function same(inputs: Beginning['inputs'], shapes: readonly Shape[]): boolean {
  if (inputs.length !== shapes.length) return false;
  for (let i = 0; i < shapes.length; i++)
    if (!sameShape(inputs[i]![1].shape, shapes[i]!)) return false;
  return true;
}

const BLOCK = 1 << 14;
const CAPACITY = 1 << 20;
const A_CALL = 100_000;

type Block = ReturnType<typeof newBlock>;

function newBlock() {
  return {
    start: new Float64Array(BLOCK),
    duration: new Float64Array(BLOCK),
    bytes: new Float64Array(BLOCK),
    flops: new Float64Array(BLOCK),
    op: new Int32Array(BLOCK),
    path: new Int32Array(BLOCK),
    shapes: new Int32Array(BLOCK),
    parent: new Int32Array(BLOCK),
    site: new Int32Array(BLOCK),
    step: new Int32Array(BLOCK),
    backward: new Uint8Array(BLOCK),
  };
}
