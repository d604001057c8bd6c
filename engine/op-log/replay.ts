import { quietly } from '../evaluation.ts';
import { tensorsOf, type Input } from '../inputs.ts';
import type { LoggedValue } from './values.ts';
import type { LogEntry, LoggedTensor } from './entry.ts';
import { opLog } from './log.ts';
import { run } from '../run.ts';
import { aside, state } from '../state.ts';
import { Storage } from '../storage.ts';
import { Tensor } from '../tensor.ts';

/**
 * Computes values anew that the op log has given up: from the nearest ones
 * that it kept, by the ops that made them, with their attributes and keys. The
 * same op on the same bytes gives the same bits, so this is what there was.
 */

/** A tensor with that value and the look of one that an entry saw, to be disposed; null where it is gone. */
export function recovered(logged: LoggedTensor): Tensor | null {
  const value = made(logged.value);
  if (value === null) return null;
  const tensor = handle(logged, value.storage);
  value.dispose();
  return tensor;
}

/** Whether it is kept, or could be computed again, without doing so. */
export function standingOf({ value }: LoggedTensor): 'kept' | 'computable' | 'gone' {
  if (value.bytes !== null) return 'kept';
  return plan(value) === null ? 'gone' : 'computable';
}

/** Some tensor on the bytes of a value, to be disposed. */
function made(wanted: LoggedValue): Tensor | null {
  const entries = plan(wanted);
  if (entries === null) return null;
  if (wanted.bytes !== null) return flat(wanted);
  const uses = new Map<LoggedValue, number>([[wanted, 1]]);
  for (const { inputs } of entries) {
    for (const { value } of inputs)
      if (value.bytes === null) uses.set(value, (uses.get(value) ?? 0) + 1);
  }
  const results = new Map<LoggedValue, Tensor>();
  const used = (value: LoggedValue): void => {
    const left = uses.get(value)! - 1;
    uses.set(value, left);
    if (left > 0) return;
    results.get(value)?.dispose();
    results.delete(value);
  };
  return quietly(() =>
    aside(() => {
      for (const entry of entries) {
        const inputs = entry.inputs.map((logged) => {
          const { value } = logged;
          return handle(logged, (results.get(value) ?? flat(value)).storage);
        });
        // What is made of nothing is made where it was then.
        if (inputs.length === 0) state.device = entry.outputs[0]!.value.device;
        const outs = tensorsOf(run(entry.op!, spelt(entry, inputs), entry.attrs));
        outs.forEach((out, slot) => {
          const value = entry.outputs.find(({ value }) => isMade(value, entry, slot))?.value;
          if (value !== undefined && uses.has(value)) results.set(value, out);
          else out.dispose();
        });
        for (const input of inputs) input.dispose();
        for (const { value } of entry.inputs) if (value.bytes === null) used(value);
      }
      return results.get(wanted)!;
    }),
  );
}

function isMade(value: LoggedValue, entry: LogEntry, slot: number): boolean {
  return value.maker === entry.number && value.slot === slot;
}

/** The ops that compute it, in order; empty where it is kept, null where something they need is gone. */
function plan(wanted: LoggedValue): readonly LogEntry[] | null {
  const entries = new Set<LogEntry>();
  const open = [wanted];
  while (open.length > 0) {
    const value = open.pop()!;
    if (value.bytes !== null) continue;
    const maker = opLog.makerOf(value);
    if (maker === null || maker.op === null || entries.size >= MOST) return null;
    if (entries.has(maker)) continue;
    entries.add(maker);
    for (const { value } of maker.inputs) open.push(value);
  }
  // What an op reads was made before it.
  return [...entries].sort((a, b) => a.number - b.number);
}

/** A longer way back takes longer than anybody waits. */
const MOST = 10_000;

/** The inputs as the row has them: lists together, what was left out undefined. */
export function spelt({ counts }: LogEntry, inputs: readonly Tensor[]): readonly Input[] {
  if (counts === null) return inputs;
  let at = 0;
  return counts.map((count) => {
    if (count < 0) return inputs[at++];
    const list = inputs.slice(at, at + count);
    at += count;
    return list;
  });
}

/** The bytes of a value that is kept, seen as they lie. */
function flat({ bytes }: LoggedValue): Tensor {
  const { length } = bytes!;
  return new Tensor(new Storage(bytes!, true), [length], 'u8', length, 0, null);
}

/** A handle like the one an entry saw, on the bytes of that storage. */
function handle(
  { id, storage, version, shape, dtype, size, offset, strides }: LoggedTensor,
  on: Storage,
): Tensor {
  const own = new Storage(on.bytes, true);
  own.version = version;
  (own as { id: number }).id = storage;
  const tensor = new Tensor(own, shape, dtype, size, offset, strides);
  (tensor as { id: number }).id = id;
  return tensor;
}
