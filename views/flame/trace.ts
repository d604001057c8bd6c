/**
 * A profile in the Trace Event Format of Chrome, which chrome://tracing and
 * Perfetto open. Complete events (`ph: 'X'`), times in microseconds; forward
 * and backward are two threads, so that nesting is by time alone.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import type { PlacedProfile } from '../../debug-adapter/protocol.ts';
import { placeText } from '../trees/model.ts';
import { lanesOf, type Box } from './model.ts';

export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: { readonly [name: string]: unknown };
}

export interface ChromeTrace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
}

const PROGRAM = 1;

export function chromeTrace(profile: PlacedProfile): ChromeTrace {
  const lanes = lanesOf(profile.records);
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      { name: 'process_name', ph: 'M', pid: PROGRAM, tid: 0, args: { name: 'Tapedeck' } },
      ...lanes.flatMap(({ direction, boxes }, lane) => [
        thread(lane + 1, direction),
        ...boxes.map((box) => event(profile, box, lane + 1)),
      ]),
    ],
  };
}

const thread = (tid: number, name: string): TraceEvent => ({
  name: 'thread_name',
  ph: 'M',
  pid: PROGRAM,
  tid,
  args: { name },
});

function event(profile: PlacedProfile, box: Box, tid: number): TraceEvent {
  const record = profile.records[box.record];
  const place = record && profile.places[record.site];
  return {
    name: box.name,
    ph: 'X',
    pid: PROGRAM,
    tid,
    cat: box.kind,
    ts: box.start * 1000,
    dur: (box.end - box.start) * 1000,
    args: record
      ? {
          path: record.path,
          shapes: record.shapes,
          bytes: record.bytes,
          flops: record.flops,
          step: record.step,
          ...(place && { line: placeText(place) }),
        }
      : { ops: box.ops },
  };
}
