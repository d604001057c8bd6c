import { isComplexValue, type Complex } from './complex.ts';
import type { Device } from './device.ts';
import { textsOf } from './texts.ts';
import { bigWriter, caster } from './devices/plain/elements.ts';
import {
  complexOf,
  dtypes,
  isComplex,
  isInteger,
  promote,
  weakOf,
  widthOf,
  type DType,
} from './dtype.ts';
import { named } from './given.ts';
import type { Input } from './inputs.ts';
import { pressure, relieve } from './liveness.ts';
import { currentDevice } from './placement.ts';
import type { Ready } from './ready.ts';
import { make } from './run.ts';
import { sizeOf, text, type Shape } from './shape.ts';
import { blank, held, Tensor } from './tensor.ts';

/** Tensors out of what users write in their place: numbers, nested lists, typed arrays. */

/** Lists in lists, equally long on each level. */
export type Nested = readonly (number | bigint | boolean | string | Complex | Nested)[];
/** The values of a tensor as a user may write them. */
export type Values = number | bigint | boolean | string | Complex | Nested | TypedArray;
/** What an op takes as an input. A bare number, and numbers in a list, take the dtype of the tensors beside them. */
export type TensorLike = Tensor | Values;
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A new tensor of those values. */
export function made(
  op: string,
  values: Values,
  shape: Shape,
  dtype: DType,
  device: Device = currentDevice(),
): Tensor {
  const size = sizeOf(shape);
  const list = flat(values);
  const paired = isComplex(dtype) && isTyped(values);
  if (list.length !== (paired ? 2 * size : size)) {
    throw new Error(
      `${op}: ${list.length} values for the shape ${text(shape)} of ${size} elements${paired ? ', which take two each' : ''}`,
    );
  }
  if (!isComplex(dtype) && !isTyped(values) && list.some(isComplexValue)) {
    throw new Error(`${op}: complex values do not fit ${dtype}; c64 and c128 hold them`);
  }
  const tensor = make(shape, dtype, device);
  if (dtype === 'string') {
    const texts = textsOf(tensor);
    for (const value of list as readonly unknown[]) {
      if (typeof value === 'string') texts.push(value);
      else throw new Error(`${op}: ${named(value)} stands among texts`);
    }
    return tensor;
  }
  const array = device.array(tensor);
  if (array.constructor === list.constructor && dtype !== 'f16' && dtype !== 'bf16') {
    (array as Float32Array).set(list as Float32Array);
  } else if (isComplex(dtype)) {
    for (let i = 0; i < size; i++) {
      const value = paired ? { re: list[2 * i], im: list[2 * i + 1] } : list[i];
      const { re, im } = isComplexValue(value) ? value : { re: Number(value), im: 0 };
      array[2 * i] = re;
      array[2 * i + 1] = im;
    }
  } else {
    const [write, writeBig] = [caster(array, dtype), bigWriter(array, dtype)];
    for (let i = 0; i < size; i++) {
      const value = list[i];
      if (typeof value === 'bigint') writeBig(i, value);
      else write(i, Number(value));
    }
  }
  return tensor;
}

/** The shape of nested lists; throws where they are not equally long on each level. */
export function shapeOf(op: string, values: Values, texts = false): Shape {
  if (isTyped(values)) return [values.length];
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0])
    shape.push(level.length);
  const check = (value: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (texts && typeof value === 'string') return;
      if (!Array.isArray(value)) return number(op, value);
    } else if (Array.isArray(value) && value.length === shape[axis]) {
      for (const inner of value) check(inner, axis + 1);
      return;
    }
    const came = Array.isArray(value) ? `a list of ${value.length}` : String(value);
    const fits = axis === shape.length ? 'a number' : `a list of ${shape[axis]}`;
    throw new Error(`${op}: ${came} stands where the lists before have ${fits}`);
  };
  check(values, 0);
  return shape;
}

