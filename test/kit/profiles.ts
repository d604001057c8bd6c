/** A profile of a small classifier, with times that are the same at every run. */
import type { OpRecord, PlacedProfile } from '../../debug-adapter/protocol.ts';

/** Milliseconds of each op of a step, in order; an op's gradient takes twice as long. */
const STEP: readonly (readonly [path: string, shapes: string, time: number, line: number])[] = [
  ['encoder/dense1/matMul', '[32,64] x [64,128] -> [32,128]', 0.84, 12],
  ['encoder/dense1/biasAdd', '[32,128] + [128] -> [32,128]', 0.12, 12],
  ['encoder/dense1/relu', '[32,128] -> [32,128]', 0.06, 13],
  ['dense2/matMul', '[32,128] x [128,10] -> [32,10]', 0.28, 15],
  ['dense2/biasAdd', '[32,10] + [10] -> [32,10]', 0.04, 15],
  ['softmaxCrossEntropy', '[32,10], [32,10] -> []', 0.21, 18],
];
/** What softmaxCrossEntropy is made of. */
const PARTS = ['max', 'sub', 'exp', 'sum'];

export function profileOf(steps: number): PlacedProfile {
  const records: OpRecord[] = [];
  let now = 0;
  const add = (record: Partial<OpRecord> & Pick<OpRecord, 'op' | 'path' | 'duration'>): number => {
    const { length } = records;
    records.push({
      direction: 'forward',
      start: now,
      parent: -1,
      shapes: '',
      bytes: 16384,
      flops: 0,
      site: 0,
      step: 0,
      ...record,
    });
    return length;
  };
  for (let step = 0; step < steps; step++) {
    for (const [path, shapes, time, line] of STEP) {
      const op = path.slice(path.lastIndexOf('/') + 1);
      const scope = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      const flops = op === 'matMul' ? 2 * 32 * 64 * 128 : 0;
      const parent = add({ op, path: scope, shapes, duration: time, site: line, step, flops });
      if (op === 'softmaxCrossEntropy')
        PARTS.forEach((name, at) => {
          add({
            op: name,
            path: scope,
            duration: 0.05,
            parent,
            step,
            start: now + at * 0.0525,
          });
        });
      now += time + 0.02;
    }
    for (const [path, shapes, time, line] of STEP.toReversed()) {
      const op = path.slice(path.lastIndexOf('/') + 1);
      const scope = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      add({
        op,
        path: scope,
        shapes,
        duration: 2 * time,
        direction: 'backward',
        site: line,
        step,
      });
      now += 2 * time + 0.02;
    }
    now += 0.3;
  }
  const places = Array.from({ length: 20 }, (_, line) => ({
    path: '/home/person/digits/train.ts',
    line,
    column: 3,
  }));
  const sites = places.map(({ path, line, column }) => ({ url: `file://${path}`, line, column }));
  return { start: 0, duration: now, lost: 0, records, sites, places };
}
