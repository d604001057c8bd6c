import type { Buf, Device, Override } from './device.ts';
import { widthOf, type DType } from './dtype.ts';
import { control } from './gate.ts';
import {
  counts,
  inputNames,
  named,
  outputNames,
  plain,
  spelled,
  type Input,
  type Result,
} from './inputs.ts';
import { pressure, relieve } from './liveness.ts';
import { knownLine, LOOK, noted } from './noting.ts';
import type { Spec } from './op.ts';
import { currentDevice } from './placement.ts';
import { GATE, OP_COUNT, WATCH } from './protocol.ts';
import { learn, quick1, quick2 } from './quick.ts';
import { isNamed, type Ready } from './ready.ts';
import { Scope } from './scope.ts';
import { isDense, sizeOf, type Shape } from './shape.ts';
import { here } from './sites.ts';
import { state } from './state.ts';
import { Storage } from './storage.ts';
import { alias, describe, held, Tensor } from './tensor.ts';
import { watch } from './trace.ts';

/** The one place an op happens: check, announce, compute, record, announce. */

/** Runs an op on arguments as a user writes them; the row makes attributes of them. */
export function invoke(op: Ready, inputs: readonly Input[], args: readonly unknown[]): Result {
  const { attrs, idle } = op.row;
  if (idle?.(inputs[0] as Tensor, ...args) === true) return unchanged(op, inputs[0] as Tensor);
  return run(op, inputs, attrs === undefined ? none : attrs(named(op, inputs), ...args));
}

/** Runs an op whose attributes are known. */
export function run(op: Ready, inputs: readonly Input[], attrs: unknown): Result {
  control[OP_COUNT]!++;
  if (control[GATE] === 0) return perform(op, inputs, attrs);
  const line = knownLine();
  const site = line === LOOK ? here(run, op.entry) : line;
  return announced(op, inputs, attrs, site);
}

/** The same for one formula over one tensor, by the shortest way there is. */
export function run1(op: Ready, x: Tensor, attrs: unknown): Tensor {
  control[OP_COUNT]!++;
  if (control[GATE] === 0) return quick1(op, x, attrs) ?? (perform(op, [x], attrs) as Tensor);
  const line = knownLine();
  const site = line === LOOK ? here(run1, op.entry) : line;
  return announced(op, [x], attrs, site) as Tensor;
}

/** The same for one formula over two tensors. */
export function run2(op: Ready, x: Tensor, y: Tensor): Tensor {
  control[OP_COUNT]!++;
  if (control[GATE] === 0) return quick2(op, x, y, none) ?? (perform(op, [x, y], none) as Tensor);
  const line = knownLine();
  const site = line === LOOK ? here(run2, op.entry) : line;
  return announced(op, [x, y], none, site) as Tensor;
}

/** For whoever looks at the ops. */
function announced(
  op: Ready,
  inputs: readonly Input[],
  attrs: unknown,
  line: number | null,
): Result {
  if (state.batch !== null) {
    const made = state.batch.run(op, inputs, attrs);
    if (made !== null) return made;
  }
  if ((control[GATE]! & WATCH) === 0) return noted(op, inputs, attrs, quickly, line);
  const { cost } = op.row;
  return watch(
    {
      name: op.name,
      direction: 'forward',
      inputs: () => inputNames(op, inputs),
      attrs: attrs as object,
      call: { op, inputs },
      line,
      ...(cost && { cost: (attrs) => cost(named(op, inputs), attrs) }),
    },
    (attrs) => quickly(op, inputs, attrs),
    (made) => outputNames(op, made),
  );
}

/** By the shortest way there is for these inputs. */
function quickly(op: Ready, inputs: readonly Input[], attrs: unknown): Result {
  if (op.fast === null || inputs.length > 2) return perform(op, inputs, attrs);
  const x = inputs[0] as Tensor;
  const made =
    inputs.length === 1 ? quick1(op, x, attrs) : quick2(op, x, inputs[1] as Tensor, attrs);
  return made ?? perform(op, inputs, attrs);
}

/** A new tensor, not cleared, on the current device or a given one: for what makes tensors without an op. */
export function make(shape: Shape, dtype: DType, device: Device = currentDevice()): Tensor {
  if (pressure.due) relieve([]);
  return listed(fresh(device, { shape, dtype }));
}

