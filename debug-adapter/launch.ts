/** What a launch configuration may say: one table, from which the editor's schema is printed as well. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { errors } from './errors.ts';
import { meant } from './spelling.ts';

/** What a program may be called. */
export const ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const;

type Kind = 'string' | 'boolean' | 'number' | 'strings' | 'words';
interface Attribute {
  readonly type: Kind;
  /** Absent: the attribute has no value unless it is given. */
  readonly default?: unknown;
  /** The values that fit, where they are few. */
  readonly values?: readonly string[];
  readonly description: string;
}

export const attributes = {
  program: {
    type: 'string',
    description: 'The file to run: .ts, .mts, .cts, .js, .mjs or .cjs.',
  },
  args: { type: 'strings', default: [], description: 'Arguments of the program.' },
  cwd: {
    type: 'string',
    description: 'The folder the program runs in. By default the folder of the program.',
  },
  env: {
    type: 'words',
    default: {},
    description: 'Environment variables, on top of the editor’s own. null takes one away.',
  },
  envFile: {
    type: 'string',
    description: 'A file with environment variables, NAME=value a line. `env` wins over it.',
  },
  runtimeExecutable: {
    type: 'string',
    description:
      'The Node to run with, 22.15 or newer: a path or a name on the PATH. By default `node`, or the one that runs the editor where that is too old.',
  },
  runtimeArgs: {
    type: 'strings',
    default: [],
    description: 'Flags of Node, in front of the program.',
  },
  console: {
    type: 'string',
    default: 'internalConsole',
    values: ['internalConsole', 'integratedTerminal'],
    description:
      'Where the program prints. The debug console knows the line of each print and opens values; a terminal can also be typed into.',
  },
  stopOnEntry: {
    type: 'boolean',
    default: false,
    description: 'Stop before the first line of the program.',
  },
  skipFiles: {
    type: 'strings',
    default: ['**/node_modules/**'],
    description:
      'Patterns of files that stepping passes through and the call stack shows in grey. Node’s and the engine’s own are never shown.',
  },
  profile: {
    type: 'boolean',
    default: false,
    description: 'Record the time and memory of every op from the start.',
  },
  opLog: {
    type: 'string',
    default: 'auto',
    values: ['auto', 'always', 'off'],
    description:
      'When the op log is kept, over which one steps back: from the first stop at an op or exception filter for tensors on, from the first line on, or never.',
  },
  opLogBudget: {
    type: 'number',
    default: 256,
    description:
      'How many MiB of tensor values the op log may keep. Beyond it values go that can be computed again, then the oldest.',
  },
  record: {
    type: 'string',
    description:
      'Keep a record of the run in this file: of each op its path, line, shapes, checksum and statistics. Another run can be compared with it, as its `reference`.',
  },
  recordValues: {
    type: 'number',
    description:
      'How many MiB of tensor values the record keeps, those of the first ops. Without it none: a comparison then looks at checksums, statistics and 16 elements of each tensor.',
  },
  reference: {
    type: 'string',
    description:
      'A recorded run to compare this one with, op by op. The exception filter _Divergence from Reference_ stops at the first op that makes something else.',
  },
  tolerance: {
    type: 'words',
    default: {},
    description:
      'How far numbers may be from those of the reference, by dtype, as a part of their size: `{ "f32": 1e-3 }`. Else f32 1e-4, f64 1e-9, f16 0.01, bf16 0.05; integers not at all.',
  },
  onAdapterLoss: {
    type: 'string',
    default: 'kill',
    values: ['kill', 'continue'],
    description: 'What becomes of the program when the editor is gone without a word.',
  },
} as const satisfies Record<string, Attribute>;

type Value<K extends Kind> = {
  string: string;
  boolean: boolean;
  number: number;
  strings: readonly string[];
  words: Readonly<Record<string, string | number | null>>;
}[K];
type Attributes = typeof attributes;
export type Configuration = {
  readonly [N in keyof Attributes]: Attributes[N] extends { values: readonly (infer V)[] }
    ? V
    : Attributes[N] extends { default: unknown }
      ? Value<Attributes[N]['type']>
      : Value<Attributes[N]['type']> | undefined;
};
/** A configuration that can be run. */
export interface Launch extends Configuration {
  readonly program: string;
  readonly cwd: string;
  /** What its environment has on top of the editor's; null takes one away. */
  readonly variables: Readonly<Record<string, string | null>>;
  /** The whole environment of the program. */
  readonly environment: Readonly<Record<string, string>>;
  readonly noDebug: boolean;
}

