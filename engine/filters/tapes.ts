import { explain } from '../explain.ts';
import { control } from '../gate.ts';
import type { GradientRequest } from '../gradient-request.ts';
import { GATE, Gate } from '../protocol.ts';
import type { Hop } from '../protocol.ts';
import { place } from '../sites.ts';
import { state } from '../state.ts';
import type { GradientTape } from '../tape.ts';
import type { Tensor } from '../tensor.ts';
import { occurred, type NamedTensors } from '../trace.ts';
import type { Finding } from './checks.ts';

/** What may go wrong with a tape: a gradient is null, or nobody asks for one. */

/** A tape has given gradients, in the order of the sources; `zeros` take the place of null. */
export function answered(
  tape: GradientTape,
  { targets, sources }: GradientRequest,
  found: readonly (Tensor | null)[],
  zeros: boolean,
): void {
  if ((control[GATE]! & Gate.FILTERS) === 0 || state.quiet) return;
  asked.add(tape);
  if (zeros || !found.includes(null)) return;
  const names = sources.map((source, i) => nameOf(source) ?? `sources[${i}]`);
  const made: NamedTensors = found.flatMap((gradient, i) =>
    gradient === null ? [] : [[`d${names[i]}`, gradient] as const],
  );
  const inputs: NamedTensors = [
    ...targets.map((target, i) => [`targets[${i}]`, target] as const),
    ...sources.map((source, i) => [names[i]!, source] as const),
  ];
  occurred('gradient', inputs, made, 'nullGradient', () =>
    sources.flatMap((source, i) =>
      found[i] === null ? [missing(tape, targets[0]!, source, names[i]!)] : [],
    ),
  );
}

/** A tape is about to end. */
export function ending(tape: GradientTape): void {
  if ((control[GATE]! & Gate.FILTERS) === 0 || state.quiet || asked.has(tape)) return;
  if (tape.nodes.length > 0)
    occurred('GradientTape', [], [], 'unusedTape', () => [unused(tape, 'ended')]);
}

/** A tape begins; where the one that was made at the same place before still records, nobody can ask that any more. */
export function beginning(tape: GradientTape): void {
  if ((control[GATE]! & Gate.FILTERS) === 0 || state.quiet) return;
  for (let other = tape.outer; other !== null; other = other.outer) {
    if (other.site !== tape.site || other.nodes.length === 0 || asked.has(other)) continue;
    const lost = other;
    return occurred('GradientTape', [], [], 'unusedTape', () => [
      unused(lost, 'that was made here before still records'),
    ]);
  }
}

/** Tapes that have given gradients. */
const asked = new WeakSet<GradientTape>();

function missing(tape: GradientTape, target: Tensor, source: Tensor, name: string): Finding {
  const { reason, text, steps, at } = explain(tape, target, source);
  return {
    facts: { name, reason },
    found() {
      const way = steps.map(({ op, site }) => ({ op, what: '', ...(site && { site }) }));
      const there: Hop[] = at
        ? [{ op: at.op, what: 'here the way breaks', ...(at.site && { site: at.site }) }]
        : [];
      const message = `the gradient of ${name} is null. ${text}`;
      return { filter: 'nullGradient', message, chain: [...way, ...there] };
    },
  };
}

function unused(tape: GradientTape, how: string): Finding {
  const { nodes, bytes, site } = tape;
  return {
    facts: { nodes: nodes.length, bytes },
    found() {
      const [made, last] = [place(site), place(nodes.at(-1)!.site)];
      const many = nodes.length === 1 ? 'an op' : `${nodes.length} ops`;
      return {
        filter: 'unusedTape',
        message: `a GradientTape ${how} and was never asked for a gradient; it recorded ${many}`,
        chain: [
          { op: 'GradientTape', what: 'made', ...(made && { site: made }) },
          { op: nodes.at(-1)!.op.name, what: 'recorded last', ...(last && { site: last }) },
        ],
      };
    },
  };
}

function nameOf(tensor: Tensor): string | undefined {
  return (tensor as { readonly name?: string }).name;
}
