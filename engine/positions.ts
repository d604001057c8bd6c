import { made } from './literals.ts';
import { held, type Tensor } from './tensor.ts';

/** Whole numbers as an i32 tensor of one axis on the device of another tensor: what composite ops pick by. */
export function positions(op: string, list: Int32Array, beside: Tensor): Tensor {
  return made(op, list, [list.length], 'i32', held(beside, op).device);
}
