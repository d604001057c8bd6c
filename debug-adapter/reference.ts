/** The recorded run that this one is compared with, and the record that is kept of it. */
import { openSync, closeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { ASKED, RUNS, type Runs } from './debuggee/words.ts';
import { errors } from './errors.ts';
import type { Launch } from './launch.ts';
import type { Answer, Comparison, Place, PlacedComparison } from './protocol.ts';
import { TOLERANCES } from './runs/compare.ts';
import { RecordedRun } from './runs/recorded.ts';
import type { Sources } from './sources.ts';
import { placeOf } from './tensors.ts';

export class Reference {
  private readonly cdp: Cdp;
  private readonly sources: Sources;
  /** Of a program that has ended. */
  private last: PlacedComparison | null = null;

  constructor(cdp: Cdp, client: Client, sources: Sources) {
    this.cdp = cdp;
    this.sources = sources;
    cdp.onStart(async () => (this.last = null));
    cdp.on('Program.compared', ({ comparison }) => {
      this.last = this.placed(comparison, true);
      client.tell('tapedeck/compared', { comparison: this.last });
    });
  }

  async comparison(): Promise<Answer<'tapedeck/comparison'>> {
    if (this.last || !this.cdp.debugging) return { comparison: this.last };
    const { result } = await this.cdp.send('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(RUNS)})]?.()${ASKED}`,
      silent: true,
      disableBreaks: true,
      returnByValue: true,
    });
    const found = result.value as Comparison | undefined;
    return { comparison: found ? this.placed(found, false) : null };
  }

  private placed(comparison: Comparison, over: boolean): PlacedComparison {
    const rows = comparison.rows.map((row) => {
      const place = placeOf(this.sources, row.site);
      return place ? { ...row, place: place satisfies Place } : row;
    });
    return { ...comparison, rows, over };
  }
}

/** What the program is told of it; fails, before it starts, where a file cannot be read or written. */
export function runsOf({ cwd, record, recordValues = 0, reference, tolerance }: Launch): {
  readonly runs?: Runs;
} {
  if (record === undefined && reference === undefined) return {};
  if (
    record !== undefined &&
    reference !== undefined &&
    resolve(cwd, record) === resolve(cwd, reference)
  )
    throw errors.failed(
      '"record" and "reference" name the same file: a run cannot be compared with its own record.',
    );
  return {
    runs: {
      ...(record !== undefined && {
        record: { path: writable(resolve(cwd, record)), budget: recordValues * 2 ** 20 },
      }),
      ...(reference !== undefined && {
        reference: { path: readable(resolve(cwd, reference)), tolerance: numbers(tolerance) },
      }),
    },
  };
}

function readable(path: string): string {
  try {
    new RecordedRun(path).close();
    return path;
  } catch (failure) {
    throw errors.failed((failure as Error).message);
  }
}

function writable(path: string): string {
  try {
    closeSync(openSync(path, 'a'));
    return path;
  } catch (failure) {
    throw errors.failed(`The record ${path} cannot be written: ${(failure as Error).message}.`);
  }
}

function numbers(tolerance: Launch['tolerance']): { readonly [dtype: string]: number } {
  const given = Object.entries(tolerance).map(([dtype, part]) => {
    const number = part === null ? NaN : Number(part);
    if (!(dtype in TOLERANCES))
      throw errors.attribute('tolerance', `of ${Object.keys(TOLERANCES).join(', ')}`, dtype);
    if (!(number >= 0)) throw errors.attribute('tolerance', 'numbers from 0 on', String(part));
    return [dtype, number] as const;
  });
  return Object.fromEntries(given);
}
