import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Kit } from './cpu.ts';

/** Runs it until another thread has helped: on a busy machine they may come late. */
export async function untilHelped({ team }: Kit, run: () => void): Promise<void> {
  const before = team.helped;
  for (let turn = 0; turn < 1000 && team.helped === before; turn++) {
    run();
    await setTimeout(1);
  }
  assert.ok(team.helped > before, 'no other thread has helped');
}
