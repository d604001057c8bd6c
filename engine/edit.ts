import type { Elements } from './device.ts';
import { map } from './elementwise.ts';
import { opLog } from './op-log/log.ts';
import { ready } from './ready.ts';
import { state } from './state.ts';
import { held, type Tensor } from './tensor.ts';
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
  if (opLog.on) opLog.write(tensor, 'edit', () => put(tensor, write));
  else put(tensor, write);
  marked(tensor, cut);
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
