import { carryDeparture } from '../runs/departures.ts';
import { allFinite, badness } from '../finite.ts';
import type { Hop } from '../protocol.ts';
import { NOWHERE, place } from '../sites.ts';
import type { Storage } from '../storage.ts';
import { describe, type Tensor } from '../tensor.ts';
import type { OpRun } from '../trace.ts';

/**
 * Values that are NaN or infinite, and how they came about: of each storage
 * that holds some, which op made them, and out of which others. What is noted
 * holds no tensor, and of a long story the middle goes.
 */
export interface Bad {
  /** With what it runs in; '' for what no op made. */
  readonly op: string;
  readonly site: number;
  /** `2 NaN in f32[3]`. */
  readonly what: string;
  /** What it came of; null at the beginning, and where the middle of the story is gone. */
  from: Bad | null;
  readonly first: Bad | null;
  readonly length: number;
  /** Shared by all that came of one first value. */
  readonly story: Story;
}
interface Story {
  /** The program has been stopped for it. */
  told: boolean;
}

/** An op with results that are not finite. */
export interface Case {
  readonly result: Tensor;
  readonly bad: Bad;
  readonly nan: number;
  readonly inf: number;
  readonly text: string;
  /** Inputs that were not finite before. */
  readonly inputs: readonly string[];
}

/** What is not finite of an op that has ended; null where all is. Its site is asked for only then. */
export function caseOf(run: OpRun, op: string, site: () => number): Case | null {
  const bads = run.outputs.filter(([, tensor]) => !isGood(tensor));
  if (bads.length === 0) return null;
  // What makes tensors of nothing makes what it is told to.
  if (run.direction === 'forward' && run.inputs.length === 0) return null;
  const inputs = run.inputs.filter(([, tensor]) => !isGoodInput(tensor));
  // No number is never meant, an infinity may be.
  const [, result] = bads.find(([, tensor]) => badness(tensor).nan > 0) ?? bads[0]!;
  const { nan, inf, text } = badness(result);
  const inside = known(result);
  if (inside !== null && !inputs.some(([, tensor]) => tensor.storage === result.storage)) {
    return { result, bad: inside, nan, inf, text, inputs: inputs.map(([name]) => name) };
  }
  const what = `${text} in ${describe(result)}`;
  const at = site();
  const before = inputs.map(([name, tensor]) => known(tensor) ?? given(run.name, name, tensor, at));
  const bad = next(before[0] ?? null, { op, site: at, what });
  note(result, bad);
  return { result, bad, nan, inf, text, inputs: inputs.map(([name]) => name) };
}

/** Values were copied from one storage to another, or handed over. */
export function carry(from: Storage, to: Storage): void {
  carryDeparture(from, to);
  const entry = noted.get(from);
  if (entry !== undefined) noted.set(to, { version: to.version, bad: entry.bad });
}

/** From the first bad value on. */
export function chainOf(bad: Bad): readonly Hop[] {
  const hops: Bad[] = [];
  for (let each: Bad | null = bad; each !== null; each = each.from) hops.unshift(each);
  const [start] = hops;
  const gone = start!.length - 1;
  const lost = { op: '', what: `${gone - 1} more in between` };
  const head = gone === 0 ? [] : [hopOf(start!.first!), ...(gone > 1 ? [lost] : [])];
  return [...head, ...hops.map(hopOf)];
}

function hopOf({ op, what, site }: Bad): Hop {
  const at = place(site);
  return { op, what, ...(at && { site: at }) };
}

/** Whether a result is finite, as far as is known: one that shares its storage was looked at when that was made. */
export function isGood(tensor: Tensor): boolean {
  return tensor.storage.handles > 1 ? known(tensor) === null : allFinite(tensor);
}

function isGoodInput(tensor: Tensor): boolean {
  return known(tensor) === null && allFinite(tensor);
}

/** A value that no op made while somebody looked. */
function given(op: string, name: string, tensor: Tensor, site: number): Bad {
  const what = `${name} of ${op}, ${describe(tensor)}, came in with ${badness(tensor).text}`;
  const made = tensor.origin?.site ?? NOWHERE;
  const bad = next(null, { op: '', site: made === NOWHERE ? site : made, what });
  note(tensor, bad);
  return bad;
}

function next(from: Bad | null, of: Pick<Bad, 'op' | 'site' | 'what'>): Bad {
  if (from === null) return { ...of, from, first: null, length: 1, story: { told: false } };
  const length = from.length + 1;
  const first = from.first ?? from;
  if (length % MOST === 0) {
    let last: Bad = from;
    for (let i = 0; i < MOST / 2 && last.from !== null; i++) last = last.from;
    last.from = null;
  }
  return { ...of, from, first, length, story: from.story };
}
/** A story may be as long as the program runs. */
const MOST = 64;

function note({ storage }: Tensor, bad: Bad): void {
  noted.set(storage, { version: storage.version, bad });
}

function known({ storage }: Tensor): Bad | null {
  const entry = noted.get(storage);
  return entry !== undefined && entry.version === storage.version ? entry.bad : null;
}

/** What was written to since is judged anew. */
const noted = new WeakMap<Storage, { readonly version: number; readonly bad: Bad }>();