/** The JSON schema of `configurationAttributes.launch` in package.json. */
export function schema(): object {
  const types = {
    string: { type: 'string' },
    boolean: { type: 'boolean' },
    number: { type: 'integer', minimum: 1 },
    strings: { type: 'array', items: { type: 'string' } },
    words: { type: 'object', additionalProperties: { type: ['string', 'number', 'null'] } },
  };
  const properties = Object.entries(attributes as Record<string, Attribute>).map(
    ([name, { type, default: value, values, description }]) => [
      name,
      {
        ...types[type],
        ...(values && { enum: values }),
        ...(value !== undefined && { default: value }),
        markdownDescription: description,
      },
    ],
  );
  return { required: ['program'], properties: Object.fromEntries(properties) };
}

/** Fills in what is not said and fails, with a sentence that names the attribute, where it cannot run. */
export function read(given: Readonly<Record<string, unknown>>): Launch {
  checkNames(Object.keys(given));
  const filled = Object.entries(attributes as Record<string, Attribute>).map(
    ([name, attribute]) => [name, fitting(name, attribute, given[name] ?? attribute.default)],
  );
  const configuration = Object.fromEntries(filled) as Configuration;
  const program = checkedProgram(configuration);
  const cwd = configuration.cwd ? resolve(configuration.cwd) : dirname(program);
  checkFolder(cwd);
  const variables = variablesOf(configuration, cwd);
  return {
    ...configuration,
    program,
    cwd,
    variables,
    environment: environment(variables),
    noDebug: given['noDebug'] === true,
  };
}

/** Editors add attributes of their own; what is nearly one of ours was meant to be. */
function checkNames(given: readonly string[]): void {
  const known = Object.keys(attributes);
  const others = ['name', 'noDebug', 'request', 'type', ...known];
  for (const name of given) {
    const instead = others.includes(name) ? null : meant(name, known);
    if (instead !== null) throw errors.misspelt(name, instead);
  }
}

function fitting(name: string, { type, values }: Attribute, value: unknown): unknown {
  if (value === undefined) return undefined;
  const [fits, test] = values
    ? [values.map((each) => `"${each}"`).join(' or '), () => values.includes(value as string)]
    : kinds[type];
  if (!test(value)) throw errors.attribute(name, fits, JSON.stringify(value));
  return value;
}

const kinds: Record<Kind, readonly [string, (value: unknown) => boolean]> = {
  string: ['a text', (value) => typeof value === 'string'],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  number: ['a whole number from 1 on', (value) => Number.isInteger(value) && (value as number) > 0],
  strings: [
    'a list of texts',
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ],
  words: [
    'an object of texts',
    (value) =>
      typeof value === 'object' &&
      !Array.isArray(value) &&
      Object.values(value!).every((each) => each === null || /string|number/.test(typeof each)),
  ],
};

function checkedProgram({ program, cwd }: Configuration): string {
  if (!program) throw errors.noProgram();
  const path = resolve(cwd ?? '.', program);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw errors.programMissing(path);
  if (!stat.isFile()) throw errors.programNotFile(path);
  if (!(ENDINGS as readonly string[]).includes(extname(path)))
    throw errors.programKind(path, ENDINGS.join(' '));
  return path;
}

function checkFolder(cwd: string): void {
  const stat = statSync(cwd, { throwIfNoEntry: false });
  if (!stat) throw errors.folderMissing(cwd);
  if (!stat.isDirectory()) throw errors.folderNotFolder(cwd);
}

function variablesOf({ env, envFile }: Configuration, cwd: string): Launch['variables'] {
  const given = Object.entries({ ...fromFile(envFile, cwd), ...env });
  return Object.fromEntries(
    given.map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

function environment(variables: Launch['variables']): Record<string, string> {
  const all = Object.entries({ ...process.env, ...variables });
  return Object.fromEntries(
    all.filter((each): each is [string, string] => typeof each[1] === 'string'),
  );
}

function fromFile(envFile: string | undefined, cwd: string): NodeJS.Dict<string> {
  if (envFile === undefined) return {};
  const path = resolve(cwd, envFile);
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw errors.envFileMissing(path);
    throw errors.envFile(path, code === 'EISDIR' ? 'it is a folder' : message);
  }
}
