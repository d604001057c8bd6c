import { control } from '../gate.ts';
import { census } from '../liveness.ts';
import { GATE, Gate } from '../protocol.ts';
import type { Hop } from '../protocol.ts';
import { place } from '../sites.ts';
import { ended, unsaved } from '../storage.ts';
import { describe, Tensor } from '../tensor.ts';
import { occurred } from '../trace.ts';
import type { Finding } from './checks.ts';
import { filters } from './filters.ts';

/**
 * Tensors that grow in number from step to step. Who is alive is asked of V8,
 * which takes some hundredths of a second: so every tenth step only.
 */

/** A training step has ended. */
export function stepped(step: number): void {
  if ((control[GATE]! & Gate.FILTERS) === 0 || step % EVERY !== 0) return;
  if (!filters.has('tensorLeak')) return void (counts.length = 0);
  // The filter was off meanwhile, or the count of steps was set.
  if (counts.length > 0 && counts.at(-1)!.step !== step - EVERY) counts.length = 0;
  counts.push(counted(step));
  if (counts.length > WINDOW) counts.shift();
  if (counts.length < WINDOW || !counts.every(grows)) return;
  occurred('step', [], [], 'tensorLeak', () => [growth(counts[0]!, counts.at(-1)!)]);
}
const EVERY = 10;
const WINDOW = 5;

/** The tensors that are alive: those with bytes of their own, by what made them. */
interface Count {
  readonly step: number;
  tensors: number;
  bytes: number;
  readonly kinds: Map<string, { count: number; readonly like: Pick<Hop, 'op' | 'site'> }>;
}
const counts: Count[] = [];

function grows({ tensors }: Count, i: number, all: readonly Count[]): boolean {
  return i === 0 || tensors > all[i - 1]!.tensors;
}

function counted(step: number): Count {
  const count: Count = { step, tensors: 0, bytes: 0, kinds: new Map() };
  const seen = new Set<unknown>();
  for (const tensor of census.of?.(Tensor.prototype) ?? []) {
    // The prototype of variables is found, too.
    const { storage, origin } = tensor;
    if (storage === undefined || storage === ended || storage === unsaved || seen.has(storage))
      continue;
    seen.add(storage);
    count.tensors++;
    count.bytes += storage.bytes.length;
    const op = origin === null ? '' : `${origin.path ? `${origin.path}/` : ''}${origin.op}`;
    const kind = `${op} ${origin?.site} ${describe(tensor)}`;
    const known = count.kinds.get(kind);
    if (known !== undefined) known.count++;
    else {
      const site = origin ? place(origin.site) : undefined;
      const like = { op: op || describe(tensor), ...(site && { site }) };
      count.kinds.set(kind, { count: 1, like });
    }
  }
  return count;
}

function growth(from: Count, to: Count): Finding {
  const steps = EVERY * (WINDOW - 1);
  const tensors = to.tensors - from.tensors;
  const bytes = to.bytes - from.bytes;
  return {
    facts: { tensors, bytes, steps },
    found() {
      counts.length = 0;
      return {
        filter: 'tensorLeak',
        message: `${tensors} more tensors are alive than ${steps} steps ago, ${bytes} bytes; they have grown in number every ${EVERY} steps`,
        chain: grown(from, to),
      };
    },
  };
}

/** What has grown most, by the lines that made it. */
function grown(from: Count, to: Count): readonly Hop[] {
  const kinds = [...to.kinds].map(([kind, { count, like }]) => ({
    like,
    more: count - (from.kinds.get(kind)?.count ?? 0),
  }));
  return kinds
    .filter(({ more }) => more > 0)
    .sort((a, b) => b.more - a.more)
    .slice(0, MOST)
    .map(({ like, more }) => ({ ...like, what: `${more} more` }));
}
const MOST = 8;
