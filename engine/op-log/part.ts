import { LogEntry, type LoggedTensor, type Subject } from './entry.ts';

/** So many entries make a part, and go together when they are the oldest. */
export const PART = 1 << 12;

/**
 * A stretch of the op log. Of each entry the numbers lie in typed arrays, so that an op
 * that nobody looks at leaves no objects behind but the values themselves: V8 would
 * have to carry every one of them along.
 */
export class Part {
  count = 0;
  readonly subjects: Subject[] = [];
  readonly paths: string[] = [];
  readonly attrs: unknown[] = [];
  readonly outputNames: (readonly string[] | null)[] = [];
  /** What went into all the entries and came of them, each in one stretch. */
  readonly tensors: LoggedTensor[] = [];
  readonly #log: { at(number: number): LogEntry | undefined };
  readonly #figures = new Float64Array(PART * FIGURES);
  readonly #words = new Int32Array(PART * WORDS);
  readonly #entries: LogEntry[] = [];

  constructor(log: { at(number: number): LogEntry | undefined }) {
    this.#log = log;
  }

  get full(): boolean {
    return this.count === PART;
  }

  /** A row for an entry; `inside` says how many entries before it the op around it stands, 0 for none. */
  add(
    subject: Subject,
    path: string,
    site: number,
    attrs: unknown,
    inside: number,
    depth: number,
  ): number {
    const row = this.count++;
    this.subjects.push(subject);
    this.paths.push(path);
    this.attrs.push(attrs);
    this.outputNames.push(null);
    const words = this.#words;
    const at = row * WORDS;
    words[at + Word.INSIDE] = inside;
    words[at + Word.DEPTH] = depth;
    words[at + Word.SITE] = site;
    words[at + Word.INPUTS] = this.tensors.length;
    this.#figures[row * FIGURES + Figure.DURATION] = -1;
    return row;
  }

  /** What the program was at. */
  circumstances(row: number, step: number, seed: number | null, draws: number, born: number): void {
    this.#words[row * WORDS + Word.STEP] = step;
    const at = row * FIGURES;
    this.#figures[at + Figure.SEED] = seed ?? NaN;
    this.#figures[at + Figure.DRAWS] = draws;
    this.#figures[at + Figure.BORN] = born;
  }

  /** What was put to `tensors` since it was added are its inputs. */
  given(row: number): void {
    const at = row * WORDS;
    this.#words[at + Word.INPUT_COUNT] = this.tensors.length - this.#words[at + Word.INPUTS]!;
  }

  /** It runs from now on. */
  begin(row: number): void {
    this.#figures[row * FIGURES + Figure.START] = performance.now();
  }

  /** It has ended. */
  end(row: number): void {
    const at = row * FIGURES;
    this.#figures[at + Figure.DURATION] = performance.now() - this.#figures[at + Figure.START]!;
  }

  /** What is put to `tensors` from here until `made` are its outputs. */
  making(row: number): void {
    this.#words[row * WORDS + Word.OUTPUTS] = this.tensors.length;
  }

  made(row: number): void {
    const at = row * WORDS;
    this.#words[at + Word.OUTPUT_COUNT] = this.tensors.length - this.#words[at + Word.OUTPUTS]!;
  }

  move(row: number): void {
    this.#words[row * WORDS + Word.MOVED] = 1;
  }

  /** The entry of that row; always the same object. */
  entry(number: number, row: number): LogEntry {
    return (this.#entries[row] ??= new LogEntry(number, this, row));
  }

  around(number: number, row: number): LogEntry | null {
    const inside = this.#words[row * WORDS + Word.INSIDE]!;
    return inside === 0 ? null : (this.#log.at(number - inside) ?? null);
  }

  inputs(row: number): readonly LoggedTensor[] {
    return this.#stretch(row, Word.INPUTS, Word.INPUT_COUNT);
  }

  outputs(row: number): readonly LoggedTensor[] {
    return this.#stretch(row, Word.OUTPUTS, Word.OUTPUT_COUNT);
  }

  depth(row: number): number {
    return this.#words[row * WORDS + Word.DEPTH]!;
  }

  step(row: number): number {
    return this.#words[row * WORDS + Word.STEP]!;
  }

  site(row: number): number {
    return this.#words[row * WORDS + Word.SITE]!;
  }

  moved(row: number): boolean {
    return this.#words[row * WORDS + Word.MOVED] === 1;
  }

  seed(row: number): number | null {
    const seed = this.#figures[row * FIGURES + Figure.SEED]!;
    return Number.isNaN(seed) ? null : seed;
  }

  draws(row: number): number {
    return this.#figures[row * FIGURES + Figure.DRAWS]!;
  }

  born(row: number): number {
    return this.#figures[row * FIGURES + Figure.BORN]!;
  }

  start(row: number): number {
    return this.#figures[row * FIGURES + Figure.START]!;
  }

  duration(row: number): number {
    return this.#figures[row * FIGURES + Figure.DURATION]!;
  }

  #stretch(row: number, from: number, count: number): readonly LoggedTensor[] {
    const first = this.#words[row * WORDS + from]!;
    return this.tensors.slice(first, first + this.#words[row * WORDS + count]!);
  }
}

const Figure = { BORN: 0, SEED: 1, DRAWS: 2, START: 3, DURATION: 4 } as const;
const FIGURES = 5;
const Word = {
  INSIDE: 0,
  DEPTH: 1,
  STEP: 2,
  SITE: 3,
  INPUTS: 4,
  INPUT_COUNT: 5,
  OUTPUTS: 6,
  OUTPUT_COUNT: 7,
  MOVED: 8,
} as const;
const WORDS = 9;
