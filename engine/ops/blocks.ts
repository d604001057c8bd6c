import type { One, Op, T } from '../op.ts';
import { checkShape, sizeOf, text, type Shape } from '../shape.ts';

// Blocks of space, moved to the batch or to the channels and back.

type Pairs = readonly (readonly [number, number])[];
type Format = 'NHWC' | 'NCHW';
export interface Blocks {
  readonly blockShape: Shape;
  readonly pairs: Pairs;
}

/**
 * Cuts the axes behind the first into blocks, after padding them with zeros,
 * and puts each place in a block into a batch of its own: of
 * `[batch, ...space, ...rest]` it makes `[batch * blocks, ...space / block, ...rest]`.
 */
export const spaceToBatchND: Op<
  { x: One },
  [x: T],
  [blockShape: Shape, paddings: Pairs],
  Blocks,
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, blockShape, paddings) => {
    const blocks = blocksOf('spaceToBatchND', x.shape, blockShape, paddings, 'paddings');
    padded(x.shape, blocks).forEach((n, i) => {
      const block = blocks.blockShape[i - 1];
      if (block === undefined || n % block === 0) return;
      throw new Error(
        `spaceToBatchND: axis ${i} of ${text(x.shape)} has ${n} elements with its padding, which blocks of ${block} do not divide`,
      );
    });
    return blocks;
  },
  spec: ({ x }, blocks) => ({ shape: batched(x.shape, blocks), dtype: x.dtype }),
  compose: ({ x }, blocks) => {
    const { blockShape, pairs } = blocks;
    const wide = padded(x.shape, blocks);
    const rest = wide.slice(blockShape.length + 1);
    const none = rest.map(() => [0, 0] as const);
    const whole = pairs.flat().every((n) => n === 0) ? x : x.pad([[0, 0], ...pairs, ...none]);
    const cut = blockShape.flatMap((block, i) => [wide[i + 1]! / block, block]);
    const order = [
      ...blockShape.map((_, i) => 2 * i + 2),
      0,
      ...blockShape.map((_, i) => 2 * i + 1),
      ...rest.map((_, i) => 2 * blockShape.length + 1 + i),
    ];
    return whole
      .reshape([wide[0]!, ...cut, ...rest])
      .transpose(order)
      .reshape(batched(x.shape, blocks));
  },
  samples: [
    {
      in: { x: [1, 4, 2, 3] },
      args: [
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ],
    },
    { in: { x: [2, 3, 1] }, args: [[2], [[1, 0]]] },
  ],
  errors: [
    {
      in: { x: [1, 3, 2] },
      args: [[2], [[0, 0]]],
      says: 'spaceToBatchND: axis 1 of [1,3,2] has 3 elements with its padding, which blocks of 2 do not divide',
    },
    { in: { x: [1, 4] }, args: [[2], []], says: 'spaceToBatchND: 0 paddings for 1 blocks' },
    {
      in: { x: [4] },
      args: [[2], [[0, 0]]],
      says: 'spaceToBatchND: 1 blocks in [4]; there must be an axis for each behind the batch',
    },
  ],
};

