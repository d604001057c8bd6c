// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** One value in every element of a shape. The dtype is f32 for a number, bool for a boolean, i64 for a bigint and c64 for `{ re, im }` unless another is given. */
export const fill = functions.fill;
/** The same as `fill`, by its name in NumPy and PyTorch. */
export const full = functions.full;
/** One value in every element, in the shape of x and, unless another is given, in its dtype. (As `numpy.full_like`.) No gradient: the values of x do not count. */
export const fullLike = functions.fullLike;
/** `num` numbers at even distances from `start` to `stop`, both included; f32 unless another dtype is given. */
export const linspace = functions.linspace;
/**
 * `num` numbers from `base ** start` to `base ** stop`, both included, each by
 * the same factor after the one before; f32 unless another dtype is given. (As
 * `numpy.logspace`.)
 */
export const logspace = functions.logspace;
/** Ones of a shape; f32 unless another dtype is given. */
export const ones = functions.ones;
/** Ones of the shape and dtype of x. No gradient: the values of x do not count. */
export const onesLike = functions.onesLike;
/**
 * The numbers from `start` up to, but without, `stop`, `step` apart; f32 unless
 * another dtype is given. Bigints count in i64, exactly.
 */
export const range = functions.range;
/** Zeros of a shape; f32 unless another dtype is given. */
export const zeros = functions.zeros;
/** Zeros of the shape and dtype of x. No gradient: the values of x do not count. */
export const zerosLike = functions.zerosLike;
