// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** One value in every element of a shape; f32 unless another dtype is given. (TensorFlow.js calls it `fill`.) */
export const full = functions.full;
/** `num` numbers at even distances from `start` to `stop`, both included, in f32. */
export const linspace = functions.linspace;
/** Ones of a shape; f32 unless another dtype is given. */
export const ones = functions.ones;
/** Ones of the shape and dtype of x. */
export const onesLike = functions.onesLike;
/** The numbers from `start` up to, but without, `stop`, `step` apart; f32 unless another dtype is given. */
export const range = functions.range;
/** Zeros of a shape; f32 unless another dtype is given. */
export const zeros = functions.zeros;
/** Zeros of the shape and dtype of x. */
export const zerosLike = functions.zerosLike;
