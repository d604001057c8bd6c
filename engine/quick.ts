import type { Device } from './device.ts';
import { dtypes } from './dtype.ts';
import { control } from './gate.ts';
import { pressure } from './liveness.ts';
import { GATE, OP_COUNT } from './protocol.ts';
import type { Ready } from './ready.ts';
import { repeat, stretch } from './repeat.ts';
import { sameShape } from './shape.ts';
import { state } from './state.ts';
import { Storage } from './storage.ts';
import { Tensor } from './tensor.ts';

/** The shortest way there is for most ops: one kernel that an op has learned, over dense tensors. */

/** An op with one formula over one tensor, where one dense kernel is all there is to do; else null. */
export function quick1(op: Ready, x: Tensor, attrs: unknown): Tensor | null {
  const { fast } = op;
  const from = x.storage.bytes;
  if (
    fast !== null &&
    x.dtype === fast.dtype &&
    x.strides === null &&
    from.at >= 0 &&
    from.device === fast.device &&
    !pressure.due
  ) {
    const { size } = x;
    const bytes = fast.device.allocate(size * fast.resultWidth);
    const out = new Tensor(new Storage(bytes), x.shape, fast.result, size, 0, null);
    if (bytes.at >= 0) {
      const { bare, most, large } = fast.kernels;
      const kernel = size <= most ? bare : large;
      kernel(bytes.at, from.at + x.offset * fast.width, size);
      if (state.scope !== null) state.scope.made.push(out);
      for (let tape = state.tape; tape !== null; tape = tape.outer) {
        tape.record1(op, x, attrs, out);
      }
      return out;
    }
    out.dispose();
  }
  return null;
}

/** The same over two tensors. */
export function quick2(op: Ready, x: Tensor, y: Tensor, attrs: unknown): Tensor | null {
  const { fast } = op;
  const left = x.storage.bytes;
  const right = y.storage.bytes;
  if (
    fast !== null &&
    x.dtype === fast.dtype &&
    y.dtype === fast.dtype &&
    left.at >= 0 &&
    right.at >= 0 &&
    left.device === fast.device &&
    right.device === fast.device &&
    !pressure.due
  ) {
    const same =
      x.strides === null &&
      y.strides === null &&
      (x.shape === y.shape || sameShape(x.shape, y.shape));
    const other = same || fast.rows === null ? null : repeat(x, y);
    if (same || other !== null) {
      if (op.row.broadcasts === undefined) op.row.spec(op.named(x, y), attrs);
      const like = same || other!.second ? x : y;
      const { size } = like;
      const bytes = fast.device.allocate(size * fast.resultWidth);
      const out = new Tensor(new Storage(bytes), like.shape, fast.result, size, 0, null);
      if (bytes.at >= 0) {
        const a = left.at + x.offset * fast.width;
        const b = right.at + y.offset * fast.width;
        const { bare, most, large } = fast.kernels;
        if (same) {
          const kernel = size <= most ? bare : large;
          kernel(bytes.at, a, b, size);
        } else stretch(fast.rows!, other!, bytes.at, a, b, size);
        if (state.scope !== null) state.scope.made.push(out);
        for (let tape = state.tape; tape !== null; tape = tape.outer) {
          tape.record2(op, x, y, attrs, out);
        }
        return out;
      }
      out.dispose();
    }
  }
  return null;
}

/**
 * x = f(x, y) in the bytes of x, for the engine's own tensors that no tape
 * records. False where the short way does not do, where the bytes are pinned
 * or seen through a view, or where somebody looks: nothing was done then.
 */
export function inPlace(op: Ready, x: Tensor, y: Tensor): boolean {
  const { fast } = op;
  const { storage } = x;
  const to = storage.bytes;
  const from = y.storage.bytes;
  if (
    fast === null ||
    storage.aliased ||
    storage.borrowed ||
    to.pins !== 0 ||
    x.dtype !== fast.dtype ||
    y.dtype !== fast.dtype ||
    x.strides !== null ||
    y.strides !== null ||
    to.at < 0 ||
    from.at < 0 ||
    to.device !== fast.device ||
    from.device !== fast.device ||
    fast.result !== fast.dtype ||
    control[GATE] !== 0
  ) {
    return false;
  }
  const at = to.at + x.offset * fast.width;
  storage.wrote();
  fast.kernels.bare(at, at, from.at + y.offset * fast.width, x.size);
  control[OP_COUNT]!++;
  return true;
}

/** Remembers the one kernel that this case comes down to. */
export function learn(op: Ready, flat: readonly Tensor[], out: Tensor, device: Device): void {
  const { dtype } = flat[0]!;
  if (op.fast !== null && op.fast.dtype === dtype && op.fast.device === device) return;
  if (op.lists.length !== flat.length || op.row.attrs !== undefined) return;
  for (const tensor of flat) if (tensor.dtype !== dtype) return;
  const kernels = device.dense?.(op.row.formula as 'add', flat.length as 1 | 2, dtype) ?? null;
  if (kernels === null) return;
  op.fast = {
    device,
    dtype,
    result: out.dtype,
    width: dtypes[dtype].bytes,
    resultWidth: dtypes[out.dtype].bytes,
    kernels,
    rows: flat.length === 2 ? (device.rows?.(op.row.formula as 'add', dtype) ?? null) : null,
  };
}
