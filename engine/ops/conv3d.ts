import type { VolumeFormat } from '../convolution.ts';
import {
  backpropagatesFilter,
  convolves,
  transposes,
  type Convolution,
  type FilterGradient,
  type Transposed,
} from '../convolving.ts';

// Convolutions of volumes.

/**
 * Slides a filter `[depth, height, width, channels in / groups, channels out]`
 * over volumes `[batch, depth, height, width, channels]` (or one without the
 * batch); see `conv2d`. `dataFormat: 'NCDHW'` has the channels before the
 * spatial axes.
 */
export const conv3d: Convolution<VolumeFormat> = {
  ...convolves('conv3d', 'NDHWC'),
  samples: [
    { in: { x: [2, 3, 4, 3, 2], filter: [2, 2, 3, 2, 3] } },
    { in: { x: [1, 3, 3, 3, 1], filter: [2, 2, 2, 1, 2] }, args: [2, 'same'] },
    { in: { x: [3, 3, 2, 1], filter: [2, 1, 2, 1, 1] }, args: [[1, 2, 1], 1] },
    {
      in: { x: [1, 4, 3, 3, 2], filter: [2, 2, 2, 2, 2] },
      args: [1, 'valid', 'NCDHW', [2, 1, 1], 'floor', 2],
    },
  ],
  errors: [
    {
      in: { x: [1, 4, 4, 4, 3], filter: [2, 2, 2, 2, 4] },
      says: 'conv3d: the filter [2,2,2,2,4] reads 2 channels, x [1,4,4,4,3] has 3 (NDHWC)',
    },
    { in: { x: [1, 4, 4, 3], filter: [2, 2, 3, 4] }, says: 'it must have 5 axes, [depth, height,' },
    {
      in: { x: [1, 4, 4, 4, 3], filter: [2, 2, 2, 3, 4] },
      args: [1, 'same', 'NHWC' as 'NDHWC'],
      says: 'conv3d: no data format is called NHWC; take NDHWC or NCDHW',
    },
  ],
};

/**
 * The gradient of `conv3d` with respect to its input, which spreads x over
 * `outputShape` by the filter `[depth, height, width, channels out / groups,
 * channels in]`; see `conv2dTranspose`.
 */
export const conv3dTranspose: Transposed<VolumeFormat> = {
  ...transposes('conv3dTranspose', 'NDHWC'),
  samples: [
    { in: { x: [1, 2, 2, 2, 2], filter: [2, 2, 2, 1, 2] }, args: [[1, 3, 3, 3, 1]] },
    { in: { x: [2, 2, 1, 2, 1], filter: [2, 2, 2, 2, 1] }, args: [[2, 4, 2, 3, 2], 2, 'same'] },
    {
      in: { x: [1, 2, 2, 2, 1], filter: [1, 2, 2, 1, 2] },
      args: [[1, 1, 2, 3, 2], 1, 0, 'floor', 'NCDHW'],
    },
  ],
  errors: [
    {
      in: { x: [1, 2, 2, 2, 2], filter: [2, 2, 2, 1, 2] },
      args: [[1, 4, 3, 3, 1]],
      says: 'conv3dTranspose: a convolution of [1,4,3,3,1] by the filter [2,2,2,1,2] has the shape',
    },
  ],
};

/** The gradient of `conv3d` with respect to its filter, from its input and the gradient `g` of its result. */
export const conv3dBackpropFilter: FilterGradient<VolumeFormat> = {
  ...backpropagatesFilter('conv3dBackpropFilter', 'NDHWC'),
  samples: [
    { in: { x: [1, 3, 3, 3, 1], g: [1, 2, 2, 2, 2] }, args: [[2, 2, 2, 1, 2]] },
    {
      in: { x: [2, 2, 3, 3, 2], g: [2, 1, 2, 2, 1] },
      args: [[2, 2, 2, 2, 1], 1, 0, 'NCDHW'],
    },
  ],
  errors: [
    {
      in: { x: [1, 3, 3, 3, 1], g: [1, 2, 2, 2, 1] },
      args: [[2, 2, 2, 1, 2]],
      says: 'has the shape [1,2,2,2,2]; that of g is [1,2,2,2,1]',
    },
  ],
};
