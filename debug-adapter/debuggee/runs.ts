/** Keeps the record of the run in a file, and compares the run with one that was recorded before. */
import { pathToFileURL } from 'node:url';
import {
  GATE,
  Gate,
  HOOKS,
  type Departure,
  type Hooks,
  type OpNote,
} from '../../engine/protocol.ts';
import { Comparison } from '../runs/comparison.ts';
import { RecordedRun } from '../runs/recorded.ts';
import { Recorder, textOf } from '../runs/recorder.ts';
import { tell } from './telling.ts';
import { RUNS, type Runs } from './words.ts';

/** Gives what is to be done at the end of the program. */
export function keepRuns({ record, reference }: Runs, control: SharedArrayBuffer): () => void {
  const program = pathToFileURL(process.argv[1]!);
  const comparison =
    reference &&
    new Comparison(new RecordedRun(reference.path), program.href, textOf, reference.tolerance);
  const recorder = record && new Recorder(record.path, program, record.budget);
  const globals = globalThis as { [key: symbol]: unknown };
  const hooks = globals[Symbol.for(HOOKS)] as { -readonly [K in keyof Hooks]: Hooks[K] };
  hooks.ran = (note: OpNote): Departure | null => {
    recorder?.note(note);
    return comparison?.add(note, (i) => note.outputs[i]!.values()) ?? null;
  };
  if (comparison)
    Object.defineProperty(globals, Symbol.for(RUNS), { value: () => comparison.answer() });
  Atomics.or(new Int32Array(control), GATE, Gate.RUN);
  return () => {
    recorder?.end();
    if (comparison) tell('Program.compared', { comparison: comparison.answer(), sites: [] });
  };
}