/** Takes back what `spaceToBatchND` did, and cuts `crops[i] = [before, after]` elements off the axes. */
export const batchToSpaceND: Op<
  { x: One },
  [x: T],
  [blockShape: Shape, crops: Pairs],
  Blocks,
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, blockShape, crops) => {
    const blocks = blocksOf('batchToSpaceND', x.shape, blockShape, crops, 'crops');
    const all = sizeOf(blocks.blockShape);
    if (x.shape[0]! % all !== 0) {
      throw new Error(
        `batchToSpaceND: the batch of ${text(x.shape)} cannot be shared out to ${all} places of blocks ${text(blockShape)}`,
      );
    }
    blocks.pairs.forEach(([before, after], i) => {
      const n = x.shape[i + 1]! * blocks.blockShape[i]!;
      if (before + after <= n) return;
      throw new Error(
        `batchToSpaceND: ${before} and ${after} elements cannot be cut off the ${n} of axis ${i + 1}`,
      );
    });
    return blocks;
  },
  spec: ({ x }, blocks) => ({
    shape: spaced(x.shape, blocks).map((n, i) => n - (total(blocks.pairs[i - 1]) ?? 0)),
    dtype: x.dtype,
  }),
  compose: ({ x }, blocks) => {
    const { blockShape, pairs } = blocks;
    const m = blockShape.length;
    const whole = spaced(x.shape, blocks);
    const rest = x.shape.slice(m + 1);
    const order = [
      m,
      ...blockShape.flatMap((_, i) => [m + 1 + i, i]),
      ...rest.map((_, i) => 2 * m + 1 + i),
    ];
    return x
      .reshape([...blockShape, whole[0]!, ...x.shape.slice(1)])
      .transpose(order)
      .reshape(whole)
      .slice(
        [0, ...pairs.map(([before]) => before)],
        [whole[0]!, ...pairs.map((pair, i) => whole[i + 1]! - total(pair)!)],
      );
  },
  samples: [
    {
      in: { x: [4, 2, 1, 3] },
      args: [
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ],
    },
    { in: { x: [4, 2, 1] }, args: [[2], [[1, 0]]] },
  ],
  errors: [
    {
      in: { x: [3, 2] },
      args: [[2], [[0, 0]]],
      says: 'batchToSpaceND: the batch of [3,2] cannot be shared out to 2 places of blocks [2]',
    },
    {
      in: { x: [2, 2] },
      args: [[2], [[3, 2]]],
      says: 'batchToSpaceND: 3 and 2 elements cannot be cut off the 4 of axis 1',
    },
  ],
};

type Block = Op<
  { x: One },
  [x: T],
  [blockSize: number, dataFormat?: Format],
  { blockSize: number; dataFormat: Format },
  One
>;

/** Moves channels into space: of `[batch, h, w, c]` it makes `[batch, h * b, w * b, c / b²]` for blocks of b times b. */
export const depthToSpace: Block = {
  inputs: { x: 'one' },
  attrs: ({ x }, blockSize, dataFormat = 'NHWC') => {
    const { c } = imageOf('depthToSpace', x.shape, blockSize, dataFormat);
    if (c % blockSize ** 2 === 0) return { blockSize, dataFormat };
    throw new Error(
      `depthToSpace: the ${c} channels of ${text(x.shape)} cannot be shared out to blocks of ${blockSize} by ${blockSize}`,
    );
  },
  spec: ({ x }, { blockSize: b, dataFormat }) => {
    const { n, h, w, c } = imageOf('depthToSpace', x.shape, b, dataFormat);
    return { shape: shaped(n, h * b, w * b, c / b ** 2, dataFormat), dtype: x.dtype };
  },
  compose: ({ x }, { blockSize: b, dataFormat }) => {
    const { n, h, w, c } = imageOf('depthToSpace', x.shape, b, dataFormat);
    const less = c / b ** 2;
    const turned =
      dataFormat === 'NHWC'
        ? x.reshape([n, h, w, b, b, less]).transpose([0, 1, 3, 2, 4, 5])
        : x.reshape([n, b, b, less, h, w]).transpose([0, 3, 4, 1, 5, 2]);
    return turned.reshape(shaped(n, h * b, w * b, less, dataFormat));
  },
  samples: [
    { in: { x: [1, 2, 3, 8] }, args: [2] },
    { in: { x: [2, 4, 1, 2] }, args: [2, 'NCHW'] },
  ],
  errors: [
    {
      in: { x: [1, 2, 2, 3] },
      args: [2],
      says: 'depthToSpace: the 3 channels of [1,2,2,3] cannot be shared out to blocks of 2 by 2',
    },
    { in: { x: [2, 2] }, args: [2], says: 'depthToSpace: [2,2] is no batch of images' },
    { in: { x: [1, 1, 1, 4] }, args: [0], says: 'depthToSpace: blocks of 0; ' },
  ],
};

