import { indexAt, positionOf, type Cells, type Given } from './cells.ts';
import type { Element } from '../element.ts';
import { show } from '../element.ts';
import { inner } from './inner.ts';
import type { LogEntry, LoggedTensor } from '../op-log/entry.ts';
import { KEPT, opLog } from '../op-log/log.ts';
import { recovered, spelt } from '../op-log/replay.ts';
import { producerOf, type Producer } from './producer.ts';
import type { Origin, OriginInput, OriginOf } from '../protocol.ts';
import { ruleOf, rules, unknown } from './rules.ts';
import { place } from '../sites.ts';
import { describe, type Tensor } from '../tensor.ts';
import { givenOf } from './values.ts';

/**
 * Where an element comes from: the op that made it, its line, and the elements
 * that op made it of, by the op log and the rules. An element that is no number
 * is followed on to where the first one of its kind came in.
 */
export function originOf(of: OriginOf, find: (id: number) => Tensor): readonly Origin[] {
  const way: Origin[] = [];
  let next: Asked | null = 'tensor' in of ? fromTensor(find(of.tensor), of.index) : fromEntry(of);
  while (next !== null && way.length < MOST_HOPS) {
    const { origin, bad } = hop(next);
    way.push(origin);
    next = bad;
  }
  return way;
}

/** So many are followed by themselves, looked at for the ones that matter, and told of each input. */
const MOST_HOPS = 100;
const MOST_READ = 1_000_000;
const MOST_TOLD = 20;

/** An element whose origin is asked for. */
interface Asked {
  readonly of: Pick<LoggedTensor, 'id' | 'storage' | 'shape' | 'dtype'>;
  readonly index: readonly number[];
  /** Of the tensor as it was before that entry. */
  readonly before: number;
  readonly value: Element | null;
  /** Of what no entry made: the op that is known from the tensor itself. */
  readonly made?: Tensor['origin'];
}

function fromTensor(tensor: Tensor, index: readonly number[]): Asked {
  const { id, storage, shape, dtype, origin } = tensor;
  check(tensor, index);
  const value = givenOf(tensor).value(positionOf(index, shape));
  const of = { id, storage: storage.id, shape, dtype };
  return { of, index, before: opLog.end, value, made: origin };
}

function fromEntry({ entry, input, index }: Extract<OriginOf, { entry: number }>): Asked {
  const found = opLog.at(entry);
  const logged = found?.inputs[input];
  if (!logged)
    throw new Error(`entry ${entry} of the op log is gone: the log holds the last ops only`);
  return within([logged], ([given]) => {
    check(logged, index);
    const value = given?.value(positionOf(index, logged.shape)) ?? null;
    return { of: logged, index, before: entry, value };
  });
}

function check(of: Pick<Tensor, 'id' | 'shape' | 'dtype'>, index: readonly number[]): void {
  const { shape } = of;
  const fits =
    index.length === shape.length &&
    index.every((at, axis) => Number.isInteger(at) && at >= 0 && at < shape[axis]!);
  if (!fits) throw new Error(`${describe(of)} has no element [${index.join(', ')}]`);
}

function hop({ of, index, before, value, made }: Asked): {
  readonly origin: Origin;
  readonly bad: Asked | null;
} {
  const about = {
    tensor: describe(of),
    index,
    ...(value !== null && { value: show(value, of.dtype) }),
  };
  const found = producerOf(of, before);
  if (found === null) {
    const site = made ? place(made.site) : undefined;
    return {
      origin: {
        ...about,
        path: made?.path ?? '',
        ...(made && { op: made.op }),
        ...(site && { site }),
        note: opLog.end === opLog.first ? UNLOGGED : EARLIER,
        inputs: [],
      },
      bad: null,
    };
  }
  const { entry, slot } = computing(found);
  const site = place(entry.site);
  const { path, number, title } = entry;
  const origin = { ...about, op: title, path, ...(site && { site }), entry: number };
  if (entry.kind === 'write')
    return { origin: { ...origin, note: WRITTEN, inputs: [] }, bad: null };
  return within([...entry.inputs, entry.outputs[slot]!], (given, tensors) => {
    const { cells, note } = cellsOf(entry, slot, index, given, tensors);
    const inputs = told(entry, cells, given);
    const bad = isBad(value) ? follow(entry, cells, given) : null;
    return { origin: { ...origin, ...(note !== undefined && { note }), inputs }, bad };
  });
}

/** What an optimizer writes was computed by the step before it: its first result is written first. */
function computing(found: Producer): Producer {
  if (found.entry.kind !== 'update') return found;
  for (let n = found.entry.number - 1, slot = 0; n >= opLog.first; n--) {
    const entry = opLog.at(n)!;
    if (entry.kind === 'update') slot++;
    else if (entry.depth === found.entry.depth)
      return slot < entry.outputs.length ? { entry, slot } : found;
  }
  return found;
}

