// Declarations keep this line: so `using` has its types also where a project's own `lib` is older.
/// <reference lib="esnext.disposable" preserve="true" />
import { openCpu } from './devices/cpu/index.ts';
import { plain } from './devices/plain.ts';
import { functions } from './functions.ts';
import { instances, oracle } from './host/liveness.ts';
import { threads } from './host/threads.ts';
import { turbo } from './host/turbo.ts';
import { openDesk } from './inspect.ts';
import { census } from './liveness.ts';
import { supply } from './placement.ts';

/** Tapedeck's engine: eager tensors with a gradient tape. This file wires it and lists its names. */

supply('cpu', () => openCpu({ oracle: oracle(), threads, turbo }));
supply('plain', () => plain);
census.of = instances;
openDesk(functions, new URL('.', import.meta.url).href);

// Every op of the table by its name. `step` and `einsum`, exported below, go before the ops of these names: `step` is then a method only.
export * from './names.ts';

export { constant, eye, meshgrid, scalar, tensor } from './creation.ts';
export { Tensor } from './tensor.ts';
export { Variable, variable } from './variable.ts';
export { GradientTape } from './tape.ts';
export {
  grad,
  gradientTape,
  grads,
  valueAndGrad,
  valueAndGrads,
  variableGrads,
} from './transforms.ts';
export { customGrad } from './custom-grad.ts';
export { hessian, hvp, jacobian, jvp, vjp } from './directional.ts';
export { checkpoint } from './checkpoint-grad.ts';
export { vmap } from './vmap/vmap.ts';
export { Adam, Optimizer, SGD, train } from './optimizers.ts';
export { dispose, keep, tidy } from './tidy.ts';
export { memory } from './memory.ts';
export { scope } from './layer-scope.ts';
export { cond, scan, switchCase, whileLoop } from './control.ts';
export { hostCall } from './host-call.ts';
export { einsum } from './einsum/einsum.ts';
export { rnn } from './rnn.ts';
export { step } from './steps.ts';
export {
  foldIn,
  Generator,
  getRandomState,
  randomKey,
  setRandomState,
  setSeed,
  splitKey,
} from './random-state.ts';
export { backendInfo, listDevices, setDevice, setThreads, setTier } from './placement.ts';
export { setSweepLimit } from './liveness.ts';

export type { HostCallOptions } from './host-call.ts';
export type { Index } from './indexing/at.ts';
export type { DType, DTypeLike } from './dtype.ts';
export type { DeviceName, TierInfo } from './device.ts';
export type { Key, RandomState, Seed } from './random-state.ts';
export type { Shape } from './shape.ts';
export type { TensorLike, Values } from './literals.ts';
export type { TapeOptions } from './tape-options.ts';
export type { Break, Explanation, Reason, Step } from './explanation.ts';
export type { HeldTensor, Memory } from './memory.ts';
export type { BackendInfo } from './placement.ts';
