/**
 * The command line: `tapedeck run` runs a program as the debugger would, and
 * keeps or compares its record; `tapedeck compare` compares two records;
 * `tapedeck dap` is the adapter for other editors.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { inline, stdio } from './index.ts';
import type { Comparison } from './protocol.ts';
import { compareRuns, report } from './runs/report.ts';
import type { Lendings } from './targets.ts';

const USAGE = `Usage:
  tapedeck run [options] program [arguments of the program]
    --record file         keep a record of the run
    --record-values MiB   with so many MiB of tensor values in it
    --reference file      compare the run with a record; exit code 3 where it differs
    --tolerance f32=1e-3  how far numbers of a dtype may be apart (again for others)
  tapedeck compare older newer
    --tolerance f32=1e-3
  tapedeck dap            speak the debug adapter protocol on standard input and output`;

/** Exit codes, beside those of the program. */
const MISUSED = 2;
const DIFFERENT = 3;

export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

/** The exit code; null where the process lives on by itself. */
export async function command(
  argv: readonly string[],
  lent: Lendings,
  to: Streams,
): Promise<number | null> {
  const [name, ...rest] = argv;
  try {
    switch (name) {
      case 'run':
        return await run(rest, lent, to);
      case 'compare':
        return compared(rest, to);
      case 'dap':
        stdio(lent);
        return null;
      default:
        to.err(`${USAGE}\n`);
        return name === '--help' ? 0 : MISUSED;
    }
  } catch (failure) {
    to.err(`tapedeck: ${(failure as Error).message}\n`);
    return MISUSED;
  }
}

async function run(argv: readonly string[], lent: Lendings, to: Streams): Promise<number> {
  const { values, positionals } = ahead(argv);
  const [program, ...args] = positionals;
  if (program === undefined) throw new Error(`name the program to run.\n${USAGE}`);
  const { reference, record, 'record-values': recordValues, tolerance } = values;
  const file = (name: string | undefined) => name && path.resolve(name);
  let found: Comparison | null = null;
  const code = await ran(
    lent,
    {
      program: path.resolve(program),
      args,
      cwd: process.cwd(),
      record: file(record),
      reference: file(reference),
      ...(recordValues && { recordValues: Number(recordValues) }),
      ...(tolerance && { tolerance: tolerances(tolerance) }),
      // What a comparison finds is told by way of the inspector.
      noDebug: reference === undefined,
    },
    to,
    (comparison) => (found = comparison),
  );
  if (found === null) return code;
  to.err(`${report(found).join('\n')}\n`);
  return code || (isApart(found) ? DIFFERENT : 0);
}

function compared(argv: readonly string[], to: Streams): number {
  const { values, positionals } = ahead(argv);
  const [older, newer] = positionals;
  if (older === undefined || newer === undefined)
    throw new Error(`name two records to compare.\n${USAGE}`);
  const found = compareRuns(older, newer, tolerances(values.tolerance ?? []));
  to.out(`${report(found).join('\n')}\n`);
  return isApart(found) ? DIFFERENT : 0;
}

function isApart({ differing, missing, extra }: Comparison): boolean {
  return differing + missing + extra > 0;
}

/** Our own options stand in front of the program; what stands behind it is its own. */
function ahead(argv: readonly string[]) {
  const own = argv.findIndex((each, i) => !each.startsWith('--') && !takesNext(argv[i - 1]));
  const end = own < 0 ? argv.length : own;
  const { values } = parseArgs({
    args: argv.slice(0, end),
    options: {
      record: { type: 'string' },
      'record-values': { type: 'string' },
      reference: { type: 'string' },
      tolerance: { type: 'string', multiple: true },
    },
  });
  return { values, positionals: argv.slice(end) };
}

function takesNext(option: string | undefined): boolean {
  return option !== undefined && option.startsWith('--') && !option.includes('=');
}

function tolerances(given: readonly string[]): { [dtype: string]: number } {
  return Object.fromEntries(
    given.map((each) => {
      const [dtype, part = ''] = each.split('=');
      if (!(Number(part) >= 0) || part === '')
        throw new Error(`--tolerance takes a dtype and a number, as f32=1e-3; not ${each}.`);
      return [dtype, Number(part)];
    }),
  );
}

/** Runs it in a session of its own, without breakpoints. */
function ran(
  lent: Lendings,
  launch: object,
  to: Streams,
  compared: (comparison: Comparison) => void,
): Promise<number> {
  const session = inline(lent);
  let seq = 0;
  const ask = (command: string, args: object = {}) =>
    session.handleMessage({
      seq: ++seq,
      type: 'request',
      command,
      arguments: args,
    } as DebugProtocol.Request);
  return new Promise((resolve, reject) => {
    let code = 1;
    session.onDidSendMessage((message) => {
      const told = message as Partial<DebugProtocol.Event & DebugProtocol.Response>;
      if (told.type === 'response' && told.success === false) {
        const { error } = (told.body ?? {}) as DebugProtocol.ErrorResponse['body'];
        reject(new Error(String(error?.variables?.['message'] ?? told.message)));
      }
      if (told.type !== 'event') return;
      if (told.event === 'initialized') ask('configurationDone');
      if (told.event === 'output') {
        const { category, output } = told.body as DebugProtocol.OutputEvent['body'];
        if (category === 'stdout') to.out(output);
        else to.err(output);
      }
      if (told.event === 'tapedeck/compared')
        compared((told.body as { comparison: Comparison }).comparison);
      if (told.event === 'exited') code = (told.body as { exitCode: number }).exitCode;
      if (told.event === 'terminated') resolve(code);
    });
    ask('initialize', { adapterID: 'tapedeck' });
    ask('launch', launch);
  });
}
