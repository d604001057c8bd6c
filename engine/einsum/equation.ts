import { sizeOf, text, type Shape } from '../shape.ts';

/** An equation of einsum over operands of known shapes. */
export interface Equation {
  /** The label of each axis of each operand. Those that `...` stands for are called .0, .1, counted from the last. */
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
  /** The length along each label; an axis of length 1 may stand in for a longer one. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** Reads `'bij,jk->bik'`; throws where it is none, or does not fit the operands. */
export function equationOf(op: string, equation: string, shapes: readonly Shape[]): Equation {
  if (typeof equation !== 'string') {
    throw new Error(`${op}: an equation is text like 'ij,jk->ik', not ${String(equation)}`);
  }
  const [left, right, more] = equation.replaceAll(' ', '').split('->');
  const terms = left!.split(',');
  for (const term of right === undefined ? terms : [...terms, right]) {
    if (more === undefined && /^[a-z]*(\.\.\.)?[a-z]*$/i.test(term)) continue;
    throw new Error(
      `${op}: '${equation}' is no equation: for each operand one letter per axis, where ... stands for any number of axes, as in 'ij,...jk->...ik'`,
    );
  }
  if (terms.length !== shapes.length) {
    throw new Error(
      `${op}: '${equation}' is for ${terms.length} operands; there are ${shapes.length}`,
    );
  }
  const operands = shapes.map((shape, i) => labelsOf(op, terms[i]!, shape, i));
  const lengths = new Map<string, number>();
  operands.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      const [length, before] = [shapes[i]![axis]!, lengths.get(label)];
      if (before === undefined || before === 1) lengths.set(label, length);
      else if (length !== before && length !== 1) {
        throw new Error(
          `${op}: ${named(label)} of '${equation}' is ${before} long and ${length} long, in ${shapes.map(text).join(' and ')}`,
        );
      }
    });
  });
  return { operands, output: outputOf(op, equation, right, operands), lengths };
}

function named(label: string): string {
  return label.startsWith('.') ? "an axis of '...'" : `axis ${label}`;
}

/** The labels of an operand's axes. */
function labelsOf(op: string, term: string, shape: Shape, i: number): readonly string[] {
  const letters = term.replace('...', '').length;
  const open = shape.length - letters;
  if (term.includes('...') ? open >= 0 : open === 0) return spelled(term, open);
  throw new Error(
    `${op}: '${term}' names ${letters} axes; operand ${i} has the shape ${text(shape)}`,
  );
}

/** The letters, with so many axes where the dots are. */
function spelled(term: string, open: number): readonly string[] {
  const at = term.indexOf('...');
  if (at < 0) return [...term];
  const dots = Array.from({ length: open }, (_, k) => `.${open - 1 - k}`);
  return [...term.slice(0, at), ...dots, ...term.slice(at + 3)];
}

function outputOf(
  op: string,
  equation: string,
  written: string | undefined,
  operands: readonly (readonly string[])[],
): readonly string[] {
  const all = operands.flat();
  const open = new Set(all.filter((label) => label.startsWith('.'))).size;
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  const letters = once.filter((label) => !label.startsWith('.')).toSorted();
  const output = spelled(written ?? `...${letters.join('')}`, open);
  output.forEach((label, i) => {
    if (output.indexOf(label) !== i) {
      throw new Error(`${op}: ${named(label)} is twice in the output of '${equation}'`);
    }
    if (!all.includes(label)) {
      throw new Error(`${op}: ${named(label)} of the output of '${equation}' is in no operand`);
    }
  });
  return output;
}

/** Two places in the list of operands: they are contracted, and their product goes to its end. */
export type Pair = readonly [number, number];

/**
 * In which order to contract them: of up to five the one with the fewest
 * multiplications, of more always the pair that adds least to what is stored.
 */
export function orderOf({ operands, output, lengths }: Equation): readonly Pair[] {
  const size = (labels: readonly string[]) => sizeOf(labels.map((label) => lengths.get(label)!));
  const joined = (list: readonly (readonly string[])[], [i, j]: Pair) => {
    const rest = list.filter((_, at) => at !== i && at !== j);
    const all = [...new Set([...list[i]!, ...list[j]!])];
    const kept = all.filter((label) => output.includes(label) || rest.flat().includes(label));
    return {
      cost: size(all),
      growth: size(kept) - size(list[i]!) - size(list[j]!),
      list: [...rest, kept],
    };
  };
  const best = (list: readonly (readonly string[])[]): { cost: number; pairs: readonly Pair[] } => {
    if (list.length < 2) return { cost: 0, pairs: [] };
    const options = pairsOf(list.length).map((pair) => ({ pair, ...joined(list, pair) }));
    if (list.length > 5) {
      const {
        pair,
        cost,
        list: next,
      } = options.reduce((a, b) =>
        b.growth < a.growth || (b.growth === a.growth && b.cost < a.cost) ? b : a,
      );
      const rest = best(next);
      return { cost: cost + rest.cost, pairs: [pair, ...rest.pairs] };
    }
    return options
      .map(({ pair, cost, list: next }) => {
        const rest = best(next);
        return { cost: cost + rest.cost, pairs: [pair, ...rest.pairs] };
      })
      .reduce((a, b) => (b.cost < a.cost ? b : a));
  };
  return best(operands.map((labels) => [...new Set(labels)])).pairs;
}

function pairsOf(n: number): readonly Pair[] {
  return Array.from({ length: n }, (_, j) =>
    Array.from({ length: j }, (_unused, i): Pair => [i, j]),
  ).flat();
}