/** The dtype of values beside a tensor of dtype `partner`, or by themselves: f32, or bool, i64 for bigints, c64 for complex numbers. */
export function dtypeOfValues(op: string, values: Values, partner: DType | null): DType {
  if (isTyped(values)) return ofArray(values);
  if (isComplexValue(values)) return complexOf(op, partner ?? 'f32');
  if (typeof values === 'string') return 'string';
  if (!Array.isArray(values)) return weakOf(op, values as number, partner);
  const list = flat(values) as (number | bigint | boolean)[];
  if (list.length === 0) return partner ?? 'f32';
  if (typeof list[0] === 'string') return 'string';
  if (list.some(isComplexValue)) return complexOf(op, partner ?? 'f32');
  for (const value of list) if ((value as unknown) instanceof Tensor) number(op, value);
  const booleans = list.every((value) => typeof value === 'boolean');
  if (booleans) return 'bool';
  // The value that asks for most decides: a fraction makes the list a list of floats.
  const asked = list.map((value) => weakOf(op, Number(value), partner));
  if (list.some((value) => typeof value === 'bigint') && partner === null) return 'i64';
  return asked.includes('f32') ? 'f32' : asked[0]!;
}

/** A number beside a tensor, as a tensor of no axes that the caller must end: the commonest value by far, and the quickest. */
export function beside(op: Ready, value: number, partner: Tensor): Tensor {
  const dtype = weakOf(op.name, value, partner.dtype);
  const { device } = held(partner, op.name);
  if (pressure.due) relieve([partner]);
  const tensor = blank(device, noAxes, dtype, 1, widthOf(dtype));
  device.kernels.fill(tensor, value);
  return tensor;
}

/** The inputs of an op as tensors, where some were written as values. */
export function taken(op: Ready, given: readonly unknown[]): readonly Input[] {
  const { name, row } = op;
  let partner: DType | null = null;
  let device: Device | undefined;
  op.inputs.forEach((input, i) => {
    for (const value of op.lists[i] ? listed(op, i, given[i]) : [given[i]]) {
      if (!(value instanceof Tensor)) continue;
      device ??= held(value, name).device;
      if (row.literals?.[input] !== undefined) continue;
      partner = partner === null ? value.dtype : promote(name, partner, value.dtype);
    }
  });
  const one = (value: unknown, input: string): Tensor => {
    if (value instanceof Tensor) return value;
    const texts = partner === 'string';
    if (!isValues(value) && !(texts && typeof value === 'string')) throw unfit(name, input, value);
    const shape = shapeOf(`${name}: ${input}`, value, texts);
    const own = row.literals?.[input];
    if (own !== undefined && isInteger(own)) wholeNumbers(name, input, value);
    const dtype = own ?? dtypeOfValues(name, value, partner);
    return made(name, value, shape, dtype, device);
  };
  return op.inputs.map((input, i) => {
    const value = given[i];
    if (op.lists[i]) return listed(op, i, value).map((part, k) => one(part, `${input}[${k}]`));
    if ((value === undefined || value === null) && row.inputs[input] === 'maybe') return undefined;
    return one(value, input);
  });
}

function listed(op: Ready, i: number, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${op.name}: ${op.inputs[i]} is ${named(value)}; it must be a list of tensors`);
}

function isValues(value: unknown): value is Values {
  const type = typeof value;
  if (type === 'number' || type === 'bigint' || type === 'boolean') return true;
  return Array.isArray(value) || isTyped(value) || isComplexValue(value);
}

function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Positions are not rounded. */
function wholeNumbers(op: string, input: string, values: Values): void {
  for (const value of flat(values)) {
    if (typeof value !== 'number' || Number.isInteger(value)) continue;
    throw new Error(`${op}: ${value} among the ${input}; they must be whole numbers`);
  }
}

function unfit(op: string, input: string, value: unknown): Error {
  return new Error(
    `${op}: ${input} is ${named(value)}; it must be a tensor, a number or a nested list of numbers`,
  );
}

function number(op: string, value: unknown): void {
  const type = typeof value;
  if (type === 'number' || type === 'bigint' || type === 'boolean' || isComplexValue(value)) return;
  throw new Error(`${op}: ${named(value)} stands where a number must stand${joined(value)}`);
}

/** What makes one tensor of several. */
function joined(value: unknown): string {
  return value instanceof Tensor ? '; tf.stack([...]) makes one tensor of several' : '';
}

function flat(values: Values): TypedArray | readonly unknown[] {
  if (isTyped(values)) return values;
  return Array.isArray(values) ? values.flat(Infinity) : [values];
}

function ofArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Float64Array) return 'f64';
  if (array.constructor.name === 'Float16Array') return 'f16';
  const kind = (Object.keys(dtypes) as DType[]).find(
    (dtype) => dtype !== 'bool' && dtypes[dtype].array === array.constructor,
  );
  return kind ?? 'u8';
}

const noAxes: Shape = Object.freeze([]);
