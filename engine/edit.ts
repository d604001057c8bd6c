import type { Elements } from './device.ts';
import { widthOf } from './dtype.ts';
import { map } from './elementwise.ts';
import { standing } from './evaluation.ts';
import { opLog } from './op-log/log.ts';
import { ready } from './ready.ts';
import { state } from './state.ts';
import { blank, held, type Tensor } from './tensor.ts';
import { textsOf } from './texts.ts';

/**
 * Changes the values of a tensor where they are: every handle and view of its
 * storage sees the new ones. What a tape saved stays as its forward saw it;
 * nodes recorded later see the new values. On the tapes that record, the
 * change is a node through which the gradient flows on, or at which it ends
 * where `cut` is set.
 *
 * `write` gets the elements of the whole storage (texts as a list); the
 * tensor's offset and strides say where its own lie. It must not throw half-way.
 */
export function edit(
  tensor: Tensor,
  write: (elements: Elements) => void,
  { cut = false }: { readonly cut?: boolean } = {},
): void {
  held(tensor, 'edit');
  opLog.refuse('edit');
  const change = () => {
    apart(tensor);
    put(tensor, write);
  };
  if (opLog.on) opLog.write(tensor, 'edit', change);
  else change();
  marked(tensor, cut);
}

/** A gradient on its way has bytes of its own from here on. */
export function apart(tensor: Tensor): void {
  opLog.refuse('edit');
  if (isOnItsWay(tensor)) alone(tensor);
}

/** Whether it is a gradient that a backward pass, in the middle of which the program stands, hands on. */
function isOnItsWay(tensor: Tensor): boolean {
  for (let run = standing(); run !== null; run = run.outer) {
    if (run.direction !== 'backward') continue;
    const given = run.inputs.some(([name, each]) => each === tensor && ARRIVES.test(name));
    if (given || run.outputs.some(([, each]) => each === tensor)) return true;
  }
  return false;
}

/** `g`, `g.values`; and what `∇accumulate` adds up. Further inputs are what the tape saved. */
const ARRIVES = /^(g(\..*)?|before|more)$/;

/**
 * Bytes of its own: two ways of the gradient may share them (both sides of a sum have that of the
 * sum), and only this one is to change.
 */
function alone(tensor: Tensor): void {
  const { storage, shape, dtype, size } = tensor;
  const { device } = storage.bytes;
  const own = blank(device, shape, dtype, size, size * widthOf(dtype));
  device.kernels.map('identity', own, tensor);
  // What is the same in every place may lie there but once.
  Object.assign(tensor, { storage: own.storage, offset: 0, strides: null });
  storage.leave();
}

function put(tensor: Tensor, write: (elements: Elements) => void): void {
  const { storage } = tensor;
  const { device, length, pins } = storage.bytes;
  const texts = tensor.dtype === 'string';
  const elements = () => (texts ? (textsOf(tensor) as unknown as Elements) : device.array(tensor));
  if (pins > 0) {
    const before = elements();
    storage.replace(device.allocate(length));
    if (texts) Object.assign(elements(), before);
    else elements().set(before as never);
  } else storage.wrote();
  write(elements());
}

/** Notes on the tapes that record that a tensor has new values. */
export function marked(tensor: Tensor, cut = false): void {
  for (let tape = state.tape; tape !== null; tape = tape.outer) tape.edit(tensor, change, cut);
}

/** The op by whose name tapes show an edit; it never runs. */
const change = ready('edit', { ...map('identity'), saves: [], grad: { x: (g: Tensor) => g } });
