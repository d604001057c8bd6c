import type { Batch } from './batch.ts';
import { filters, grouped } from './conv.ts';
import { bins, diagonals, segments } from './offset.ts';
import { order } from './order.ts';
import { sections } from './section.ts';
import {
  isPart,
  listed,
  repeated,
  specsOf,
  whole,
  type BatchCall,
  type BatchInput,
  type Part,
  type Rule,
} from './call.ts';
import type { Spec } from '../op.ts';
import { ready, type Ready } from '../ready.ts';
import { run } from '../run.ts';
import { broadcastAxes, sameShape, sizeOf, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The rules by which ops run once for a whole batch. Families of rows share a
 * rule; what none knows runs example by example (run.ts).
 */

/** The rule of a row, or null; `call` is what it is wanted for. */
export function ruleOf(call: BatchCall): Rule | null {
  const { op, inputs } = call;
  const { row, name } = op;
  if (typeof row.batch === 'function') return own;
  const family = row.batch ?? named[name] ?? name;
  if (family === 'loop') return null;
  if (families[family] !== undefined) return families[family];
  if (row.formula !== undefined) return inputs.length === 1 ? leading : broadcasting;
  return shiftedRule(call);
}

/** How a row runs under vmap, for the documents: once, once but for some attributes, example by example, or not, as each example has a result of another shape. */
export function vmapOf(name: string, row: Row): 'once' | 'mostly' | 'loop' | 'never' {
  const inputs = Object.keys(row.inputs);
  if (row.batch === 'loop') return 'loop';
  if (inputs.length === 0) return 'once';
  const sample = (row as Partial<Sampled>).samples?.[0];
  if (sample === undefined) return 'loop';
  const spec = (given: unknown): Spec =>
    Array.isArray(given)
      ? { shape: given, dtype: 'f32' }
      : { dtype: (given as Partial<Spec>).dtype ?? 'f32', shape: (given as Spec).shape };
  const op = ready(name, row);
  const given = inputs.map((input) => {
    const one = sample.in[input];
    if (one === undefined) return undefined;
    return row.inputs[input] === 'many' ? (one as unknown[]).map(spec) : spec(one);
  });
  let attrs: unknown;
  try {
    attrs = row.attrs?.(op.named(...given), ...(sample.args ?? [])) ?? {};
  } catch {
    // It asks for values, to know the shape of the result.
    return 'never';
  }
  if (row.compose !== undefined) return 'once';
  const parts = given.map(() => undefined);
  const rule = ruleOf({ op, inputs: parts, attrs, batch: { size: 1 } as Batch });
  if (rule === null) return 'loop';
  return rule === folding ? 'mostly' : 'once';
}
type Row = Ready['row'];
interface Sampled {
  readonly samples: readonly { in: { [input: string]: unknown }; args?: readonly unknown[] }[];
}

/** What acts on the last axes, or on each element: axes before are a batch as it is. */
const leading: Rule = ({ op, inputs, attrs, batch }) =>
  run(
    op,
    inputs.map((input) => whole(input, batch)),
    attrs,
  );

/** Inputs that broadcast against each other. */
const broadcasting: Rule = ({ op, inputs, attrs }) => run(op, aligned(inputs), attrs);

/** A row's own rule. */
const own: Rule = ({ op, inputs, attrs }) =>
  op.row.batch instanceof Function
    ? op.row.batch(
        op.named(
          ...inputs.map((input) =>
            input === undefined || isPart(input) ? input?.tensor : input.map((p) => p.tensor),
          ),
        ),
        op.named(
          ...inputs.map((input) =>
            input === undefined || isPart(input)
              ? input?.batched === true
              : input.some((p) => p.batched),
          ),
        ),
        attrs,
      )
    : null;

/** What treats the first axis of its first input as a batch already: the two become one. */
const folding: Rule = (call) => {
  const { op, inputs, attrs, batch } = call;
  const [first, ...others] = inputs as readonly (Part | undefined)[];
  if (!first!.batched || others.some((other) => other?.batched) || attrs.includeBatchInIndex) {
    return null;
  }
  const rest = others.map((other) => other?.tensor);
  const x = first!.tensor;
  const { strides } = attrs as { strides?: readonly number[] };
  const most = 2 + (strides?.length ?? 2);
  const alone = x.rank <= most;
  if (alone) return run(op, [x, ...rest], folded(attrs, batch.size, alone));
  const specs = specsOf(call);
  const made = run(
    op,
    [x.reshape([-1, ...x.shape.slice(2)]), ...rest],
    folded(attrs, batch.size, alone),
  );
  return eachOf(made, (tensor, i) => (tensor as Tensor).reshape([batch.size, ...specs[i]!.shape]));
};
/** Where a shape among the attributes has the batch in front; `alone` where one example is one image. */
function folded(attrs: any, size: number, alone: boolean): unknown {
  const { outputShape } = attrs as { outputShape?: Shape };
  if (outputShape === undefined) return attrs;
  const [first, ...rest] = outputShape;
  const shape = alone ? [size, ...outputShape] : [size * first!, ...rest];
  return { ...attrs, outputShape: shape };
}

/** What counts the axes of a batch among its attributes. */
const rows: Rule = ({ op, inputs, attrs, batch }) =>
  run(
    op,
    inputs.map((input) => whole(input, batch)),
    { ...attrs, batchDims: (attrs as { batchDims: number }).batchDims + 1 },
  );

const families: { readonly [name: string]: Rule } = {
  leading,
  broadcast: broadcasting,
  fold: folding,
  rows,
  order,
  sections,
  filters,
  segments,
  bins,
  diagonals,
  conv: (call) => folding(call) ?? grouped(call),
  matMul: (call) => {
    const [x, y] = call.inputs as readonly [Part, Part];
    const { transposeA } = call.attrs as { transposeA: boolean };
    if (!x.batched || y.batched || y.tensor.rank > 2 || transposeA) return broadcasting(call);
    // One matrix for all examples: one product of all rows.
    const { tensor } = x;
    const { shape } = specsOf(call)[0]!;
    if (tensor.size === 0) return broadcasting(call);
    const rows = tensor.reshape([tensor.size / tensor.shape.at(-1)!, tensor.shape.at(-1)!]);
    const made = run(call.op, [rows, y.tensor], call.attrs) as Tensor;
    return made.reshape([call.batch.size, ...shape]);
  },
  solve: (call) => {
    const [matrix, rhs] = call.inputs as readonly [Part, Part];
    if (rhs.tensor.rank > (rhs.batched ? 2 : 1)) return broadcasting(call);
    const column = { ...rhs, tensor: rhs.tensor.expandDims(-1) };
    return (broadcasting({ ...call, inputs: [matrix, column] }) as Tensor).squeeze(-1);
  },
  search: ({ op, inputs, attrs, batch }) => {
    const [sorted, values] = inputs as readonly [Part, Part];
    if (sorted.tensor.rank > (sorted.batched ? 2 : 1)) {
      const all = inputs.map((input) => whole(input, batch));
      return run(op, all, attrs);
    }
    // One row for all values of an example.
    if (!sorted.batched) return run(op, [sorted.tensor, values.tensor], attrs);
    const all = whole(values, batch) as Tensor;
    const rows = all.reshape([batch.size, sizeOf(all.shape.slice(1))]);
    return (run(op, [sorted.tensor, rows], attrs) as Tensor).reshape(all.shape);
  },
  biasAdd: ({ op, inputs, batch, attrs }) => {
    const [x, bias] = inputs as readonly [Part, Part];
    if (!bias.batched) return run(op, [x.tensor, bias.tensor], attrs);
    const { tensor } = bias;
    const shape = x.tensor.shape.slice(x.batched ? 1 : 0).map(() => 1);
    const apart = tensor.reshape([batch.size, ...shape.slice(1), tensor.shape[1]!]);
    return x.tensor.add(apart);
  },
  flatten: ({ inputs, batch }) => {
    const x = whole(inputs[0], batch) as Tensor;
    return x.reshape([batch.size, sizeOf(x.shape.slice(1))]);
  },
  broadcastTo: ({ inputs, attrs, batch }) => {
    const x = (inputs[0] as Part).tensor;
    const { shape } = attrs as { shape: Shape };
    const lead = new Array<number>(shape.length - x.rank + 1).fill(1);
    const apart = x.reshape([batch.size, ...lead, ...x.shape.slice(1)]);
    return apart.broadcastTo([batch.size, ...shape]);
  },
  sumTo: ({ inputs, attrs, batch }) => {
    const x = (inputs[0] as Part).tensor;
    const { shape } = attrs as { shape: Shape };
    const axes = broadcastAxes('sumTo', x.shape.slice(1), shape).map((axis) => axis + 1);
    return x.sum(axes).reshape([batch.size, ...shape]);
  },
  gather: ({ op, inputs, attrs, batch }) => {
    const [x, indices] = inputs as readonly [Part, Part];
    const { axis, batchDims } = attrs as { axis: number; batchDims: number };
    if (!indices.batched && batchDims === 0) {
      return run(op, [x.tensor, indices.tensor], { axis: axis + 1, batchDims });
    }
    if (!x.batched && batchDims === 0) {
      const made = run(op, [x.tensor, indices.tensor], attrs) as Tensor;
      return axis === 0 ? made : made.transpose(front(made.rank, axis));
    }
    const both = inputs.map((input) => whole(input, batch));
    return run(op, both, { axis: axis + 1, batchDims: batchDims + 1 });
  },
  scatterAdd: ({ op, inputs, attrs, batch }) => {
    const { shape, axis, batchDims } = attrs as { shape: Shape; axis: number; batchDims: number };
    const [x, indices] = inputs as readonly [Part, Part];
    if (!indices.batched && batchDims === 0) {
      return run(op, [x.tensor, indices.tensor], {
        shape: [batch.size, ...shape],
        axis: axis + 1,
        batchDims,
      });
    }
    return run(
      op,
      inputs.map((input) => whole(input, batch)),
      { shape: [batch.size, ...shape], axis: axis + 1, batchDims: batchDims + 1 },
    );
  },
  // A draw is a function of the place of its element; the same draws have the same place in each example.
  drawing: (call) => (call.batch.randomness === 'different' ? leading(call) : null),
  dropoutMask: ({ op, inputs, attrs, batch }) => {
    const x = (inputs[0] as Part).tensor;
    const { noiseShape } = attrs as { noiseShape: Shape };
    const same = batch.randomness === 'same';
    // Only its dtype is read.
    const made = run(op, [x], same ? attrs : { ...attrs, noiseShape: [batch.size, ...noiseShape] });
    return same ? repeated(made as Tensor, batch) : made;
  },
};

/** Rows that say nothing of themselves, and whose attributes do not say it either. */
const named: { readonly [name: string]: string } = {
  ...all('broadcast', 'where complex nextAfter prelu triangularSolve'),
  ...all(
    'leading',
    'cast clipByValue step gelu celu elu hardTanh leakyRelu relu6 polygamma bitwiseNot',
  ),
  ...all('leading', 'oneHot zerosLike onesLike fullLike identity stopGradient read'),
  ...all(
    'leading',
    'cholesky lu qr eigh svd inv pinv det slogdet expm matrixRank bandPart tril triu',
  ),
  ...all('leading', 'eig eigvals bitcast frame overlapAndAdd'),
  ...all('segments', 'unsortedSegmentMax unsortedSegmentMin unsortedSegmentProd'),
  ...all('leading', 'fft ifft rfft irfft fft2d ifft2d fft3d ifft3d'),
  ...all('leading', 'real imag conj angle ravelIndex inTopK'),
  ...all('rows', 'histogram broadcastArgs'),
  ...all('drawing', 'bernoulli poisson randomDirichlet multinomial categorical'),
  ...all('conv', 'conv2d conv2dTranspose conv3d conv3dTranspose'),
  ...all('filters', 'conv2dBackpropFilter conv3dBackpropFilter'),
  ...all('search', 'searchSorted lowerBound upperBound'),
  ...all('sections', 'stridedSlice stridedSliceGrad stridedSliceUpdate'),
  maxPoolWithArgmax: 'fold',
  bincount: 'bins',
  diagPart: 'diagonals',
};

function all(family: string, names: string): { readonly [name: string]: string } {
  return Object.fromEntries(names.split(' ').map((name) => [name, family]));
}

/** Attributes that name axes or positions along them, each moved past the axis of the batch. */
const shifts: { readonly [attr: string]: (value: any, size: number) => unknown } = {
  axis: (axis: number) => axis + 1,
  batchDims: (count: number) => count + 1,
  axes: (axes: readonly number[]) => axes.map((axis) => axis + 1),
  perm: (perm: readonly number[]) => [0, ...perm.map((axis) => axis + 1)],
  begin: (begin: Shape) => [0, ...begin],
  size: (size: Shape, batch) => [batch, ...size],
  paddings: (pairs: readonly (readonly number[])[]) => [[0, 0], ...pairs],
};

/** Those that are one number; the others are lists. */
const one = ['axis', 'batchDims'];

/** A row whose attributes are axes and positions runs with these moved, if its `spec` agrees. */
function shiftedRule({ op, inputs, attrs, batch }: BatchCall): Rule | null {
  const entries = Object.entries((attrs ?? {}) as object);
  const view = op.row.view !== undefined && inputs.length === 1;
  const known = entries.some(([key]) => key in shifts || (view && key === 'shape'));
  if (!known) return null;
  const moved: { [key: string]: unknown } = {};
  for (const [key, value] of entries) {
    if (key in shifts) {
      // A word of the same name may mean something else.
      if ((typeof value === 'number') !== one.includes(key)) return null;
      moved[key] = shifts[key]!(value, batch.size);
    } else if (view && key === 'shape') moved[key] = [batch.size, ...(value as Shape)];
    else if (typeof value === 'object' && value !== null) return null;
    else moved[key] = value;
  }
  return (call) => {
    const given = call.inputs.map((input) => whole(input, batch));
    const specs = specsOf(call);
    const found = listed(op.row.spec(op.named(...given), moved));
    const fits = found.every(({ shape }, i) => sameShape(shape, [batch.size, ...specs[i]!.shape]));
    return fits ? run(op, given, moved) : null;
  };
}

/** Axes of length 1 behind that of the batch, so that the others stand against each other from the right. */
function aligned(inputs: readonly BatchInput[]): readonly (Tensor | undefined)[] {
  const parts = inputs as readonly (Part | undefined)[];
  const ranks = parts.map((part) => (part ? part.tensor.rank - (part.batched ? 1 : 0) : 0));
  const most = Math.max(...ranks);
  return parts.map((part, i) => {
    if (!part?.batched || ranks[i] === most) return part?.tensor;
    const { shape } = part.tensor;
    const lead = new Array<number>(most - ranks[i]!).fill(1);
    return part.tensor.reshape([shape[0]!, ...lead, ...shape.slice(1)]);
  });
}

/** The order of axes that brings one of them to the front. */
export function front(rank: number, axis: number): readonly number[] {
  return [axis, ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis)];
}

function eachOf(made: unknown, f: (tensor: unknown, i: number) => unknown): unknown {
  if (typeof made !== 'object' || made === null) return made;
  if ('storage' in made) return f(made, 0);
  if (Array.isArray(made)) return made.map(f);
  return Object.fromEntries(Object.entries(made).map(([name, one], i) => [name, f(one, i)]));
}
