/**
 * The file of a recorded run: JSON, one value a line, so that it can be read
 * while it grows and by anybody. docs/debugging.md describes it for users.
 */
import type { Num, Stats } from '../../engine/protocol.ts';

export const VERSION = 1;

/** The first line. */
export interface RunHeader {
  readonly tapedeck: 'run';
  readonly version: number;
  /** The program, and the folder that the names of files are relative to. */
  readonly program: string;
  readonly folder: string;
  readonly node: string;
  /** When it began, by ISO 8601. */
  readonly begun: string;
}
/** A file of the program, with what it said then; it stands before the first place in it. */
export interface RunSource {
  readonly file: number;
  readonly name: string;
  readonly text: string | null;
}
/** A line that called ops; it stands before the first of them. */
export interface RunSite {
  readonly site: number;
  readonly in: number;
  readonly line: number;
  readonly column: number;
  readonly name?: string;
}
/** An op that has run. */
export interface RunOp {
  readonly op: string;
  readonly path: string;
  /** A `RunSite`; -1 where the line is not known. */
  readonly at: number;
  readonly step: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly RunOutput[];
}
export interface RunOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly checksum: string;
  readonly stats: RunStats;
  readonly sample: readonly Num[];
  /** All elements, row-major and little-endian in base64, 16-bit floats as f32. */
  readonly values?: string;
}
export type RunStats = Pick<Stats, 'mean' | 'sd' | 'min' | 'max' | 'nan' | 'inf'>;
/** The last line of a run that came to its end. */
export interface RunEnd {
  readonly end: number;
}
export type RunLine = RunSource | RunSite | RunOp | RunEnd;

/** What is longer is no line of ours. */
export const LONGEST_LINE = 2 ** 28;
/** Files that are larger are not put in, and are taken for unchanged. */
export const LONGEST_SOURCE = 2 ** 20;
export const MOST_OPS = 10_000_000;
export const MOST_SITES = 1_000_000;