/** Calls with the values of those tensors, as far as they are there; they are let go of afterwards. */
function within<R>(
  logged: readonly LoggedTensor[],
  look: (given: readonly (Given | null)[], tensors: readonly (Tensor | null)[]) => R,
): R {
  const tensors = logged.map(recovered);
  try {
    return look(
      tensors.map((tensor) => tensor && givenOf(tensor)),
      tensors,
    );
  } finally {
    for (const tensor of tensors) tensor?.dispose();
  }
}

function cellsOf(
  entry: LogEntry,
  slot: number,
  index: readonly number[],
  given: readonly (Given | null)[],
  tensors: readonly (Tensor | null)[],
): { readonly cells: readonly Cells[]; readonly note?: string } {
  const { op, attrs, name, kind } = entry;
  const specs = entry.inputs.map((logged, i) => given[i] ?? absent(logged));
  const out = given.at(-1) ?? absent(entry.outputs[slot]!);
  const question = { inputs: specs, attrs, out, slot, index };
  const rule =
    kind === 'forward' && op !== null
      ? ruleOf(op)
      : (rules[kind === 'backward' && name === 'accumulate' ? name : ''] ?? unknown);
  try {
    if (rule !== null) {
      const cells = rule(question);
      return cells.some(({ unsure }) => unsure) ? { cells, note: UNSURE } : { cells };
    }
    const inputs = tensors.slice(0, -1);
    if (!inputs.some((tensor) => tensor === null)) {
      const cells = inner(op!, spelt(entry, inputs as Tensor[]), attrs, question);
      if (cells !== null)
        return cells.some(({ unsure }) => unsure) ? { cells, note: UNSURE } : { cells };
    }
  } catch (failure) {
    if (!(failure instanceof Gone)) throw failure;
  }
  return { cells: unknown(question), note: rule === null ? WIDE : GONE };
}

/** Asked for a value that is gone. */
class Gone extends Error {}

function absent({ shape, dtype }: LoggedTensor): Given {
  return {
    shape,
    dtype,
    value() {
      throw new Gone('gone');
    },
  };
}

/** Of each input the elements that matter most. */
function told(
  entry: LogEntry,
  cells: readonly Cells[],
  given: readonly (Given | null)[],
): readonly OriginInput[] {
  const weighing = cells.filter(({ factor }) => factor);
  return cells.map((each) => {
    const logged = entry.inputs[each.input]!;
    const values = given[each.input] ?? null;
    const read = Math.min(each.count, MOST_READ);
    const weight = (k: number): number => {
      if (values === null || each.count <= 1) return 0;
      const own = values.value(each.at(k));
      if (isBad(own)) return Infinity;
      if (!each.factor) return size(own);
      return weighing.reduce(
        (product, { input, at }) => product * size(given[input]?.value(at(k)) ?? 1),
        1,
      );
    };
    const order: { readonly k: number; readonly weight: number }[] = [];
    for (let k = 0; k < read; k++) {
      const next = { k, weight: weight(k) };
      if (order.length === MOST_TOLD && next.weight <= order.at(-1)!.weight) continue;
      const at = order.findIndex((other) => other.weight < next.weight);
      order.splice(at < 0 ? order.length : at, 0, next);
      if (order.length > MOST_TOLD) order.pop();
    }
    return {
      name: entry.names[each.input]!,
      input: each.input,
      tensor: describe(logged),
      total: each.count,
      cells: order.map(({ k }) => ({
        index: indexAt(each.at(k), logged.shape),
        ...(values && { value: show(values.value(each.at(k)), logged.dtype) }),
      })),
    };
  });
}

/** The first element that is no number either. */
function follow(
  entry: LogEntry,
  cells: readonly Cells[],
  given: readonly (Given | null)[],
): Asked | null {
  for (const { input, count, at } of cells) {
    const values = given[input];
    if (!values) continue;
    const logged = entry.inputs[input]!;
    for (let k = 0; k < Math.min(count, MOST_READ); k++) {
      const value = values.value(at(k));
      if (isBad(value))
        return { of: logged, index: indexAt(at(k), logged.shape), before: entry.number, value };
    }
  }
  return null;
}

function isBad(value: Element | null): boolean {
  if (value === null || typeof value === 'string') return false;
  if (typeof value === 'object') return !Number.isFinite(value.re) || !Number.isFinite(value.im);
  return typeof value === 'number' && !Number.isFinite(value);
}

function size(value: Element): number {
  if (typeof value === 'string') return 0;
  const found =
    typeof value === 'object' ? Math.hypot(value.re, value.im) : Math.abs(Number(value));
  return found === found ? found : Infinity;
}

const UNLOGGED = `the op log is empty, so elements cannot be followed: ${KEPT}`;
const EARLIER = 'nothing in the op log made it: it is older than the log, or came from the program';
const WRITTEN = 'the program, or an edit, wrote this value';
const UNSURE = 'any of these elements may have fed it';
const WIDE =
  'too much, or too little, is known of what it is made of: any element of its inputs may have fed it';
const GONE =
  'values that choose are gone from the op log: any element of its inputs may have fed it';
