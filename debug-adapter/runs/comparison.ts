/** What comes of comparing a run with another: a row for each op of the program's text, however often it ran. */
import type { Departure, OpNote, Site } from '../../engine/protocol.ts';
import type { ComparedOp, Comparison as Answer } from '../protocol.ts';
import { Alignment } from './alignment.ts';
import { compare, NONE, type Difference, type Made } from './compare.ts';
import type { RecordedRun } from './recorded.ts';

/** Rows that are told of; a program has hardly more lines with ops. */
const ROWS = 2000;

type Row = { -readonly [K in keyof ComparedOp]: ComparedOp[K] };

/** An op that ran, from a program that runs or from a file. */
export interface Ran extends Pick<OpNote, 'op' | 'path' | 'site' | 'step'> {
  readonly outputs: readonly Omit<Made, 'values'>[];
}

export class Comparison {
  private readonly alignment: Alignment;
  private readonly tolerances: { readonly [dtype: string]: number };
  private readonly rows = new Map<string, Row>();
  private ops = 0;
  /** The last op that was as it should be. */
  private last: Departure['chain'][0] | null = null;

  constructor(
    reference: RecordedRun,
    program: string,
    textOf: (url: string) => string | null,
    tolerances: { readonly [dtype: string]: number },
  ) {
    this.alignment = new Alignment(reference, program, textOf);
    this.tolerances = tolerances;
  }

  /** An op has run; how it differs beyond what is tolerated, else null. `values` are asked for where they can be compared. */
  add(ran: Ran, values?: (output: number) => Uint8Array | null): Departure | null {
    const { op, path, site, step } = ran;
    this.ops++;
    const key = this.alignment.keyOf(path, site);
    const row = this.rowOf(key, { op, path, site });
    const index = this.alignment.next(key);
    if (index === null) {
      row.extra++;
      return null;
    }
    const then = this.alignment.reference.op(index);
    const made = ran.outputs.map((output, i) => {
      const kept = then.outputs[i]?.values !== undefined;
      return kept && values ? { ...output, values: values(i) } : output;
    });
    const found = compare(made, then.outputs, this.tolerances);
    if (found === null) row.same++;
    else this.note(row, found, step);
    if (!found?.beyond) {
      this.last = { op: path, what: asItShould(found ?? NONE), ...(site && { site }) };
      return null;
    }
    return this.departure(ran, then.outputs, found);
  }

  /** As it stands: the ops of the reference that have not come yet are counted as missing. */
  answer(): Answer {
    const rows = new Map([...this.rows].map(([key, row]) => [key, { ...row }]));
    const { header, sources, sites, ops, complete } = this.alignment.reference;
    for (const { key, first, count, met } of this.alignment.keys()) {
      if (met >= count) continue;
      const { path, at } = ops[first]!;
      const row = rows.get(key) ?? empty({ op: path.slice(path.lastIndexOf('/') + 1), path });
      row.missing = count - met;
      const site = sites[at];
      if (!row.site && site)
        row.then = { name: sources[site.in]!.name, line: site.line, column: site.column };
      rows.set(key, row);
    }
    const all = [...rows.values()].sort((a, b) => worth(b) - worth(a));
    const total = (of: 'same' | 'close' | 'differing' | 'missing' | 'extra') =>
      all.reduce((sum, row) => sum + row[of], 0);
    return {
      reference: header.program,
      complete,
      ops: this.ops,
      same: total('same'),
      close: total('close'),
      differing: total('differing'),
      missing: total('missing'),
      extra: total('extra'),
      rows: all.slice(0, ROWS),
      left: Math.max(0, all.length - ROWS),
    };
  }

  private rowOf(
    key: string,
    about: { readonly op: string; readonly path: string; readonly site: Site | undefined },
  ): Row {
    let row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, (row = empty(about)));
    return row;
  }

  private note(row: Row, { beyond, abs, rel, what }: Difference, step: number): void {
    const { same, close, differing } = row;
    if (beyond) row.differing++;
    else row.close++;
    if (beyond && row.first === undefined)
      row.first = { occurrence: same + close + differing + 1, step, op: this.ops };
    if (beyond && what !== undefined) row.what ??= what;
    row.abs = text(Math.max(Number(row.abs), abs));
    row.rel = text(Math.max(Number(row.rel), rel));
  }

  private departure(
    { op, path, site, outputs }: Ran,
    then: readonly { readonly stats: Made['stats'] }[],
    { abs, rel, what }: Difference,
  ): Departure {
    const made = outputs.map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(', ');
    const [mean, known] = [brief(outputs[0]?.stats.mean), brief(then[0]?.stats.mean)];
    const numbers = `differs by up to ${brief(abs)} (relative ${brief(rel)}); mean ${mean}, ${known} there`;
    const apart = what ?? numbers;
    const message = what
      ? `${op} ${what}`
      : `${op} made ${made} that ${numbers.replace('differs', 'differs from the reference')}`;
    const here = { op: path, what: apart, ...(site && { site }) };
    return { message, facts: { abs, rel }, chain: this.last ? [this.last, here] : [here] };
  }
}

function empty({
  op,
  path,
  site,
}: {
  readonly op: string;
  readonly path: string;
  readonly site?: Site | undefined;
}): Row {
  const none = { same: 0, close: 0, differing: 0, missing: 0, extra: 0, abs: 0, rel: 0 };
  return { op, path, ...(site && { site }), ...none };
}

/** The worst first, as the program runs them. */
function worth({ differing, missing, extra, close }: Row): number {
  return differing ? 4 : missing ? 3 : extra ? 2 : close ? 1 : 0;
}

function asItShould({ abs, rel }: Difference): string {
  return abs === 0 ? 'is the same' : `is within ${brief(abs)} (relative ${brief(rel)})`;
}

export function brief(value: number | string | undefined): string {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(3))) : String(number);
}

/** As JSON can carry it. */
function text(value: number): Row['abs'] {
  return Number.isFinite(value) ? value : 'Infinity';
}
