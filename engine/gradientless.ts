import { ops } from './ops/index.ts';
import { currentDevice } from './placement.ts';
import { ready, type Row } from './ready.ts';
import { derives } from './run.ts';

/** Why a backward pass never runs a gradient under the name of that op; null where it does. */
export function gradientless(name: string): string | null {
  const row = (ops as { readonly [name: string]: Row | undefined })[name];
  if (row === undefined) return null;
  const op = ready(name, row);
  const override = op.override(currentDevice());
  if (op.differentiable || (override !== undefined && derives(override))) return null;
  return row.compose === undefined
    ? `${name} has no gradient`
    : `${name} is written in other ops, and a backward pass runs the gradients of those; stop at ${name} and step into it to see which`;
}
