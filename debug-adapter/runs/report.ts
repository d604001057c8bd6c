/** A comparison of two runs, in lines to be read. */
import type { ComparedOp, Comparison as Answer } from '../protocol.ts';
import { brief, Comparison } from './comparison.ts';
import { RecordedRun } from './recorded.ts';

/** Two recorded runs; the second is what the first should have been, or has become. */
export function compareRuns(
  older: string,
  newer: string,
  tolerances: { readonly [dtype: string]: number },
): Answer {
  const [then, now] = [new RecordedRun(older), new RecordedRun(newer)];
  const { folder, program } = now.header;
  const url = (name: string): string => new URL(encodeURI(name), folder).href;
  const text = (wanted: string): string | null =>
    now.sources.find(({ name }) => url(name) === wanted)?.text ?? null;
  try {
    const comparison = new Comparison(then, url(program), text, tolerances);
    now.ops.forEach((_, index) => {
      const { op, path, at, step, outputs } = now.op(index);
      const site = now.sites[at];
      const place = site && { ...site, url: url(now.sources[site.in]!.name) };
      comparison.add({ op, path, step, outputs, site: place }, (i) => {
        const { values } = outputs[i]!;
        return values === undefined ? null : new Uint8Array(Buffer.from(values, 'base64'));
      });
    });
    return comparison.answer();
  } finally {
    for (const run of [then, now]) run.close();
  }
}

/** A summary, and a line for each op that does not match; `most` of them. */
export function report(found: Answer, most = 50): readonly string[] {
  const { ops, same, close, differing, missing, extra, complete, reference } = found;
  const apart = found.rows.filter((row) => row.differing + row.missing + row.extra > 0);
  const hidden = apart.length - most + found.left;
  return [
    `${ops} ops beside ${reference}${complete ? '' : ', which did not come to its end'}: ${same} the same, ${close} within the tolerance, ${differing} beyond it, ${missing} missing, ${extra} extra`,
    ...apart.slice(0, most).map(line),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ];
}

function line(row: ComparedOp): string {
  return `  ${row.path}${placeOf(row)}: ${said(row)}`;
}

function placeOf({ site, then }: ComparedOp): string {
  if (site) return ` (${decodeURI(site.url.replace(/^.*\//, ''))}:${site.line}:${site.column})`;
  return then ? ` (${then.name}:${then.line}:${then.column} of the reference)` : '';
}

/** `3 of 40 differ, the first the 2nd in step 1, by up to 0.5 (relative 0.1); 2 missing`. */
export function said(row: ComparedOp): string {
  const { same, close, differing, missing, extra, abs, rel, first, what } = row;
  const all = same + close + differing;
  return [
    ...(differing
      ? [
          `${differing} of ${all} ${differing === 1 ? 'differs' : 'differ'}${first && all > 1 ? `, first run ${first.occurrence} (step ${first.step})` : ''}: ${what ?? `by up to ${brief(abs)} (relative ${brief(rel)})`}`,
        ]
      : []),
    ...(missing ? [`${missing} missing`] : []),
    ...(extra ? [`${extra} extra`] : []),
  ].join('; ');
}
