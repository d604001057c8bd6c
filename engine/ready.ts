import type { Buf, Dense, Device, Kernels, Override } from './device.ts';
import type { DType } from './dtype.ts';
import type { Kinds, Outputs, Window } from './op.ts';

/**
 * A row made ready to run: its name, the order of its inputs and results, and
 * what the fast path of run.ts has learned about it.
 */
export class Ready {
  readonly name: string;
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
  /** The last case in which one dense kernel was all there was to do. */
  fast: Fast | null = null;

  constructor(name: string, row: Row) {
    this.name = name;
    this.row = row;
    this.inputs = Object.keys(row.inputs);
    this.lists = this.inputs.map((input) => row.inputs[input] === 'many');
    this.outputs = isNamed(row) ? Object.keys(row.outputs!) : ['out'];
    this.saves = this.#saves(row.saves ?? []);
    this.differentiable =
      row.backward !== undefined ||
      Object.values(row.grad ?? {}).some((formula) => formula !== null);
  }

  /** How that device does this op in its own way, if it does. */
  override(device: Device): Override | undefined {
    return device.overrides[this.name];
  }

  /** What has to be saved when the device's own way was taken. */
  savesOf(override: Override | null): Saves {
    return override?.saves === undefined ? this.saves : this.#saves(override.saves);
  }

  #saves(names: readonly PropertyKey[]): Saves {
    return {
      inputs: this.inputs.map((name) => names.includes(name)),
      outputs: this.outputs.map((name) => names.includes(name)),
    };
  }
}

export interface Saves {
  readonly inputs: readonly boolean[];
  readonly outputs: readonly boolean[];
}

/** A row with its types taken off: what the engine sees of any op. op.ts tells what each part is for. */
export interface Row {
  readonly inputs: Kinds<any>;
  readonly literals?: { readonly [input: string]: DType | undefined };
  readonly outputs?: Outputs;
  readonly attrs?: (inputs: any, ...args: any[]) => unknown;
  readonly spec: (inputs: any, attrs: any) => unknown;
  readonly idle?: (x: any, attrs: any) => boolean;
  readonly random?: true;
  readonly cost?: (inputs: any, attrs: any) => { readonly flops: number; readonly bytes: number };
  readonly saves?: readonly PropertyKey[];
  readonly forward?: (k: Kernels, inputs: any, attrs: any, out: any) => void;
  readonly formula?: string;
  readonly view?: (x: Buf, attrs: any) => Window | null;
  readonly compose?: (inputs: any, attrs: any) => unknown;
  readonly grad?: {
    readonly [input: string]: ((g: any, seen: any, attrs: any) => unknown) | null;
  };
  readonly backward?: (g: any, seen: any, attrs: any, need: any) => any;
}

/** One kernel, for inputs of one dtype on one device that are dense and of one shape. */
export interface Fast {
  readonly device: Device;
  readonly dtype: DType;
  readonly result: DType;
  /** Bytes of an element of the inputs and of the result. */
  readonly width: number;
  readonly resultWidth: number;
  readonly kernel: Dense;
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
