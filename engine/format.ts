import { reader, type Element } from './element.ts';
import { columns, digits } from './number-text.ts';
import { stridesOf, type Shape } from './shape.ts';
import { describe, type Tensor } from './tensor.ts';

/**
 * Tensors as text, as NumPy prints arrays: aligned columns, eight digits after
 * the point at most, and three items from each end where there are more than a
 * thousand in all. In front stand dtype, shape and device.
 */
export function print(tensor: Tensor): string {
  if (tensor.isDisposed) return `${describe(tensor)} (disposed)`;
  const title = `${describe(tensor)} ${tensor.device}`;
  const text = valueText(tensor);
  return text.includes('\n') ? `${title}\n${text}` : `${title} ${text}`;
}

/** The values alone. */
export function valueText(tensor: Tensor): string {
  const { shape, size } = tensor;
  if (size === 0) return '[]';
  const summary = size > THRESHOLD;
  const shown = shape.map((length) => indices(length, summary));
  const values = read(tensor, shown);
  if (shape.length === 0) return digits(values[0]!, tensor.dtype);
  const words = columns(values, tensor.dtype);
  let next = 0;
  const word = (): string => words[next++]!;
  return block(shape, 0, summary, ' ', WIDTH, word);
}

const THRESHOLD = 1000;
const EDGE = 3;
const WIDTH = 75;

/** The positions along an axis that are shown. */
function indices(length: number, summary: boolean): readonly number[] {
  const all = Array.from({ length: Math.min(length, isCut(length, summary) ? 2 * EDGE : length) });
  return all.map((_, i) => (isCut(length, summary) && i >= EDGE ? length - 2 * EDGE + i : i));
}

function isCut(length: number, summary: boolean): boolean {
  return summary && length > 2 * EDGE;
}

function read(tensor: Tensor, shown: readonly (readonly number[])[]): Element[] {
  const { offset } = tensor;
  const strides = stridesOf(tensor);
  const at = reader(tensor);
  const values: Element[] = [];
  const walk = (axis: number, position: number): void => {
    if (axis === shown.length) values.push(at(position));
    else for (const i of shown[axis]!) walk(axis + 1, position + i * strides[axis]!);
  };
  walk(0, offset);
  return values;
}

/** One level of brackets. `indent` is what stands before its lines, `width` what a line may take. */
function block(
  shape: Shape,
  axis: number,
  summary: boolean,
  indent: string,
  width: number,
  word: () => string,
): string {
  if (axis === shape.length) return word();
  const length = shape[axis]!;
  const shown = indices(length, summary).length;
  const inner = (): string => block(shape, axis + 1, summary, indent + ' ', width - 1, word);
  const items: string[] = [];
  for (let i = 0; i < shown; i++) {
    if (isCut(length, summary) && i === EDGE) items.push('...');
    items.push(inner());
  }
  if (axis < shape.length - 1) {
    return `[${items.join('\n'.repeat(shape.length - axis - 1) + indent)}]`;
  }
  let text = '';
  let line = indent;
  items.forEach((item, i) => {
    // A line is not broken where that would not help.
    if (line.length + item.length > width - 1 && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i === items.length - 1 ? item : `${item} `;
  });
  return `[${(text + line).slice(indent.length)}]`;
}
