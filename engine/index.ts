import { openCpu } from './devices/cpu/index.ts';
import { plain } from './devices/plain.ts';
import { functions } from './functions.ts';
import { oracle } from './host/liveness.ts';
import { supply } from './placement.ts';

/** Tapedeck's engine: eager tensors with a gradient tape. This file wires it and lists its names. */

supply('cpu', () => openCpu({ oracle: oracle() }));
supply('plain', () => plain);

// Every op of the table (engine/ops); test/engine/index.test.ts holds this list against it. The row `step` is a method
// only, as `tf.step` counts training steps.
export const {
  abs,
  add,
  all,
  any,
  argMax,
  argMin,
  argSort,
  biasAdd,
  broadcastTo,
  cast,
  ceil,
  clipByValue,
  clone,
  concat,
  cos,
  div,
  dot,
  dropout,
  dropoutMask,
  equal,
  exp,
  expandDims,
  expm1,
  flatten,
  floor,
  floorDiv,
  full,
  gather,
  greater,
  greaterEqual,
  identity,
  isFinite,
  isInf,
  isNaN,
  layerNorm,
  less,
  lessEqual,
  linspace,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  matMul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mod,
  mul,
  neg,
  notEqual,
  oneHot,
  ones,
  onesLike,
  pad,
  pow,
  prod,
  randomNormal,
  randomUniform,
  range,
  reciprocal,
  relu,
  reshape,
  reverse,
  round,
  rsqrt,
  scatterAdd,
  sigmoid,
  sigmoidCrossEntropy,
  sign,
  sin,
  slice,
  softmax,
  softmaxCrossEntropy,
  softplus,
  sparseSoftmaxCrossEntropy,
  split,
  sqrt,
  square,
  squaredDifference,
  squeeze,
  stack,
  stopGradient,
  sub,
  sum,
  sumTo,
  tan,
  tanh,
  tile,
  topk,
  transpose,
  unstack,
  where,
  zeros,
  zerosLike,
} = functions;

export { eye, scalar, tensor } from './creation.ts';
export { Tensor } from './tensor.ts';
export { Variable, variable } from './variable.ts';
export { GradientTape, gradientTape } from './tape.ts';
export { grad, grads, valueAndGrad, valueAndGrads, variableGrads } from './transforms.ts';
export { customGrad } from './custom-grad.ts';
export { Adam, Optimizer, SGD, train } from './optimizers.ts';
export { dispose, keep, tidy } from './tidy.ts';
export { memory } from './memory.ts';
export { scope } from './layer-scope.ts';
export { step } from './steps.ts';
export { setSeed } from './random-state.ts';
export { listDevices, setDevice } from './placement.ts';

export type { DType, DTypeLike } from './dtype.ts';
export type { DeviceName } from './device.ts';
export type { Shape } from './shape.ts';
export type { TensorLike, Values } from './literals.ts';
export type { TapeOptions } from './tape.ts';
export type { Memory } from './memory.ts';
