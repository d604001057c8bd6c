/**
 * The op log in the editor's Disassembly View: a row for each op that ran, with
 * its shapes, time and line, and last the one that runs next. Addresses count
 * ops, so that an offset of the editor's is so many ops, in either direction.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LogRow, OpFrame } from '../engine/protocol.ts';
import { addressOf, numberAt } from './addresses.ts';
import { errors } from './errors.ts';
import type { Past } from './past.ts';
import type { Pauses } from './pauses.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { opTitle, type Stack } from './stack.ts';

type Row = DebugProtocol.DisassembledInstruction;

export class Disassembly {
  private readonly program: Remote;
  private readonly pauses: Pauses;
  private readonly stack: Stack;
  private readonly sources: Sources;
  private readonly past: Past;

  constructor(program: Remote, pauses: Pauses, stack: Stack, sources: Sources, past: Past) {
    this.program = program;
    this.pauses = pauses;
    this.stack = stack;
    this.sources = sources;
    this.past = past;
  }

  /** As many rows as asked for, whatever there is. */
  async rows({
    memoryReference,
    offset = 0,
    instructionOffset = 0,
    instructionCount: count,
  }: DebugProtocol.DisassembleArguments): Promise<DebugProtocol.DisassembleResponse['body']> {
    const from = numberAt(memoryReference, offset) + instructionOffset;
    if (!Number.isInteger(from) || !Number.isInteger(count) || count < 0 || count > MOST)
      throw errors.rows(String(count), MOST);
    // Whoever looks at the op log wants one.
    await this.past.keep();
    const [{ end }, ran] = await Promise.all([this.end(), this.ran(from, count)]);
    const known = new Map(ran.map((row) => [row.number, row]));
    const next = await this.next(end);
    return {
      instructions: Array.from({ length: count }, (_, i) => {
        const number = from + i;
        const row = number === end ? next : known.get(number);
        if (row) return this.shown(row);
        return {
          ...NOTHING,
          ...(number === end && { address: addressOf(end), instruction: NEXT }),
        };
      }),
    };
  }

  /** Nothing has run in a program that has not loaded the engine. */
  private end(): Promise<{ readonly end: number }> {
    return this.program.ask('logged').catch(() => ({ end: 0 }));
  }

  private ran(from: number, count: number): Promise<readonly LogRow[]> {
    return this.program.ask('log', from, count).catch(() => []);
  }

  /** The op that the program stands before: the op log has it once it runs. */
  private async next(number: number): Promise<LogRow | null> {
    if (this.pauses.current?.op?.phase !== 'before') return null;
    const [frame] = await this.stack.opFrames();
    return frame ? rowOf(frame, number) : null;
  }

  private shown(row: LogRow): Row {
    const place = row.site && this.sources.find(row.site);
    return {
      address: addressOf(row.number),
      instruction: textOf(row),
      ...(row.path && { symbol: row.path }),
      ...(place && { location: place.source, line: place.line, column: place.column }),
    };
  }
}

/** No editor shows so many rows at a time. */
const MOST = 10_000;
/** What is above the first op, and below the next: VS Code leaves out what has this address. */
const NOTHING: Row = { address: '-1', instruction: '', presentationHint: 'invalid' };
/** It may be looked at later, when other ops stand on either side of it that the view did not ask for. */
const NEXT = '⋯';
/** `matMul f32[32,784], f32[784,128] → f32[32,128]   1.2 ms   encoder/dense1`, further right the deeper it ran. */
function textOf({ op, path, depth, inputs, outputs, duration }: LogRow): string {
  const time = duration < 0 ? '' : timeOf(duration);
  const made = outputs.length ? ` → ${listed(outputs)}` : '';
  const all = [`${op} ${listed(inputs)}`.trimEnd() + made, time, path];
  return '  '.repeat(depth) + all.filter((part) => part !== '').join('   ');
}

function listed(tensors: readonly string[]): string {
  const shown = tensors.slice(0, SHOWN).join(', ');
  return tensors.length > SHOWN ? `${shown}, … (${tensors.length})` : shown;
}

/** Of long lists, so many. */
const SHOWN = 6;

function timeOf(milliseconds: number): string {
  const [time, unit] = milliseconds < 1 ? [milliseconds * 1000, 'µs'] : [milliseconds, 'ms'];
  return `${Number(time.toPrecision(3))} ${unit}`;
}

function rowOf({ inputs, site, path, depth, ...op }: OpFrame, number: number): LogRow {
  return {
    number,
    op: opTitle(op),
    path,
    depth,
    ...(site && { site }),
    inputs: inputs.map(({ tensor: { dtype, shape } }) => `${dtype}[${shape.join()}]`),
    outputs: [],
    step: 0,
    duration: -1,
  };
}
