// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * `softmax(query @ key^T * scale + mask) @ value` (Vaswani and others:
 * Attention Is All You Need, 2017): query is `[..., L, E]`, key `[..., S, E]`,
 * value `[..., S, V]`, and what stands before broadcasts. A mask of booleans
 * says who takes part, one of floats is added; it broadcasts to `[..., L, S]`.
 * `isCausal` lets position i see those up to i. `scale` is `1 / sqrt(E)` unless
 * given. `dropoutP` drops weights, `enableGqa` shares each head of key and
 * value among several of query (axis -3). Where a mask of booleans leaves
 * nobody, the result is 0. The order of arguments is PyTorch's.
 */
export const scaledDotProductAttention = functions.scaledDotProductAttention;
