import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Neighbours } from '../../../engine/devices/cpu/neighbours.ts';

/** How many jobs of that much work are done alone until help is wanted again. */
function alone(neighbours: Neighbours, work: number): number {
  let jobs = 0;
  while (neighbours.busy(work)) jobs++;
  return jobs;
}

test('a worker that was not let run is left alone, longer each time', () => {
  const neighbours = new Neighbours(1000);
  assert.equal(alone(neighbours, 100), 0);
  for (const jobs of [10, 20, 40, 80]) {
    neighbours.stalled();
    assert.equal(alone(neighbours, 100), jobs);
  }
});

test('jobs that nobody helps with mean the least, once there is somebody; what went well makes up for the rest', () => {
  const neighbours = new Neighbours(1000);
  for (let job = 0; job < 100; job++) neighbours.done(false);
  assert.equal(alone(neighbours, 100), 0);
  neighbours.done(true);
  for (let job = 0; job < 7; job++) neighbours.done(false);
  neighbours.done(true);
  for (let job = 0; job < 7; job++) neighbours.done(false);
  assert.equal(alone(neighbours, 100), 0);
  neighbours.done(false);
  assert.equal(alone(neighbours, 100), 10);
  for (let turn = 0; turn < 5; turn++) neighbours.stalled();
  for (let job = 0; job < 100; job++) neighbours.done(true);
  neighbours.stalled();
  assert.equal(alone(neighbours, 100), 10);
});

test('the longest while alone is bounded', () => {
  const neighbours = new Neighbours();
  for (let turn = 0; turn < 40; turn++) neighbours.stalled();
  assert.equal(alone(neighbours, 2 ** 20), 2 ** 10);
});

test('where threads are taken off their processors time and again, it is alone until that is over', () => {
  const seen = { time: 0, taken: 0 };
  const neighbours = new Neighbours(1000, () => ({ ...seen }));
  /** Much work, and what the system says of it. */
  const spell = (time: number, taken: number): boolean => {
    seen.time += time;
    seen.taken += taken;
    return neighbours.busy(2 ** 28);
  };
  assert.equal(spell(1e6, 1000), false, 'what was before is not known');
  assert.equal(spell(30_000, 10), false);
  assert.equal(spell(30_000, 50), true);
  assert.equal(neighbours.busy(1), true);
  assert.equal(spell(30_000, 40), true);
  assert.equal(spell(30_000, 20), false);
});
