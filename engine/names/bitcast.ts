// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The same bits read as another dtype. One of as many bytes leaves the shape; elements are cut into smaller ones along a
 * new last axis, and smaller ones that fill the last axis become one: f64 `[3]` is u8 `[3,8]`, and back. The first byte
 * is the lowest. No gradient: bits have none. (As `tf.bitcast` of TensorFlow; f16 and bf16 go with their own bits.)
 */
export const bitcast = functions.bitcast;