/** Moves space into channels: of `[batch, h, w, c]` it makes `[batch, h / b, w / b, c * b²]`; takes back what `depthToSpace` did. (TensorFlow's.) */
export const spaceToDepth: Block = {
  inputs: { x: 'one' },
  attrs: ({ x }, blockSize, dataFormat = 'NHWC') => {
    const { h, w } = imageOf('spaceToDepth', x.shape, blockSize, dataFormat);
    if (h % blockSize === 0 && w % blockSize === 0) return { blockSize, dataFormat };
    throw new Error(
      `spaceToDepth: an image of ${h} by ${w} cannot be cut into blocks of ${blockSize} by ${blockSize}`,
    );
  },
  spec: ({ x }, { blockSize: b, dataFormat }) => {
    const { n, h, w, c } = imageOf('spaceToDepth', x.shape, b, dataFormat);
    return { shape: shaped(n, h / b, w / b, c * b ** 2, dataFormat), dtype: x.dtype };
  },
  compose: ({ x }, { blockSize: b, dataFormat }) => {
    const { n, h, w, c } = imageOf('spaceToDepth', x.shape, b, dataFormat);
    const turned =
      dataFormat === 'NHWC'
        ? x.reshape([n, h / b, b, w / b, b, c]).transpose([0, 1, 3, 2, 4, 5])
        : x.reshape([n, c, h / b, b, w / b, b]).transpose([0, 3, 5, 1, 2, 4]);
    return turned.reshape(shaped(n, h / b, w / b, c * b ** 2, dataFormat));
  },
  samples: [
    { in: { x: [1, 4, 2, 3] }, args: [2] },
    { in: { x: [2, 1, 2, 4] }, args: [2, 'NCHW'] },
  ],
  errors: [
    {
      in: { x: [1, 3, 2, 1] },
      args: [2],
      says: 'spaceToDepth: an image of 3 by 2 cannot be cut into blocks of 2 by 2',
    },
  ],
};

function blocksOf(op: string, shape: Shape, blockShape: Shape, pairs: Pairs, what: string): Blocks {
  const own = checkShape(op, blockShape);
  if (own.includes(0)) throw new Error(`${op}: blocks ${text(own)}; they must hold something`);
  if (own.length >= shape.length) {
    throw new Error(
      `${op}: ${own.length} blocks in ${text(shape)}; there must be an axis for each behind the batch`,
    );
  }
  const list = Array.isArray(pairs) ? pairs : [];
  if (list.length !== own.length || list.some((pair) => pair?.length !== 2)) {
    throw new Error(
      `${op}: ${list.length} ${what} for ${own.length} blocks; there must be a pair [before, after] for each`,
    );
  }
  checkShape(op, list.flat());
  return { blockShape: own, pairs: list.map(([before, after]) => [before, after] as const) };
}

function padded(shape: Shape, { pairs }: Blocks): Shape {
  return shape.map((n, i) => n + (total(pairs[i - 1]) ?? 0));
}

function batched(shape: Shape, blocks: Blocks): Shape {
  const { blockShape } = blocks;
  const wide = padded(shape, blocks);
  return wide.map((n, i) => (i === 0 ? n * sizeOf(blockShape) : n / (blockShape[i - 1] ?? 1)));
}

/** What batches make when each place of a block has one, before anything is cut off. */
function spaced(shape: Shape, { blockShape }: Blocks): Shape {
  return shape.map((n, i) => (i === 0 ? n / sizeOf(blockShape) : n * (blockShape[i - 1] ?? 1)));
}

function total(pair: readonly [number, number] | undefined): number | undefined {
  return pair === undefined ? undefined : pair[0] + pair[1];
}

function imageOf(op: string, shape: Shape, blockSize: number, dataFormat: Format) {
  if (shape.length !== 4) {
    throw new Error(`${op}: ${text(shape)} is no batch of images; there must be four axes`);
  }
  if (!(Number.isInteger(blockSize) && blockSize >= 1)) {
    throw new Error(`${op}: blocks of ${blockSize}; their size must be a whole number from 1`);
  }
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW') {
    throw new Error(
      `${op}: no data format is called '${String(dataFormat)}'; there are NHWC, NCHW`,
    );
  }
  const [n, ...rest] = shape as [number, number, number, number];
  const [h, w, c] = dataFormat === 'NHWC' ? rest : [rest[1]!, rest[2]!, rest[0]!];
  return { n, h, w, c };
}

function shaped(n: number, h: number, w: number, c: number, dataFormat: Format): Shape {
  return dataFormat === 'NHWC' ? [n, h, w, c] : [n, c, h, w];
}
