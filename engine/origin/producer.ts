import type { LogEntry, LoggedTensor } from '../op-log/entry.ts';
import { opLog } from '../op-log/log.ts';

/** An entry of the op log that made a tensor, and which of its results that is. */
export interface Producer {
  readonly entry: LogEntry;
  readonly slot: number;
}

/** What made a tensor as it was before an entry: the outermost op of the forward pass, or what is inside of a gradient. */
export function producerOf(
  { id, storage }: Pick<LoggedTensor, 'id' | 'storage'>,
  before: number,
): Producer | null {
  for (let n = before - 1; n >= opLog.first; n--) {
    const entry = opLog.at(n)!;
    const slot = entry.outputs.findIndex((output) => isIt(entry, output, id, storage));
    if (slot >= 0) return outermost({ entry, slot }, id);
  }
  return null;
}

/** A write is found by the storage, too: a view may ask. */
function isIt(
  { kind, moved }: LogEntry,
  output: LoggedTensor,
  id: number,
  storage: number,
): boolean {
  if (output.id === id) return true;
  return (kind === 'write' || kind === 'update') && !moved && output.storage === storage;
}

function outermost(producer: Producer, id: number): Producer {
  const around = producer.entry.inside;
  if (around === null || around.op === null) return producer;
  const slot = around.outputs.findIndex((output) => output.id === id);
  return slot < 0 ? producer : outermost({ entry: around, slot }, id);
}
