import type { Batch } from './batch.ts';
import { isPart, specsOf, type BatchCall, type BatchInput } from './call.ts';
import { ruleOf } from './rules.ts';
import { batched, batchesOf, Batched, inside, outside, sorted } from './batched.ts';
import { isSmooth } from '../dtype.ts';
import { control } from '../gate.ts';
import { spelled, tensorsOf, type Input, type Result } from '../inputs.ts';
import { OP_COUNT } from '../protocol.ts';
import { foldIn, type Key } from '../random-state.ts';
import { ready, type Ready } from '../ready.ts';
import { make, partwise, run } from '../run.ts';
import { Scope } from '../scope.ts';
import { sameShape, text, type Shape } from '../shape.ts';
import { state } from '../state.ts';
import { Tensor } from '../tensor.ts';

/**
 * What run.ts asks of a vmap: the op once for the whole batch. It runs outside
 * of the innermost vmap that its inputs are batched by, on tensors that have
 * the axis of that one in front; vmaps around take it from there. Tapes see
 * the ops that run in the end, on whole batches.
 */
export function runBatched(op: Ready, inputs: readonly Input[], attrs: unknown): Result | null {
  const flat = spelled(inputs);
  const batch = op.row.random === true ? drawing(innermost(flat)) : innermost(flat);
  if (batch === null) return null;
  if (op.row.compose !== undefined && op.row.batch === undefined)
    return partwise(op, inputs, flat, attrs);
  // What runs in its place is counted.
  control[OP_COUNT]!--;
  return outsideOf(batch, () => {
    if (inputs.length === 0 && isShaped(attrs)) {
      return run(op, [], { ...attrs, shape: [batch.size, ...attrs.shape] });
    }
    const call = { op, batch, attrs, inputs: inputs.map((input) => partsOf(input, batch)) };
    // Throws what does not fit one example, also where a batch of them would.
    if (op.row.view === undefined) specsOf(call);
    return (ruleOf(call)?.(call) ?? oneByOne(call)) as Result;
  });
}

/** Runs `f` as if `batch` were not there, and gives what comes of it back inside. */
function outsideOf(batch: Batch, f: () => Result): Result {
  const before = state.batch;
  const scope = new Scope();
  let kept: readonly Tensor[] = [];
  let made: Result;
  state.batch = batch.outer;
  try {
    made = f();
    kept = tensorsOf(made);
  } finally {
    state.batch = before;
    scope.end(kept);
  }
  return each(made, (tensor) => inside(tensor, batch));
}

function each(made: Result, f: (tensor: Tensor) => Tensor): Result {
  if (made instanceof Tensor) return f(made);
  if (made instanceof Array) return made.map(f);
  return Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, f(tensor)]));
}

/** The vmap furthest in that one of them is batched by. */
function innermost(tensors: readonly Tensor[]): Batch | null {
  let found: Batch | null = null;
  for (const tensor of tensors) {
    const batch = batchesOf(tensor).at(-1);
    if (batch !== undefined && (found === null || batch.depth > found.depth)) found = batch;
  }
  // Its handles have no device any more where it has ended.
  if (found !== null) void found.storage.bytes.device;
  return found;
}

function partsOf(input: Input, batch: Batch): BatchInput {
  if (input === undefined) return undefined;
  const one = (tensor: Tensor) => {
    if (tensor instanceof Batched && tensor.batches.at(-1) === batch) {
      return { tensor: outside(tensor), batched: true };
    }
    const own = isSmooth(tensor.dtype) && isTracked(tensor, batch);
    return own ? { tensor: lifted(tensor, batch), batched: true } : { tensor, batched: false };
  };
  return input instanceof Tensor ? one(input) : input.map(one);
}

/** Whether a tape that was made inside of the vmap asks for a gradient of each example. */
function isTracked(tensor: Tensor, batch: Batch): boolean {
  for (let { tape } = state; tape !== null; tape = tape.outer) {
    if (tape.batch?.isWithin(batch) && tape.tracks(tensor.whole)) return true;
  }
  return false;
}

