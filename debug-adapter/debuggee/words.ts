/** What the preload, the relay worker and the adapter agree on. Types and constants, no functions. */
import type { Comparison } from '../protocol.ts';
import type { OpFrame, OpPause, OpStep, ProfileNames, Site } from '../../engine/protocol.ts';

/** Positions in the preload's own shared words, 32 bits each. */
export const RELEASED = 0; // the adapter has said: run
export const LEAVING = 1; // the program is at its end
export const FLUSHED = 2; // everything it said is on the wire
export const EXIT_CODE = 3;
export const STEP = 4; // how the program goes on from an op pause: a position in STEPS, from 1
export const LEFT = 5; // counts up as the program answers, and as what is left at the end goes out
export const WORDS = 6;
export const STEPS: readonly OpStep[] = ['next', 'into', 'finish', 'out'];

/** The environment variable with a `Line`, as JSON. The preload deletes it before the program looks. */
export const LINE = 'TAPEDECK_LINE';

/** How the program reaches the adapter. */
export interface Line {
  readonly socket: string;
  /** Said first; who does not know it is not ours. */
  readonly token: string;
  /** Without, the program runs free and the line only keeps it from outliving the adapter. */
  readonly debug: boolean;
  /** Console calls are told as events, with their line, and not written to stdout as well. */
  readonly consoleEvents: boolean;
  readonly onAdapterLoss: 'kill' | 'continue';
  readonly runs?: Runs;
}

/** The record that is kept of the run, and the one it is compared with; see runs.ts. */
export interface Runs {
  /** `budget` is how many bytes of values are kept. */
  readonly record?: { readonly path: string; readonly budget: number };
  readonly reference?: {
    readonly path: string;
    readonly tolerance: { readonly [dtype: string]: number };
  };
}

/** The query of the preload's address. Workers and forked children inherit it. */
export interface Lent {
  /** Address of the engine that is used where the program's folder has none. */
  readonly engine: string;
  /** Where TypeScript's own compiler is, for what cannot be stripped. */
  readonly typescript?: string;
}

/** How many prints can be opened in the editor, the last ones, and how many bytes they may hold on to. */
export const PRINTS = 100;
export const PRINTED_BYTES = 128e6;
/** A print that can be opened. */
export interface Printed {
  readonly id: number;
  /** How many numbered children it has. */
  readonly rows: number;
}

/** The binding through which the program tells the adapter what happens; see telling.ts. */
export const TELL = 'tapedeck:tell';
/** The `sourceRoot` of the maps that our own transform writes: others are not ours to follow. */
export const OURS = 'tapedeck:';
/** `Symbol.for` of this is what conditions and log messages call; see probes.ts. */
export const PROBES = '@tapedeck/probes/v1';
/** `Symbol.for` of this answers what JavaScript values look like; see values.ts. */
export const VALUES = '@tapedeck/values/v1';
/** `Symbol.for` of this gives how the run compares with its reference; see runs.ts. */
export const RUNS = '@tapedeck/runs/v1';
/** The script of the pause point, and of everything else that no user should see. */
export const INTERNAL = 'tapedeck-internal:///';
export const PAUSE_SCRIPT = `${INTERNAL}pause.js`;
/** The script that each question of the adapter's is: the relay keeps the news of them to itself. */
export const ASKED_SCRIPT = `${INTERNAL}asked.js`;
export const ASKED = `\n//# sourceURL=${ASKED_SCRIPT}\n`;

/** What of a profile has arrived: so many records of it, and texts and places of the program's. */
export interface RecordsKnown {
  readonly from: number;
  readonly texts: number;
  readonly places: number;
}
/** As many records as one answer takes: six megabytes. */
export const A_PART = 100_000;
/** Op records from a number on, in the layout of the ring, in base64; and the texts and places that were not known. */
export interface RecordsPart {
  readonly from: number;
  /** When the profile began, in milliseconds since 1970; 0 before it did. */
  readonly start: number;
  readonly data: string;
  readonly names: ProfileNames | null;
}

/** What the relay itself answers, beside V8's protocol. */
export interface RelayCommands {
  /** Lets the program run its first line. */
  'Relay.release': { paramsType: []; returnType: {} };
  /** Sets and clears bits of the engine's gate, also while the program is busy. */
  'Relay.gate': { paramsType: [{ set: number; clear: number }]; returnType: {} };
  /** How many MiB of values the engine's op log may keep. */
  'Relay.budget': { paramsType: [{ megabytes: number }]; returnType: {} };
  /** Arms an op step of a program that stands at an op and is to be resumed next; null takes back what is armed. */
  'Relay.step': { paramsType: [{ how: OpStep | null }]; returnType: {} };
  /** The engine's control words as they are now. */
  'Relay.words': { paramsType: []; returnType: { words: number[] } };
  /** Op records that are not known yet, as many as one answer takes; none where there are no more. */
  'Relay.records': { paramsType: [RecordsKnown]; returnType: RecordsPart };
  /** Asks the program to end as SIGTERM does, and makes sure after two seconds. */
  'Relay.end': { paramsType: []; returnType: {} };
  /** When the adapter goes now, the program goes on whatever its launch said. */
  'Relay.letGo': { paramsType: []; returnType: {} };
}
export interface RelayEvents {
  'Relay.hello': [{ token: string; pid: number; version: string }];
  /** Op records that nobody had asked for when the program ended. */
  'Relay.rest': [RecordsPart];
  /** The program has ended by itself, after everything it said. */
  'Relay.bye': [{ code: number }];
}
/** What the program itself tells. `sites` are the lines that are running, the innermost first. */
export interface ProgramEvents {
  /** It is about to stop at an op. Without `frames` they could not be read: who asks for them hears why. */
  'Program.stops': [{ reason: OpPause; frames: readonly OpFrame[] | null }];
  /** The engine has been loaded. */
  'Program.engine': [{}];
  /** It has printed; what can be opened has an id. */
  'Program.prints': [
    { stream: 'stdout' | 'stderr'; text: string; print: Printed | null; sites: readonly Site[] },
  ];
  /** A log point's message. */
  'Program.logs': [{ text: string; sites: readonly Site[] }];
  /** The program is at its end, and this came of comparing it. */
  'Program.compared': [{ comparison: Comparison; sites: readonly Site[] }];
  /** The condition or message of a breakpoint failed, for the first time. */
  'Program.faults': [{ why: string; breakpoint?: number; sites: readonly Site[] }];
}
