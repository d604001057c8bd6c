/**
 * Parts of tensors as they are typed. `x[0, :]` is not JavaScript; it stands for
 * `x.at('0, :')`, which is what the program itself would write.
 */
import { parseExpressionAt, type Expression } from 'acorn';

/** Text that is JavaScript, with NumPy's brackets spelled as calls; what needs none stays as it is. */
export function spelled(text: string): string {
  let code = text;
  // From the innermost on; each is spelled once.
  for (let from = code.length; from > 0;) {
    from = code.lastIndexOf('[', from - 1);
    if (from < 0) return code;
    const to = closing(code, from);
    const inside = to < 0 ? '' : code.slice(from + 1, to);
    if (!/[\w$\])]\s*$/.test(code.slice(0, from)) || !isSection(inside)) continue;
    code = `${code.slice(0, from)}.at('${inside.trim()}')${code.slice(to + 1)}`;
  }
  return code;
}

/** Positions and slices, `0, 1:3, ...`; one position alone is JavaScript. */
function isSection(inside: string): boolean {
  const parts = inside.split(',').map((part) => part.trim());
  const fits = /^(-?\d+|(-?\d+)?\s*:\s*(-?\d+)?(\s*:\s*(-?\d+)?)?|\.\.\.)$/;
  return parts.every((part) => fits.test(part)) && (parts.length > 1 || !/^\d+$/.test(parts[0]!));
}

function closing(text: string, from: number): number {
  const to = text.indexOf(']', from);
  return text.slice(from + 1, to).includes('[') ? -1 : to;
}

/** `x.at('0, :') = value` and `x.at('0, :').assign(value)`: of what, which part, and the value; null for anything else. */
export function sectionOf(
  text: string,
): { readonly of: string; readonly at: string; readonly value: string } | null {
  for (let i = text.indexOf('='); i > 0; i = text.indexOf('=', i + 1)) {
    const part = partOf(text.slice(0, i));
    const value = text.slice(i + 1);
    if (part && expression(value)) return { ...part, value: value.trim() };
  }
  const call = expression(text);
  if (call?.type !== 'CallExpression' || call.arguments.length !== 1) return null;
  const { callee, arguments: given } = call;
  if (callee.type !== 'MemberExpression' || callee.computed) return null;
  if (callee.property.type !== 'Identifier' || callee.property.name !== 'assign') return null;
  const source = ({ start, end }: { readonly start: number; readonly end: number }) =>
    text.slice(start, end);
  const part = partOf(source(callee.object));
  return part && { ...part, value: source(given[0]!) };
}

/** `x.at('0, :')`; whole numbers may stand for a text. */
function partOf(text: string): { readonly of: string; readonly at: string } | null {
  const call = expression(text);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return null;
  const { object, property, computed } = call.callee;
  if (computed || property.type !== 'Identifier' || property.name !== 'at') return null;
  const index = call.arguments.map((each) => {
    const given = text.slice(each.start, each.end);
    if (each.type === 'Literal' && typeof each.value === 'string') return each.value;
    return /^-?\d+$/.test(given) ? given : null;
  });
  if (index.length === 0 || index.includes(null)) return null;
  return { of: text.slice(object.start, object.end), at: index.join(', ') };
}

function expression(text: string): Expression | null {
  try {
    const found = parseExpressionAt(text, 0, { ecmaVersion: 'latest', preserveParens: true });
    return text.slice(found.end).trim() === '' ? found : null;
  } catch {
    return null;
  }
}