/** The result of an op that has nothing to do. */
export function unchanged(op: Ready, x: Tensor): Tensor {
  return op.row.itself ? x : another(x, op.name);
}

/** Another tensor with the same bytes, whose end is not the end of that one. */
export function another(tensor: Tensor, op: string): Tensor {
  held(tensor, op);
  return tensor.identity();
}

const none: unknown = Object.freeze({});

function perform(op: Ready, inputs: readonly Input[], attrs: unknown): Result {
  if (state.batch !== null) {
    const made = state.batch.run(op, inputs, attrs);
    if (made !== null) return made;
  }
  const flat = op.simple || plain(inputs) ? (inputs as Tensor[]) : spelled(inputs);
  const device = check(op, flat);
  if (pressure.due) relieve(flat);
  const { row } = op;
  const override = op.override(device);
  if (row.compose !== undefined) return compose(op, inputs, flat, attrs, device, override);
  if (row.view !== undefined) return view(op, flat, attrs, device);
  const by = named(op, inputs);
  if (op.single) {
    const out = fresh(device, row.spec(by, attrs) as Spec);
    const own = override?.forward?.(flat, attrs, [out]) === true;
    if (!own) {
      row.forward!(device.kernels, by, attrs, out);
      if (row.formula !== undefined) learn(op, flat, out, device);
    }
    return finish1(op, inputs, flat, attrs, out, own ? override! : null);
  }
  const made = results(op, by, attrs, device);
  const outs = made instanceof Tensor ? [made] : (Object.values(made) as Tensor[]);
  const own = override?.forward?.(flat, attrs, outs) === true;
  if (!own) row.forward!(device.kernels, by, attrs, made as Buf);
  return finish(op, inputs, flat, attrs, outs, made, own ? override! : null);
}

/** All tensors of the inputs have bytes, and on one device. */
function check(op: Ready, flat: readonly Tensor[]): Device {
  if (flat.length === 0) return currentDevice();
  const { device } = held(flat[0]!, op.name);
  if (flat[0]!.dtype === 'string') textsIn(op);
  for (let i = 1; i < flat.length; i++) {
    if (flat[i]!.dtype === 'string') textsIn(op);
    const other = held(flat[i]!, op.name).device;
    if (other !== device) {
      throw new Error(
        `${op.name}: ${describe(flat[0]!)} is on ${device.name} and ${describe(flat[i]!)} on ${other.name}; move one of them with to('${device.name}')`,
      );
    }
  }
  return device;
}

/** Throws where an op is for numbers. */
function textsIn({ name, row }: Ready): void {
  if (row.texts || row.view !== undefined) return;
  throw new Error(`${name}: a tensor of strings is no number; text is moved and compared, no more`);
}

function results(op: Ready, by: object, attrs: unknown, device: Device): Result {
  const specs = op.row.spec(by, attrs) as Spec | readonly Spec[] | { [name: string]: Spec };
  if (op.single) return fresh(device, specs as Spec);
  if (isNamed(op.row)) {
    return Object.fromEntries(
      op.outputs.map((name) => [name, fresh(device, (specs as { [name: string]: Spec })[name]!)]),
    );
  }
  return (specs as readonly Spec[]).map((spec) => fresh(device, spec));
}

function fresh(device: Device, { shape, dtype }: Spec): Tensor {
  const size = sizeOf(shape);
  const bytes = device.allocate(size * widthOf(dtype));
  return new Tensor(new Storage(bytes), shape, dtype, size, 0, null);
}

function view(op: Ready, flat: readonly Tensor[], attrs: unknown, device: Device): Tensor {
  let x = flat[0]!;
  let window = op.row.view!(x, attrs);
  const copied = window === null;
  if (window === null) {
    const copy = fresh(device, x);
    device.kernels.map('identity', copy, x);
    x = copy;
    window = op.row.view!(x, attrs);
  }
  if (window === null) throw new Error(`${op.name}: no view of the dense ${describe(x)}`);
  const { shape, offset } = window;
  const strides = isDense(shape, window.strides) ? null : window.strides;
  const out = new Tensor(x.storage, shape, x.dtype, sizeOf(shape), offset, strides);
  if (!copied) {
    x.storage.handles++;
    x.storage.aliased = true;
  }
  return finish1(op, flat, flat, attrs, out, null);
}

