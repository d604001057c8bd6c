/** Writes the record of a run to its file, while the program runs. */
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpNote, OutputNote, Site } from '../../engine/protocol.ts';
import {
  LONGEST_LINE,
  LONGEST_SOURCE,
  VERSION,
  type RunHeader,
  type RunLine,
  type RunOutput,
} from './format.ts';

export class Recorder {
  private readonly file: number;
  private readonly folder: string;
  private readonly files = new Map<string, number>();
  private readonly sites = new Map<string, number>();
  /** How many bytes of values may still be kept. */
  private room: number;
  private text = '';
  private written = 0;
  private ops = 0;

  /** `program` is its address; `budget` is how many bytes of values are kept, the first there are. */
  constructor(path: string, program: URL, budget: number) {
    this.file = openSync(path, 'w');
    this.folder = new URL('.', program).href;
    this.room = budget;
    const header: RunHeader = {
      tapedeck: 'run',
      version: VERSION,
      program: this.nameOf(program.href),
      folder: this.folder,
      node: process.versions.node,
      begun: new Date().toISOString(),
    };
    this.put(header);
    this.flush();
  }

  note({ op, path, site, step, inputs, outputs }: OpNote): void {
    const at = site ? this.siteOf(site) : -1;
    this.put({ op, path, at, step, inputs, outputs: outputs.map((each) => this.outputOf(each)) });
    this.ops++;
  }

  /** The program is at its end. */
  end(): void {
    this.put({ end: this.ops });
    this.flush();
    closeSync(this.file);
  }

  private outputOf(output: OutputNote): RunOutput {
    const { name, shape, dtype, checksum, sample } = output;
    const { mean, sd, min, max, nan, inf } = output.stats;
    const kept = this.valuesOf(output);
    return {
      name,
      shape,
      dtype,
      checksum,
      stats: { mean, sd, min, max, nan, inf },
      sample,
      ...(kept !== null && { values: kept }),
    };
  }

  private valuesOf(output: OutputNote): string | null {
    if (this.room <= 0) return null;
    const values = output.values();
    if (!values || values.length > this.room || 2 * values.length > LONGEST_LINE) return null;
    this.room -= values.length;
    // The bytes may lie in memory that threads share, which is copied first.
    return Buffer.from(values).toString('base64');
  }

  private siteOf({ url, line, column, name }: Site): number {
    const key = `${url}:${line}:${column}`;
    const known = this.sites.get(key);
    if (known !== undefined) return known;
    const file = this.fileOf(url);
    const site = this.sites.size;
    this.sites.set(key, site);
    this.put({ site, in: file, line, column, ...(name && { name }) });
    return site;
  }

  private fileOf(url: string): number {
    const known = this.files.get(url);
    if (known !== undefined) return known;
    const file = this.files.size;
    this.files.set(url, file);
    this.put({ file, name: this.nameOf(url), text: textOf(url) });
    return file;
  }

  private nameOf(url: string): string {
    return url.startsWith(this.folder) ? decodeURI(url.slice(this.folder.length)) : url;
  }

  private put(line: RunHeader | RunLine): void {
    this.text += `${JSON.stringify(line)}\n`;
    const now = performance.now();
    if (this.text.length > PART || now - this.written > WHILE) this.flush();
  }

  private flush(): void {
    let rest = Buffer.from(this.text);
    while (rest.length > 0) rest = rest.subarray(writeSync(this.file, rest));
    this.text = '';
    this.written = performance.now();
  }
}

const PART = 2 ** 18;
/** A program that is killed loses no more than this, in milliseconds. */
const WHILE = 200;

/** What a file says; null where that is not to be had, or too much. */
export function textOf(url: string): string | null {
  try {
    const path = fileURLToPath(url.split('?')[0]!);
    return statSync(path).size > LONGEST_SOURCE ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
