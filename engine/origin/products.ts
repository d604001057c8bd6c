import {
  factors,
  filtered,
  list,
  one,
  positionOf,
  same,
  indexAt,
  along,
  type Cells,
  type Question,
  type Rule,
} from './cells.ts';
import type { Shape } from '../shape.ts';
import type { Sliding } from '../sliding.ts';

/** Sums of products: of matrices, and of windows that slide over images. */

/** A row of one matrix by a column of the other. */
const matMul: Rule = ({ inputs, attrs, index }) => {
  const { transposeA, transposeB } = attrs as Transposed;
  const [i, j] = index.slice(-2) as [number, number];
  const side = (input: number, across: boolean, place: number): Cells => {
    const { shape } = inputs[input]!;
    const batch = shape.slice(0, -2);
    const skipped = index.length - shape.length;
    const front = batch.map((n, axis) => (n === 1 ? 0 : index[skipped + axis]!));
    const rank = shape.length;
    // The axis that is summed over is the last one of the first side.
    const summed = across ? rank - 1 : rank - 2;
    return along(input, shape, across ? [...front, place, 0] : [...front, 0, place], [summed]);
  };
  return factors(side(0, !transposeA, i), side(1, transposeB, j));
};
interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface Convolution extends Sliding {
  readonly groups: number;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

/** An image, whatever the order of its axes and with or without a batch. */
interface Image {
  readonly shape: Shape;
  readonly space: Shape;
  readonly channels: number;
  at(batch: number, place: readonly number[], channel: number): number;
}

function image(shape: Shape, format: Convolution['dataFormat'], rank: number): Image {
  const full = shape.length === rank + 2 ? shape : [1, ...shape];
  const first = format === 'NCHW';
  return {
    shape: full,
    space: first ? full.slice(2) : full.slice(1, -1),
    channels: first ? full[1]! : full.at(-1)!,
    at: (batch, place, channel) =>
      positionOf(first ? [batch, channel, ...place] : [batch, ...place, channel], full),
  };
}

/** The place of an element in an image of that format. */
function placeIn(index: readonly number[], format: Convolution['dataFormat'], rank: number) {
  const full = index.length === rank + 2 ? index : [0, ...index];
  const first = format === 'NCHW';
  return {
    batch: full[0]!,
    place: first ? full.slice(2) : full.slice(1, -1),
    channel: first ? full[1]! : full.at(-1)!,
  };
}

/** All places of a window, or of an image. */
function* places(shape: Shape): Generator<readonly number[]> {
  const count = shape.reduce((a, b) => a * b, 1);
  for (let k = 0; k < count; k++) yield indexAt(k, shape);
}

function inside(place: readonly number[], space: Shape): boolean {
  return place.every((at, axis) => at >= 0 && at < space[axis]!);
}

/** Where an element of the window lies, for one step of it. */
function under(step: readonly number[], within: readonly number[], how: Sliding): number[] {
  return step.map(
    (at, axis) =>
      at * how.strides[axis]! - how.padding[axis]![0] + within[axis]! * how.dilations[axis]!,
  );
}

/** Of which step of the window that element lies there; null for none. */
function stepAt(
  place: readonly number[],
  within: readonly number[],
  how: Sliding,
  steps: Shape,
): number[] | null {
  const at = place.map(
    (p, axis) =>
      (p + how.padding[axis]![0] - within[axis]! * how.dilations[axis]!) / how.strides[axis]!,
  );
  return at.every(Number.isInteger) && inside(at, steps) ? at : null;
}

const conv =
  (rank: number): Rule =>
  ({ inputs, attrs, index }) => {
    const how = attrs as Convolution;
    const x = image(inputs[0]!.shape, how.dataFormat, rank);
    const filter = inputs[1]!.shape;
    const { batch, place, channel } = placeIn(index, how.dataFormat, rank);
    const each = filter[rank]!;
    const group = Math.floor((channel * how.groups) / filter[rank + 1]!);
    const [pixels, weights]: [number[], number[]] = [[], []];
    for (const within of places(filter.slice(0, rank))) {
      const at = under(place, within, how);
      if (!inside(at, x.space)) continue;
      for (let c = 0; c < each; c++) {
        pixels.push(x.at(batch, at, group * each + c));
        weights.push(positionOf([...within, c, channel], filter));
      }
    }
    return factors(list(0, pixels), list(1, weights));
  };

const convTranspose =
  (rank: number): Rule =>
  ({ inputs, attrs, index }) => {
    const how = attrs as Convolution;
    const y = image(inputs[0]!.shape, how.dataFormat, rank);
    const filter = inputs[1]!.shape;
    const { batch, place, channel } = placeIn(index, how.dataFormat, rank);
    const each = filter[rank]!;
    const outs = filter[rank + 1]! / how.groups;
    const group = Math.floor(channel / each);
    const [pixels, weights]: [number[], number[]] = [[], []];
    for (const within of places(filter.slice(0, rank))) {
      const at = stepAt(place, within, how, y.space);
      if (at === null) continue;
      for (let c = group * outs; c < (group + 1) * outs; c++) {
        pixels.push(y.at(batch, at, c));
        weights.push(positionOf([...within, channel - group * each, c], filter));
      }
    }
    return factors(list(0, pixels), list(1, weights));
  };

const convFilter =
  (rank: number): Rule =>
  ({ inputs, attrs, index, out }) => {
    const how = attrs as Convolution;
    const x = image(inputs[0]!.shape, how.dataFormat, rank);
    const g = image(inputs[1]!.shape, how.dataFormat, rank);
    const within = index.slice(0, rank);
    const [c, channel] = index.slice(rank) as [number, number];
    const group = Math.floor((channel * how.groups) / out.shape[rank + 1]!);
    const [pixels, gradients]: [number[], number[]] = [[], []];
    for (let batch = 0; batch < x.shape[0]!; batch++) {
      for (const step of places(g.space)) {
        const at = under(step, within, how);
        if (!inside(at, x.space)) continue;
        pixels.push(x.at(batch, at, group * out.shape[rank]! + c));
        gradients.push(g.at(batch, step, channel));
      }
    }
    return factors(list(0, pixels), list(1, gradients));
  };

/** The greatest under the window, or the element whose place the result is. */
const maxPool: Rule = (question: Question) => {
  const { inputs, attrs, index, out, slot } = question;
  const how = attrs as Pool;
  const [x] = inputs;
  const pixels = image(x!.shape, how.dataFormat, 2);
  const { batch, place, channel } = placeIn(index, how.dataFormat, 2);
  const value = out.value(positionOf(index, out.shape));
  if (slot === 1) {
    const of = [
      ...(how.includeBatchInIndex ? [pixels.shape[0]!] : []),
      ...pixels.space,
      pixels.channels,
    ];
    const at = indexAt(Number(value), of).slice(-3);
    return [one(0, pixels.at(batch, at.slice(0, 2), channel))];
  }
  const window: number[] = [];
  for (const within of places(how.filterSize)) {
    const at = under(place, within, how);
    if (inside(at, pixels.space)) window.push(pixels.at(batch, at, channel));
  }
  return [filtered(list(0, window), (at) => same(x!.value(at), value))];
};
interface Pool extends Convolution {
  readonly filterSize: Shape;
  readonly includeBatchInIndex: boolean;
}

export const products = {
  matMul,
  conv2d: conv(2),
  conv3d: conv(3),
  conv2dTranspose: convTranspose(2),
  conv3dTranspose: convTranspose(3),
  conv2dBackpropFilter: convFilter(2),
  conv3dBackpropFilter: convFilter(3),
  maxPoolWithArgmax: maxPool,
} satisfies { readonly [op: string]: Rule };
