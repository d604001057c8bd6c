import type { Buf, Dense, Device, Kernels, Override, Rows } from './device.ts';
import type { DType } from './dtype.ts';
import type { GradientNames } from './node-gradient.ts';
import type { Subject } from './op-log/entry.ts';
import type { Kinds, Outputs, Window } from './op.ts';

/**
 * A row made ready to run: its name, the order of its inputs and results, and
 * what the fast path of run.ts has learned about it.
 */
export class Ready {
  readonly name: string;
  /** What its gradient is called. */
  readonly gradient: string;
  /** The number of its name among the texts of the profiler, once it has one. */
  text: number | null = null;
  /** What it is to the op log, once it was logged; and what its gradient's tensors are called. */
  subject: Subject | null = null;
  gradientNames: GradientNames | null = null;
  /** The function that users call, by which the line that called is found. */
  entry: Function | null = null;
  readonly row: Row;
  readonly inputs: readonly string[];
  /** Which inputs are lists. */
  readonly lists: readonly boolean[];
  /** The results by name; a single one, or a list, is called `out`. */
  readonly outputs: readonly string[];
  /** What the gradient reads, in the order of inputs and of outputs. */
  readonly saves: Saves;
  /** A gradient flows back to one of its inputs at least. */
  readonly differentiable: boolean;
  /** There is one result, and no list of them. */
  readonly single: boolean;
  /** Every input is one tensor that may not be left out. */
  readonly simple: boolean;
  /** The inputs by name, as the parts of a row want them; then the same with the result beside them. */
  readonly named: Naming;
  readonly seen: Naming;
  /** The gradient formula of each input, where the row has one for each and a single result; else null. */
  readonly formulas: readonly (Formula | null)[] | null;
  /** The last case in which one dense kernel was all there was to do. */
  fast: Fast | null = null;
  #device: Device | null = null;
  #override: Override | undefined = undefined;
  /** What that one saves, once it was asked for. */
  #ownSaves: Saves | null = null;

  constructor(name: string, row: Row) {
    this.name = name;
    this.gradient = `∇${name}`;
    this.row = row;
    this.inputs = Object.keys(row.inputs);
    this.lists = this.inputs.map((input) => row.inputs[input] === 'many');
    this.outputs = isNamed(row) ? Object.keys(row.outputs!) : ['out'];
    this.saves = this.#saves(row.saves ?? [], row.readBy);
    this.differentiable =
      row.backward !== undefined ||
      Object.values(row.grad ?? {}).some((formula) => formula !== null);
    this.single = row.outputs === undefined || row.outputs === 'one';
    this.simple = this.inputs.every((input) => row.inputs[input] === 'one');
    this.named = naming(this.inputs);
    this.seen = naming([...this.inputs, ...this.outputs]);
    const { grad } = row;
    this.formulas =
      grad !== undefined && this.single ? this.inputs.map((name) => grad[name] ?? null) : null;
  }

  /** How that device does this op in its own way, if it does. */
  override(device: Device): Override | undefined {
    if (device !== this.#device) {
      this.#device = device;
      this.#override = device.overrides[this.name];
      this.#ownSaves = null;
    }
    return this.#override;
  }

  /** The same, where only the gradient is that device's own. */
  derived(device: Device): Override | undefined {
    const override = this.override(device);
    return override !== undefined && override.forward === undefined ? override : undefined;
  }

  /** What has to be saved when the device's own way was taken. */
  savesOf(override: Override | null): Saves {
    if (override?.saves === undefined) return this.saves;
    if (override !== this.#override) return this.#saves(override.saves);
    return (this.#ownSaves ??= this.#saves(override.saves));
  }

  #saves(names: readonly PropertyKey[], readBy?: Row['readBy']): Saves {
    return {
      readBy:
        readBy === undefined
          ? null
          : [...this.inputs, ...this.outputs].map((name) => this.inputs.indexOf(readBy[name]!)),
      inputs: this.inputs.map((name) => names.includes(name)),
      outputs: this.outputs.map((name) => names.includes(name)),
    };
  }
}

export interface Saves {
  /** For inputs and outputs, in this order: the one input whose gradient alone reads it, or -1. */
  readonly readBy: readonly number[] | null;
  readonly inputs: readonly boolean[];
  readonly outputs: readonly boolean[];
}

/** Puts what it is given under names, in their order. */
export type Naming = (...values: unknown[]) => { [name: string]: any };

/**
 * The commonest names have a literal each: V8 makes and reads such objects
 * several times faster than those that are filled in name by name.
 */
function naming(names: readonly string[]): Naming {
  switch (names.join(' ')) {
    case 'x':
      return (x) => ({ x });
    case 'x out':
      return (x, out) => ({ x, out });
    case 'x y':
      return (x, y) => ({ x, y });
    case 'x y out':
      return (x, y, out) => ({ x, y, out });
  }
  return (...values) => {
    const all: { [name: string]: unknown } = {};
    for (let i = 0; i < names.length; i++) all[names[i]!] = values[i];
    return all;
  };
}

/** A row with its types taken off: what the engine sees of any op. op.ts tells what each part is for. */
export interface Row {
  readonly inputs: Kinds<any>;
  readonly literals?: { readonly [input: string]: DType | undefined };
  readonly outputs?: Outputs;
  readonly attrs?: (inputs: any, ...args: any[]) => unknown;
  readonly spec: (inputs: any, attrs: any) => unknown;
  readonly idle?: (x: any, ...args: any[]) => boolean;
  readonly itself?: true;
  readonly texts?: true;
  readonly random?: true;
  readonly batch?: string | ((inputs: any, batched: any, attrs: any) => unknown);
  readonly cost?: (inputs: any, attrs: any) => { readonly flops: number; readonly bytes: number };
  readonly saves?: readonly PropertyKey[];
  readonly readBy?: { readonly [name: string]: string | undefined };
  readonly forward?: (k: Kernels, inputs: any, attrs: any, out: any) => void;
  readonly formula?: string;
  readonly broadcasts?: true;
  readonly view?: (x: Buf, attrs: any) => Window | null;
  readonly compose?: (inputs: any, attrs: any) => unknown;
  readonly grad?: { readonly [input: string]: Formula | null };
  readonly backward?: (g: any, seen: any, attrs: any, need: any) => any;
}

/** The gradient for one input. */
export type Formula = (g: any, seen: any, attrs: any) => unknown;

/** One kernel, for inputs of one dtype on one device that are dense and of one shape. */
export interface Fast {
  readonly device: Device;
  readonly dtype: DType;
  readonly result: DType;
  /** Bytes of an element of the inputs and of the result. */
  readonly width: number;
  readonly resultWidth: number;
  readonly kernels: Dense;
  /** For two inputs of which one repeats along the other. */
  readonly rows: Rows | null;
}

/** The row of that name, ready to run; made once. */
export function ready(name: string, row: Row): Ready {
  let op = made.get(row);
  if (op === undefined) made.set(row, (op = new Ready(name, row)));
  return op;
}

/** Whether results have names of their own. */
export function isNamed(row: Row): boolean {
  return row.outputs !== undefined && typeof row.outputs === 'object';
}

const made = new WeakMap<Row, Ready>();
