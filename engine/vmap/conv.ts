import { repeated, type BatchCall, type Part, type Rule } from './call.ts';
import type { Convolved } from '../convolution.ts';
import { run } from '../run.ts';
import type { Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Convolutions where each example of a batch has a filter of its own: the
 * examples lie side by side along the channels, as groups that do not meet.
 */

/** `conv2d` and `conv2dTranspose`: from images and filters to images. */
export const grouped: Rule = ({ op, inputs, attrs, batch }) => {
  const [x, filter] = inputs.map((input) => whole(input as Part, batch)) as [Tensor, Tensor];
  const channel = channelOf(attrs as Convolved);
  const made = run(op, [joined(x, channel), joined(filter, 1)], wider(attrs, batch.size));
  return parted(made as Tensor, channel, batch.size);
};

/** `conv2dBackpropFilter`: from images and images to filters. */
export const filters: Rule = ({ op, inputs, attrs, batch }) => {
  const channel = channelOf(attrs as Convolved);
  const images = inputs.map((input) => joined(whole(input as Part, batch), channel));
  return parted(run(op, images, wider(attrs, batch.size)) as Tensor, 1, batch.size);
};

function whole({ tensor, batched }: Part, batch: BatchCall['batch']): Tensor {
  return batched ? tensor : repeated(tensor, batch);
}

/** The examples in front as so many times the channels. */
function joined(x: Tensor, fromEnd: number): Tensor {
  const at = x.rank - 1 - fromEnd;
  const perm = x.shape.map((_, i) => (i < at ? i + 1 : i === at ? 0 : i));
  const shape = x.shape.slice(1);
  return x.transpose(perm).reshape(shape.with(at, x.shape[0]! * shape[at]!));
}

/** The way back. */
function parted(x: Tensor, fromEnd: number, size: number): Tensor {
  const at = x.rank - fromEnd;
  const apart = x.reshape(x.shape.toSpliced(at, 1, size, x.shape[at]! / size));
  return apart.transpose(apart.shape.map((_, i) => (i === 0 ? at : i <= at ? i - 1 : i)));
}

/** How many axes from the end the channels lie. */
function channelOf({ dataFormat, strides }: Convolved): number {
  return dataFormat === 'NHWC' ? 1 : strides.length + 1;
}

type Shapes = Convolved & { readonly outputShape?: Shape; readonly filterShape?: Shape };

function wider(attrs: Shapes, size: number): Shapes {
  const { groups, outputShape, filterShape } = attrs;
  const times = (shape: Shape, at: number): Shape => shape.with(at, size * shape[at]!);
  return {
    ...attrs,
    groups: groups * size,
    ...(outputShape && {
      outputShape: times(outputShape, outputShape.length - channelOf(attrs)),
    }),
    ...(filterShape && { filterShape: times(filterShape, filterShape.length - 1) }),
  };
}