/** An op written in other ops; they are what a tape records. */
function compose(
  op: Ready,
  inputs: readonly Input[],
  flat: readonly Tensor[],
  attrs: unknown,
  device: Device,
  override: Override | undefined,
): Result {
  const by = named(op, inputs);
  if (override?.forward !== undefined && (derives(override) || state.tape === null)) {
    const made = results(op, by, attrs, device);
    const outs = made instanceof Tensor ? [made] : (Object.values(made) as Tensor[]);
    const hidden = state.tape === null ? undefined : override.hidden?.specs(flat, attrs);
    const beside = hidden === undefined ? [] : hidden.map((spec) => fresh(device, spec));
    const all = hidden === undefined ? outs : [...outs, ...beside];
    if (override.forward(flat, attrs, all)) {
      finish(op, inputs, flat, attrs, outs, made, override, beside);
      for (const tensor of beside) tensor.dispose();
      return made;
    }
    for (const out of all) out.dispose();
  }
  return partwise(op, inputs, flat, attrs);
}

/** The same by the ops it is written in. */
export function partwise(
  op: Ready,
  inputs: readonly Input[],
  flat: readonly Tensor[],
  attrs: unknown,
): Result {
  const by = named(op, inputs);
  // Throws what does not fit, in the words of this op and not of one inside it.
  op.row.spec(by, attrs);
  const scope = new Scope();
  let kept: readonly Tensor[] = [];
  try {
    const made = op.row.compose!(by, attrs) as Result;
    const own = (tensor: Tensor): Tensor =>
      flat.includes(tensor) ? listed(alias(tensor)) : tensor;
    const result =
      made instanceof Tensor
        ? own(made)
        : made instanceof Array
          ? made.map(own)
          : Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, own(tensor)]));
    kept = result instanceof Tensor ? [result] : (Object.values(result) as Tensor[]);
    return result;
  } finally {
    scope.end(kept);
  }
}

/** Whether the device has gradients of its own to the op it does in its own way. */
export function derives({ gradients, backward }: Override): boolean {
  return gradients !== undefined || backward !== undefined;
}

function listed(tensor: Tensor): Tensor {
  state.scope?.made.push(tensor);
  return tensor;
}

/** The same for one result. */
function finish1(
  op: Ready,
  inputs: readonly Input[],
  flat: readonly Tensor[],
  attrs: unknown,
  out: Tensor,
  override: Override | null,
): Tensor {
  if (override !== null || !op.simple || flat.length > 2) {
    finish(op, inputs, flat, attrs, [out], out, override);
    return out;
  }
  if (state.scope !== null) state.scope.made.push(out);
  if (flat.length === 0) return out;
  for (let tape = state.tape; tape !== null; tape = tape.outer) {
    if (flat.length === 1) tape.record1(op, flat[0]!, attrs, out);
    else tape.record2(op, flat[0]!, flat[1]!, attrs, out);
  }
  return out;
}

function finish(
  op: Ready,
  inputs: readonly Input[],
  flat: readonly Tensor[],
  attrs: unknown,
  outs: readonly Tensor[],
  made: Result,
  override: Override | null,
  hidden: readonly Tensor[] = [],
): Result {
  if (state.scope !== null) for (let i = 0; i < outs.length; i++) state.scope.made.push(outs[i]!);
  if (state.tape !== null && (op.differentiable || (override !== null && derives(override)))) {
    const all = hidden.length === 0 ? outs : outs.concat(hidden);
    record(op, flat, flat === inputs ? null : counts(inputs), attrs, all, override);
  } else {
    for (let tape = state.tape; tape !== null; tape = tape.outer) tape.pass(op, flat, outs);
  }
  return made;
}

function record(
  op: Ready,
  flat: readonly Tensor[],
  counts: readonly number[] | null,
  attrs: unknown,
  outs: readonly Tensor[],
  override: Override | null,
): void {
  for (let tape = state.tape; tape !== null; tape = tape.outer) {
    tape.record(op, flat, counts, attrs, outs, override);
  }
}
