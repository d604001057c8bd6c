import type { DType } from '../dtype.ts';
import type { Part } from './part.ts';
import type { LoggedValue } from './values.ts';
import type { Ready, Row } from '../ready.ts';
import type { Shape } from '../shape.ts';

/** What ran: one object for all entries of the same, where that can be. */
export class Subject {
  /** `matMul`; of a gradient that of its forward op. */
  readonly name: string;
  /** `∇matMul` where it is a gradient. */
  readonly title: string;
  /** What computes it again from its inputs; null for gradients and writes. */
  readonly op: Ready | null;
  /** `update` is a write that belongs to the op before it. */
  readonly kind: 'forward' | 'backward' | 'write' | 'update';
  /** Of the inputs, lists spelled out. */
  readonly names: readonly string[];
  /** How many tensors each input took, where there are lists or inputs left out (`counts` of inputs.ts). */
  readonly counts: readonly number[] | null;
  readonly worth: Worth;

  constructor(
    name: string,
    title: string,
    op: Ready | null,
    kind: Subject['kind'],
    names: readonly string[],
    counts: readonly number[] | null,
  ) {
    this.name = name;
    this.title = title;
    this.op = op;
    this.kind = kind;
    this.names = names;
    this.counts = counts;
    this.worth = op === null ? 2 : isCheap(op.row) ? 0 : 1;
  }
}

/** What its results are worth: 0 where an op without much arithmetic makes them again, 1 where any op does, else 2. */
export type Worth = 0 | 1 | 2;

function isCheap({ cost, compose }: Row): boolean {
  return cost === undefined && compose === undefined;
}

/** A tensor as an entry saw it. */
export interface LoggedTensor {
  readonly id: number;
  readonly storage: number;
  readonly version: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  readonly offset: number;
  readonly strides: readonly number[] | null;
  readonly value: LoggedValue;
  /** Of a variable. */
  readonly name: string | undefined;
}

/**
 * One op that ran, or one write: a look at its row in the log. It is made when somebody asks, as the
 * program makes many thousands of them that nobody ever sees.
 */
export class LogEntry {
  readonly number: number;
  readonly #part: Part;
  readonly #row: number;
  #inputs: readonly LoggedTensor[] | null = null;

  constructor(number: number, part: Part, row: number) {
    this.number = number;
    this.#part = part;
    this.#row = row;
  }

  get name(): string {
    return this.#subject.name;
  }

  get title(): string {
    return this.#subject.title;
  }

  get op(): Ready | null {
    return this.#subject.op;
  }

  get kind(): Subject['kind'] {
    return this.#subject.kind;
  }

  get names(): readonly string[] {
    return this.#subject.names;
  }

  get counts(): readonly number[] | null {
    return this.#subject.counts;
  }

  get path(): string {
    return this.#part.paths[this.#row]!;
  }

  /** A number of sites.ts. */
  get site(): number {
    return this.#part.site(this.#row);
  }

  get attrs(): unknown {
    return this.#part.attrs[this.#row];
  }

  /** The op it ran inside of. */
  get inside(): LogEntry | null {
    return this.#part.around(this.number, this.#row);
  }

  get depth(): number {
    return this.#part.depth(this.#row);
  }

  get step(): number {
    return this.#part.step(this.#row);
  }

  /** What the generator was at. */
  get seed(): number | null {
    return this.#part.seed(this.#row);
  }

  get draws(): number {
    return this.#part.draws(this.#row);
  }

  /** The last tensor that was made before. */
  get born(): number {
    return this.#part.born(this.#row);
  }

  /** Of a write: what the tensor held before. */
  get inputs(): readonly LoggedTensor[] {
    return (this.#inputs ??= this.#part.inputs(this.#row));
  }

  /** None where it threw. */
  get outputs(): readonly LoggedTensor[] {
    return this.#part.outputs(this.#row);
  }

  get outputNames(): readonly string[] | null {
    return this.#part.outputNames[this.#row] ?? null;
  }

  /** The tensor left its storage to others and has another one since. */
  get moved(): boolean {
    return this.#part.moved(this.#row);
  }

  /** In milliseconds, by `performance.now()`. */
  get start(): number {
    return this.#part.start(this.#row);
  }

  /** Below 0 where it has not ended. */
  get duration(): number {
    return this.#part.duration(this.#row);
  }

  get #subject(): Subject {
    return this.#part.subjects[this.#row]!;
  }
}
