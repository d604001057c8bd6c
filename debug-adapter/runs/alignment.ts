/**
 * Which op of a run is which of another. Ops are told apart by the layers and
 * ops around them and by the line that called, as far as that line is in both
 * texts of its file; then by their order. So lines may move, and what was added
 * or taken out on a line of its own shifts nothing else.
 */
import type { Site } from '../../engine/protocol.ts';
import { lineMap, unchanged, type LineMap } from './lines.ts';
import type { RecordedRun } from './recorded.ts';

export class Alignment {
  readonly reference: RecordedRun;
  private readonly folder: string;
  private readonly program: string;
  private readonly textOf: (url: string) => string | null;
  private readonly maps = new Map<string, LineMap>();
  /** The ops of the reference, by their key, in order. */
  private readonly byKey = new Map<string, number[]>();
  private readonly seen = new Map<string, number>();

  /** `program` is the address of the one that runs; `textOf` gives what its files say. */
  constructor(reference: RecordedRun, program: string, textOf: (url: string) => string | null) {
    this.reference = reference;
    this.program = program;
    this.folder = new URL('.', program).href;
    this.textOf = textOf;
    reference.ops.forEach(({ path, at }, index) => {
      const key = this.keyThen(path, at);
      const list = this.byKey.get(key);
      if (list) list.push(index);
      else this.byKey.set(key, [index]);
    });
  }

  /** What stands for the op of that path that a line calls. */
  keyOf(path: string, site: Site | undefined): string {
    if (!site) return path;
    const name = this.nameOf(site.url);
    return `${path}@${name}${this.mapOf(name).newer(site.line)}`;
  }

  /** The op of the reference that is the next with this key; null where it had no more. */
  next(key: string): number | null {
    const occurrence = this.seen.get(key) ?? 0;
    this.seen.set(key, occurrence + 1);
    return this.byKey.get(key)?.[occurrence] ?? null;
  }

  /** The key of an op of the reference. */
  keyThen(path: string, at: number): string {
    const { sites, sources } = this.reference;
    const site = sites[at];
    if (!site) return path;
    const { name } = sources[site.in]!;
    return `${path}@${name}${this.mapOf(name).older(site.line)}`;
  }

  /** For each key, how many the reference has, and how many of them have come. */
  *keys(): Generator<{
    readonly key: string;
    readonly first: number;
    readonly count: number;
    readonly met: number;
  }> {
    for (const [key, list] of this.byKey)
      yield { key, first: list[0]!, count: list.length, met: this.seen.get(key) ?? 0 };
  }

  /** The program itself may be called otherwise than that of the reference. */
  private nameOf(url: string): string {
    if (url === this.program) return this.reference.header.program;
    return url.startsWith(this.folder) ? decodeURI(url.slice(this.folder.length)) : url;
  }

  private mapOf(name: string): LineMap {
    let map = this.maps.get(name);
    if (map === undefined) this.maps.set(name, (map = this.compared(name)));
    return map;
  }

  private compared(name: string): LineMap {
    const { header, sources } = this.reference;
    const then = sources.find((source) => source.name === name)?.text ?? null;
    const url = name === header.program ? this.program : new URL(encodeURI(name), this.folder).href;
    const now = then === null ? null : this.textOf(url);
    return then === null || now === null || then === now ? unchanged : lineMap(then, now);
  }
}
