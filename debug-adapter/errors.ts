/** Every message the adapter can fail with, with its number. Numbers are never used twice. */

/** A failure the user reads: the text is a whole sentence and says what would help. */
export class AdapterError extends Error {
  readonly number: number;
  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

const list = {
  notRunning: [1, () => 'The program is not running.'],
  notPaused: [2, () => 'The program is running; pause it first.'],
  unknownRequest: [3, (name: string) => `Tapedeck does not know the request "${name}".`],
  failed: [4, (why: string) => why],
  argument: [
    50,
    (request: string, name: string, fits: string, given: string) =>
      `The request "${request}" was sent with a wrong argument: "${name}" must be ${fits}; it is ${given}.`,
  ],
  malformed: [
    51,
    (request: string) =>
      `The request "${request}" lacks an argument, or has one that makes no sense.`,
  ],
  launched: [
    52,
    () =>
      'This session has its program already: start another session for another program, or restart.',
  ],
  noMessage: [53, () => 'A message has no "command" that is a text.'],

  noProgram: [
    10,
    () => 'The launch configuration has no "program": give the path of the file to run.',
  ],
  programMissing: [11, (path: string) => `The program ${path} does not exist.`],
  programNotFile: [
    12,
    (path: string) => `The program ${path} is not a file: give the path of a .ts or .js file.`,
  ],
  programKind: [
    13,
    (path: string, kinds: string) => `Tapedeck runs ${kinds} files; the program ${path} is none.`,
  ],
  attribute: [
    14,
    (name: string, fits: string, given: string) =>
      `"${name}" in the launch configuration must be ${fits}; it is ${given}.`,
  ],
  misspelt: [
    54,
    (name: string, instead: string) =>
      `The launch configuration says "${name}", which means nothing; did you mean "${instead}"?`,
  ],
  folderMissing: [15, (path: string) => `The folder "cwd" ${path} does not exist.`],
  folderNotFolder: [23, (path: string) => `"cwd" must be a folder; ${path} is a file.`],
  envFileMissing: [16, (path: string) => `The file "envFile" ${path} does not exist.`],
  envFile: [
    24,
    (path: string, why: string) => `The file "envFile" ${path} cannot be read: ${why}.`,
  ],
  runtimeMissing: [
    17,
    (path: string) =>
      `The runtime "${path}" cannot be started. Install Node 22.15 or newer, or name one in "runtimeExecutable".`,
  ],
  runtimeTooOld: [
    18,
    (path: string, version: string, floor: string) =>
      `The runtime "${path}" is Node ${version}; Tapedeck needs ${floor} or newer. Name one in "runtimeExecutable".`,
  ],
  startFailed: [19, (how: string) => `The program ended before the debugger reached it: ${how}.`],
  noTerminal: [20, (why: string) => `The editor opened no terminal for the program: ${why}.`],
  endedEarly: [22, () => 'The launch was ended before the program was there.'],
  terminalSilent: [
    21,
    (seconds: number) => `The program in the terminal did not start within ${seconds} seconds.`,
  ],

  hitCount: [
    25,
    (text: string) => `A hit count is a number, or one behind = > >= < <= or %; not "${text}".`,
  ],
  expression: [26, (text: string, why: string) => `"${text}" is not an expression: ${why}.`],

  noFrame: [30, () => 'This frame is gone: the program has moved on.'],
  noHandle: [31, () => 'This value is gone: the program has moved on.'],
  noVariable: [33, (name: string) => `There is no variable "${name}" here.`],
  noAwait: [
    34,
    () =>
      'Nothing can be awaited here: the program stands still, so no promise can be kept. Tensors can be read without await.',
  ],
  syntax: [35, (why: string) => `That is not JavaScript: ${why}.`],
  tooLong: [
    36,
    (seconds: number) =>
      `The evaluation was ended after ${seconds} s. What it had changed in the engine is put back.`,
  ],
  constant: [37, (name: string) => `"${name}" is a constant: it cannot be given another value.`],
  constantTensor: [
    38,
    (name: string, why: string) =>
      `"${name}" is a constant, so it can only be changed in place, and ${why}`,
  ],
  noTensor: [39, (name: string) => `"${name}" is no tensor: it has no part to be changed.`],
  noElement: [40, (index: string, tensor: string) => `${tensor} has no element ${index}.`],
  past: [
    42,
    () =>
      'This is the past, which does not change. Return to the present first: Continue and line steps do, and Next Op up to the end of the op log.',
  ],
  noOpLog: [
    43,
    () =>
      'There is no op log to step back over: the launch configuration says "opLog": "off". "auto" keeps it from the first stop at an op or exception filter for tensors on.',
  ],
  noEngine: [44, () => 'The program has not loaded the engine: no op has run.'],
  begun: [
    48,
    (op: string, name: string) =>
      `${op} has begun, and "${name}" with it: attributes can be changed where the program stands before the op.`,
  ],
  fixed: [41, (name: string) => `"${name}" is shown only: it cannot be changed.`],
  noAddress: [45, (reference: string) => `"${reference}" is no address in the op log.`],
  rows: [
    46,
    (asked: string, most: number) =>
      `"instructionCount" is a whole number up to ${most}; it is ${asked}.`,
  ],
  noException: [32, () => 'The program did not stop at an exception.'],
} as const satisfies Record<string, readonly [number, (...words: never[]) => string]>;

type Errors = {
  readonly [Name in keyof typeof list]: (
    ...words: Parameters<(typeof list)[Name][1]>
  ) => AdapterError;
};

/** Makes the errors of the list by name: `errors.noProgram()`. */
export const errors = Object.fromEntries(
  Object.entries(list).map(([name, [number, text]]) => [
    name,
    (...words: never[]) => new AdapterError(number, (text as (...w: never[]) => string)(...words)),
  ]),
) as Errors;
