import { axes } from './axes.ts';
import { any, one, type Question, type Rule } from './cells.ts';
import { elements, elementwise, nothing } from './elements.ts';
import { moves } from './moves.ts';
import type { Buf } from '../device.ts';
import { products } from './products.ts';
import type { Ready } from '../ready.ts';
import { sizeOf } from '../shape.ts';

/**
 * Where the elements of results come from: for every op that computes, which
 * elements of its inputs feed one of its result. Formulas and views say so by
 * themselves, ops written in others by those (inner.ts).
 */
export const rules: { readonly [op: string]: Rule | undefined } = {
  ...elements,
  ...axes,
  ...products,
  ...moves,
  accumulate: elementwise,
};

/** Null where the op is to be asked for what it is made of. */
export function ruleOf({ name, row }: Pick<Ready, 'name' | 'row'>): Rule | null {
  const own = rules[name];
  if (own !== undefined) return own;
  if (row.formula !== undefined) return elementwise;
  if (row.view !== undefined) return seen(row.view);
  if (Object.keys(row.inputs).length === 0) return nothing;
  return row.compose === undefined ? unknown : null;
}

/** A view of dense elements says by its strides where each of its own lies. */
function seen(view: NonNullable<Ready['row']['view']>): Rule {
  return ({ inputs: [x], attrs, index }: Question) => {
    const { shape, dtype } = x!;
    const dense = { shape, dtype, size: sizeOf(shape), offset: 0, strides: null };
    const { offset, strides } = view(dense as unknown as Buf, attrs)!;
    return [
      one(
        0,
        index.reduce((at, i, axis) => at + i * strides[axis]!, offset),
      ),
    ];
  };
}

/** Nobody has said how its elements come about. */
export const unknown: Rule = ({ inputs }) => inputs.map((given, input) => any(input, given));
