/** What "Add Op Breakpoint…" offers: every op, its gradient, before and after; and what was typed. */
import { BACKWARD_OPS } from '../engine/protocol.ts';

/** A row of engine/ops.json. */
export interface Op {
  readonly name: string;
  readonly documentation: string;
  readonly signature: string;
  /** The inputs that a gradient flows to. */
  readonly gradient: readonly string[];
}

export interface Choice {
  /** The name of the breakpoint. */
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  /** Stays, whatever the filter makes of it. */
  readonly alwaysShow?: true;
}

/** The plain names first: most stop before an op. `typed` is offered as it stands where it is no part of an op's name. */
export function choices(ops: readonly Op[], typed: string): Choice[] {
  const backward = ops.filter(({ gradient }) => gradient.length > 0);
  const all = [
    ...ops.map(({ name, signature, documentation }) => ({
      label: name,
      description: signature,
      detail: documentation.split('\n\n')[0]!.replaceAll('\n', ' '),
    })),
    ...backward.map(({ name }) => ({ label: `∇${name}`, description: 'in the backward pass' })),
    ...BACKWARD_OPS.map((name) => ({ label: `∇${name}`, description: 'in the backward pass' })),
    ...ops.map(({ name }) => ({ label: `after ${name}`, description: 'with its result' })),
    ...backward.map(({ name, gradient }) => ({
      label: `after ∇${name}`,
      description: `with the gradients of ${gradient.join(', ')}`,
    })),
    ...BACKWARD_OPS.map((name) => ({ label: `after ∇${name}`, description: 'with its result' })),
  ];
  const text = typed.trim();
  const pattern = /[*/]/.test(text);
  const meant = (label: string) => label.toLowerCase().includes(text.toLowerCase());
  if (text === '' || (!pattern && all.some(({ label }) => meant(label)))) return all;
  const why = pattern ? 'every op that this fits' : 'as typed';
  return [...all, { label: text, description: why, alwaysShow: true }];
}

/** The name of a breakpoint that logs: behind the op, where there is most to say, unless it says otherwise. */
export function logging(name: string, message: string): string {
  const when = /^\s*(before|after)\s/.test(name) ? '' : 'after ';
  return `${when}${name} log ${message}`;
}
