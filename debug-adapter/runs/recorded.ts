/** A run that was recorded to a file. Its ops stay there: what is kept is where each of them stands. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  LONGEST_LINE,
  MOST_OPS,
  MOST_SITES,
  VERSION,
  type RunHeader,
  type RunLine,
  type RunOp,
  type RunSite,
  type RunSource,
} from './format.ts';

/** An op in the order of the run. */
export interface RecordedOp {
  readonly path: string;
  readonly at: number;
  readonly step: number;
  readonly offset: number;
  readonly length: number;
}

export class RecordedRun {
  readonly header: RunHeader;
  readonly sources: readonly RunSource[];
  readonly sites: readonly RunSite[];
  readonly ops: readonly RecordedOp[];
  /** It came to its end; else the program was ended on its way. */
  readonly complete: boolean;
  private readonly file: number;
  private readonly path: string;

  /** Fails with a sentence for what is no recorded run. */
  constructor(path: string) {
    this.path = path;
    this.file = opened(path);
    try {
      const found = read(this.file);
      ({
        header: this.header,
        sources: this.sources,
        sites: this.sites,
        ops: this.ops,
        complete: this.complete,
      } = found);
    } catch (failure) {
      closeSync(this.file);
      throw new Error(`The run ${path} cannot be read: ${(failure as Error).message}.`);
    }
  }

  /** All that the file says of an op. */
  op(index: number): RunOp {
    const { offset, length } = this.ops[index]!;
    const bytes = Buffer.alloc(length);
    const got = readSync(this.file, bytes, 0, length, offset);
    if (got < length) throw new Error(`The run ${this.path} was cut off while it was read.`);
    return JSON.parse(bytes.toString('utf8')) as RunOp;
  }

  close(): void {
    closeSync(this.file);
  }
}

function opened(path: string): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    throw new Error(
      `The run ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be opened: ${message}`}.`,
    );
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`The run ${path} is not a file.`);
}

type Found = Pick<RecordedRun, 'header' | 'sources' | 'sites' | 'ops' | 'complete'>;

function read(file: number): Found {
  const sources: RunSource[] = [];
  const sites: RunSite[] = [];
  const ops: RecordedOp[] = [];
  const paths = new Map<string, string>();
  let header: RunHeader | null = null;
  let complete = false;
  for (const { text, number, offset, length, last } of lines(file)) {
    const said = parsed(text, number, last && header !== null);
    if (said === null) break;
    if (header === null) {
      header = checkedHeader(said);
      continue;
    }
    const line = said as RunLine;
    if (fits<RunOp>(line, { op: 'string', path: 'string', at: 'number', outputs: 'object' })) {
      const path = paths.get(line.path) ?? line.path;
      paths.set(path, path);
      if (line.at >= sites.length) throw wrong(number, 'names a place that no line before it has');
      ops.push({ path, at: line.at, step: line.step, offset, length });
    } else if (fits<RunSite>(line, { site: 'number', in: 'number', line: 'number' })) {
      if (line.site !== sites.length || !sources[line.in])
        throw wrong(number, 'is a place out of order');
      sites.push(line);
    } else if (fits<RunSource>(line, { file: 'number', name: 'string' })) {
      if (line.file !== sources.length) throw wrong(number, 'is a file out of order');
      sources.push(line);
    } else if (fits(line, { end: 'number' })) complete = true;
    else throw wrong(number, 'is neither an op, nor a place, nor a file');
    if (ops.length > MOST_OPS) throw new Error(`it has more than ${MOST_OPS} ops`);
    if (sites.length > MOST_SITES) throw new Error(`it has more than ${MOST_SITES} places`);
  }
  if (header === null) throw new Error('it is empty');
  return { header, sources, sites, ops, complete };
}

/** Null for a last line that was cut off: the program was ended while it wrote. */
function parsed(text: string, number: number, mayBeCut: boolean): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (mayBeCut) return null;
    throw number === 1 ? new Error(NOT_OURS) : wrong(number, 'is no JSON');
  }
}

function checkedHeader(said: unknown): RunHeader {
  const header = said as Partial<RunHeader> | null;
  if (header?.tapedeck !== 'run') throw new Error(NOT_OURS);
  if (header.version !== VERSION)
    throw new Error(
      `it is of version ${header.version}, and this Tapedeck reads version ${VERSION}; record it anew`,
    );
  if (typeof header.program !== 'string' || typeof header.folder !== 'string')
    throw wrong(1, 'does not say the program and its folder');
  return header as RunHeader;
}

const NOT_OURS = 'it is no run that Tapedeck recorded';

function wrong(line: number, how: string): Error {
  return new Error(`line ${line} ${how}`);
}

function fits<T>(value: unknown, kinds: { readonly [name: string]: string }): value is T {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(kinds).every(
      ([name, kind]) => typeof (value as Record<string, unknown>)[name] === kind,
    )
  );
}

interface Line {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  /** Nothing ends it but the file. */
  readonly last: boolean;
}

function* lines(file: number): Generator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let number = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const count = readSync(file, chunk, 0, CHUNK, offset + rest.length);
    const data = Buffer.concat([rest, chunk.subarray(0, count)]);
    let start = 0;
    for (let end; (end = data.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      const text = data.toString('utf8', start, end);
      const at = { number: ++number, offset: offset + start, length: end - start, last: false };
      if (text !== '') yield { text, ...at };
    }
    offset += start;
    rest = data.subarray(start);
    if (rest.length > LONGEST_LINE) throw wrong(number + 1, 'is longer than any of ours');
    if (count > 0) continue;
    const { length } = rest;
    if (length > 0)
      yield { text: rest.toString('utf8'), number: number + 1, offset, length, last: true };
    return;
  }
}

const CHUNK = 2 ** 20;
const NEWLINE = 10;
