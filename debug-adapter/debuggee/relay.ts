/**
 * Runs in a worker of the user's process and carries the inspector's messages
 * between the main thread and the adapter's socket. It has a loop of its own,
 * so it answers also while the program is busy, and it sees to it that the
 * program does not outlive the adapter.
 */
import { Session } from 'node:inspector';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { BUDGET, GATE, Gate } from '../../engine/protocol.ts';
import { lines } from './lines.ts';
import type { Shared } from './pause.ts';
import { Records } from './records.ts';
import { compileHere } from './wasm.ts';
import {
  ASKED,
  ASKED_SCRIPT,
  EXIT_CODE,
  FLUSHED,
  LEAVING,
  LEFT,
  RELEASED,
  STEP,
  STEPS,
  type Line,
  type RecordsKnown,
  type RelayCommands,
} from './words.ts';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params?: object;
}

interface Notification {
  readonly method: string;
  readonly params: { readonly url?: string; readonly payload?: string };
}

const {
  line,
  words: shared,
  control,
  records: ring,
} = workerData as Shared & { line: Line; words: SharedArrayBuffer };
const words = new Int32Array(shared);
const gate = new Int32Array(control);
const GRACE = 2000;

const session = line.debug ? new Session() : null;
const records = new Records(control, ring, evaluated);
const socket = connect(line.socket);
/** The program is past everything that could stop it. */
let over = false;
/** The adapter has taken the program up. */
let met = false;
let onLoss = line.onAdapterLoss;

const own: Record<string, (params: never) => object | Promise<object>> = {
  'Relay.release': () => (release(), {}),
  'Relay.gate': ({ set, clear }: { set: number; clear: number }) => {
    Atomics.and(gate, GATE, ~clear);
    Atomics.or(gate, GATE, set);
    return {};
  },
  'Relay.budget': ({ megabytes }: { megabytes: number }) => {
    Atomics.store(gate, BUDGET, megabytes);
    return {};
  },
  'Relay.step': ({ how }: RelayCommands['Relay.step']['paramsType'][0]) => {
    Atomics.store(words, STEP, how ? STEPS.indexOf(how) + 1 : 0);
    if (!how) Atomics.and(gate, GATE, ~(Gate.NEXT | Gate.AFTER));
    return {};
  },
  'Relay.words': () => ({ words: [...gate] }),
  'Relay.records': (known: RecordsKnown) => records.after(known),
  'Relay.end': () => (end(), {}),
  'Relay.letGo': () => ((onLoss = 'continue'), {}),
};

parentPort!.on('message', compileHere);
session?.connectToMainThread();
session?.on('inspectorNotification', (message: Notification) => {
  const { method, params } = message;
  // What the program tells is a message by itself.
  if (method === 'Runtime.bindingCalled') socket.write(`${params.payload}\n`);
  else if (method !== 'Debugger.scriptParsed' || params.url !== ASKED_SCRIPT) say(message);
});
say({
  method: 'Relay.hello',
  params: { token: line.token, pid: process.pid, version: process.versions.node },
});

socket.setEncoding('utf8');
socket.on(
  'data',
  lines((line) => {
    met = true;
    answer(JSON.parse(line) as Request);
  }),
);
// What fails on the way out is followed by 'close', and that is where we act.
socket.on('error', () => {});
socket.on('close', lost);
void Promise.resolve(Atomics.waitAsync(words, LEAVING, 0).value).then(leave);

function say(message: object, sent?: () => void): void {
  socket.write(`${JSON.stringify(message)}\n`, sent);
}

function answer({ id, method, params }: Request): void {
  const mine = own[method];
  if (mine) {
    void Promise.resolve(mine(params as never)).then(
      (result) => say({ id, result }),
      (failure: Error) => say({ id, error: { message: failure.message } }),
    );
    return;
  }
  if (!session) return say({ id, error: { message: 'The program runs without debugging.' } });
  session.post(method as 'Runtime.enable', params as never, (failure: unknown, result?: object) => {
    // Errors of a session are objects whose JSON has no message.
    if (failure) say({ id, error: { message: (failure as Error).message } });
    else say({ id, result: result ?? {} });
  });
}

function release(): void {
  Atomics.store(words, RELEASED, 1);
  Atomics.notify(words, RELEASED);
}

/** What an expression gives in the program, which may be busy or paused. */
function evaluated(expression: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const params = { expression: `${expression}${ASKED}`, returnByValue: true, silent: true };
    session!.post('Runtime.evaluate', params, (failure: Error | null, answer?: object) => {
      Atomics.add(words, LEFT, 1);
      if (failure) reject(new Error(failure.message));
      else resolve((answer as { result: { value?: unknown } }).result.value);
    });
  });
}

/** Says what is left. */
async function leave(): Promise<void> {
  // An adapter that is gone waits for nothing, and its session is closed.
  if (session && socket.writable) {
    try {
      for await (const params of records.rest())
        await new Promise<void>((sent) => {
          Atomics.add(words, LEFT, 1);
          say({ method: 'Relay.rest', params }, () => sent());
        });
      // The answer comes after every notification that was under way: then all is said.
      await evaluated('0');
    } catch {
      // What cannot be asked any more is not said.
    }
  }
  over = true;
  // A step that is still under way could stop the program once more, and nobody would be there.
  session?.disconnect();
  const bye = { method: 'Relay.bye', params: { code: words[EXIT_CODE] } };
  socket.end(`${JSON.stringify(bye)}\n`, () => {
    Atomics.store(words, FLUSHED, 1);
    Atomics.notify(words, FLUSHED);
  });
}

/** The adapter is gone. Letting go of the inspector resumes a paused program; one that nobody took up does not begin. */
function lost(): void {
  if (over) return;
  Atomics.store(gate, GATE, 0);
  Atomics.store(words, STEP, 0);
  session?.disconnect();
  if (onLoss === 'kill' || !met) end();
  release();
}

/** A busy program never sees the signal it listens for, so it has two seconds and then no choice. */
function end(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE);
  process.kill(process.pid, 'SIGTERM');
}
