import { functions } from '../functions.ts';
import type { TensorLike } from '../literals.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The sum of products that an equation says: `einsum('ij,jk->ik', a, b)` is a
 * matrix product, `einsum('ii->i', a)` a diagonal, `einsum('...ij->...ji', a)`
 * a transpose. See the op of that name.
 */
export function einsum(equation: string, ...tensors: readonly TensorLike[]): Tensor {
  return functions.einsum(tensors, equation);
}
