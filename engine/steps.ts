import { stepped as counted } from './filters/leak.ts';
import { control } from './gate.ts';
import { GATE, STEP } from './protocol.ts';
import { state } from './state.ts';

/**
 * Counts a training step and returns the count. The first optimizer counts its
 * own updates; a program that calls this counts by itself from then on.
 *
 *     for (let epoch = 0; epoch < 3; epoch++) tf.step();
 */
export function step(): number {
  state.stepper = step;
  return advance();
}

/** An optimizer has updated its variables. */
export function stepped(optimizer: object): void {
  state.stepper ??= optimizer;
  if (state.stepper === optimizer) advance();
}

function advance(): number {
  state.step++;
  control[STEP] = state.step;
  if (control[GATE] !== 0) counted(state.step);
  return state.step;
}