/**
 * What is the same for all examples, once for each: for a tape inside of the
 * vmap each has its own gradient, for one outside they add up.
 */
function lifted(tensor: Tensor, batch: Batch): Tensor {
  const { whole } = tensor;
  const batches = batchesOf(tensor);
  const axis = batches.length;
  const { tape } = state;
  state.tape = null;
  const out = whole.expandDims(axis).broadcastTo(whole.shape.toSpliced(axis, 0, batch.size));
  state.tape = tape;
  for (let open = tape; open !== null; open = open.outer) {
    const op = open.batch?.isWithin(batch) ? forEach : forAll;
    open.record1(op, whole, { axis, batch }, out);
  }
  return batched(out, batches);
}

const lift = {
  inputs: { x: 'one' as const },
  spec: ({ x }: { x: Tensor }, { axis, batch }: Lift) => ({
    shape: x.shape.toSpliced(axis, 0, batch.size),
    dtype: x.dtype,
  }),
  saves: [],
};
interface Lift {
  readonly axis: number;
  readonly batch: Batch;
}
const forAll = ready('vmap', {
  ...lift,
  grad: { x: (g: Tensor, _: unknown, { axis }: Lift) => g.sum(axis) },
});
const forEach = ready('vmap', {
  ...lift,
  grad: {
    x: (g: Tensor, _: unknown, { axis, batch }: Lift) => {
      const order = g.shape.map((_, i) => (i === 0 ? axis : i <= axis ? i - 1 : i));
      const moved = g.transpose(order);
      return sorted(moved, [...batchesOf(moved), batch]);
    },
  },
});

/** The vmap furthest in for whose examples a random op runs: each draws its own numbers, also by what is the same for all. */
function drawing(found: Batch | null): Batch | null {
  for (let batch = state.batch; batch !== null && batch !== found; batch = batch.outer) {
    if (batch.randomness === 'different') return batch;
  }
  return found;
}

/** Random numbers of a shape: as many as the batch has, with one key. */
function isShaped(attrs: unknown): attrs is { readonly shape: Shape } {
  return Array.isArray((attrs as { readonly shape?: Shape }).shape);
}

/** The attributes of a random op for one of the examples, each of which draws by a key of its own. */
function keyed(attrs: unknown, { randomness }: Batch, i: number): unknown {
  const { key } = attrs as { readonly key?: Key };
  if (key === undefined || randomness === 'same') return attrs;
  return { ...(attrs as object), key: foldIn(key, i) };
}

/** What no rule knows: the op on each example. */
function oneByOne(call: BatchCall): Result {
  const { op, batch, attrs, inputs } = call;
  if (batch.size === 0) {
    const none = specsOf(call).map(({ shape, dtype }) => make([0, ...shape], dtype));
    return op.single ? none[0]! : none;
  }
  batch.looped.add(op.name);
  const made: Result[] = [];
  for (let i = 0; i < batch.size; i++) {
    const one = (part: { tensor: Tensor; batched: boolean }) =>
      part.batched ? part.tensor.slice([i], [1]).squeeze(0) : part.tensor;
    const given = inputs.map((input) =>
      input === undefined ? undefined : isPart(input) ? one(input) : input.map(one),
    );
    made.push(run(op, given, op.row.random === true ? keyed(attrs, batch, i) : attrs));
  }
  const lists = made.map(tensorsOf);
  const stacked = lists[0]!.map((first, k) => {
    const other = lists.find((list) => !sameShape(list[k]!.shape, first.shape));
    if (other === undefined) return first.stack(lists.slice(1).map((list) => list[k]!));
    throw new Error(
      `${op.name}: its result has the shape ${text(first.shape)} for one example of vmap and ${text(other[k]!.shape)} for another; a batch needs one shape for all`,
    );
  });
  let next = 0;
  return each(made[0]!, () => stacked[next++]!);
}
