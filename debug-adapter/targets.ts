/** The user's process: started, watched, ended, and never left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { LINE } from './debuggee/words.ts';
import { errors } from './errors.ts';
import type { Launch } from './launch.ts';
import { Rendezvous } from './rendezvous.ts';
import { findRuntime, type Runtime } from './runtime.ts';

/** What runs in the user's process besides the program; given by whoever starts the adapter. */
export interface Lendings {
  /** Address of debuggee/preload. */
  readonly preload: URL;
  /** Address of the engine that programs get whose folder has none. */
  readonly engine: URL;
  /** Path of the TypeScript package, for syntax that needs its compiler. */
  readonly typescript?: string;
}

/** How long a program may take to end when asked. */
const GRACE = 2000;
/** How long after the end its streams may still say something. */
const STREAMS = 250;
const TERMINAL_PATIENCE = 30_000;

type Ending = [code: number | null, signal: NodeJS.Signals | null];

export class Target {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly lent: Lendings;
  private child: ChildProcess | null = null;
  private pid: number | null = null;
  private told = true;
  private ending: Promise<Ending> | null = null;
  private streams: Promise<unknown> | null = null;
  private farewell: number | null = null;
  private over: Promise<void> = Promise.resolve();
  private written: (text: string, category: 'stdout' | 'stderr' | 'console') => void = () => {};

  constructor(cdp: Cdp, client: Client, lent: Lendings) {
    this.cdp = cdp;
    this.client = client;
    this.lent = lent;
    cdp.on('Relay.bye', ({ code }) => (this.farewell = code));
  }

  /** Hears what the program writes to its streams, unless a terminal does. */
  onWritten(heard: (text: string, category: 'stdout' | 'stderr' | 'console') => void): void {
    this.written = heard;
  }

  /** Fulfils when the program waits in front of its first line; fails with what went wrong. */
  async start(launch: Launch): Promise<void> {
    const runtime = await findRuntime(launch);
    if (runtime.note) this.written(`${runtime.note}\n`, 'console');
    const terminal = launch.console === 'integratedTerminal';
    // The profiler is reached through the inspector, too.
    const debug = !launch.noDebug || launch.profile;
    const meeting = new Rendezvous({
      debug,
      consoleEvents: !terminal && !launch.noDebug,
      onAdapterLoss: launch.onAdapterLoss,
    });
    await meeting.open();
    this.farewell = null;
    this.told = true;
    try {
      const failed = terminal
        ? this.startInTerminal(launch, runtime, meeting)
        : this.startHere(launch, runtime, meeting);
      const { socket, hello } = await Promise.race([meeting.met, failed]);
      this.pid = hello.pid;
      this.over = this.watch(closed(socket));
      await this.cdp.connect(socket, debug);
    } finally {
      meeting.close();
    }
    this.client.tell('process', {
      name: launch.program,
      systemProcessId: this.pid,
      isLocalProcess: true,
      startMethod: 'launch',
    });
  }

  /** Lets the program run its first line. */
  async release(): Promise<void> {
    await this.cdp.send('Relay.release');
  }

  /** Asks the program to end, as SIGTERM does; it has two seconds to do so. */
  async terminate(): Promise<void> {
    if (this.pid === null) return;
    await this.cdp.send('Relay.end').catch(() => this.signal('SIGTERM'));
  }

  /** The program goes on by itself when the adapter is gone. */
  async letGo(): Promise<void> {
    if (this.pid !== null) await this.cdp.send('Relay.letGo').catch(() => {});
  }

  /** Fulfils when no process is left. `told` is false where another follows: the editor keeps its session. */
  async kill(told = true): Promise<void> {
    if (this.pid === null && !this.child) return;
    this.told = told;
    await this.terminate();
    const late = setTimeout(GRACE, 'late', { ref: false });
    if ((await Promise.race([this.over, late])) === 'late') this.signal('SIGKILL');
    await this.over;
  }

  private startHere(launch: Launch, runtime: Runtime, meeting: Rendezvous): Promise<never> {
    const [command, ...args] = this.commandLine(launch, runtime);
    const child = spawn(command!, args, {
      cwd: launch.cwd,
      env: { ...launch.environment, ...runtime.environment, [LINE]: JSON.stringify(meeting.line) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.ending = once(child, 'exit') as Promise<Ending>;
    this.streams = once(child, 'close');
    // An executable that cannot be started ends these too; the error itself is told below.
    Promise.all([this.ending, this.streams]).catch(() => {});
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.written(text, 'stdout'));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.written(text, 'stderr'));
    return new Promise((_, reject) => {
      child.once('error', () => reject(errors.runtimeMissing(runtime.path)));
      child.once('close', (code, signal) => reject(errors.startFailed(howItEnded(code, signal))));
    });
  }

  private async startInTerminal(
    launch: Launch,
    runtime: Runtime,
    meeting: Rendezvous,
  ): Promise<never> {
    const given = Object.entries({ ...launch.env, ...runtime.environment });
    await this.client
      .runInTerminal({
        kind: 'integrated',
        title: 'Tapedeck',
        cwd: launch.cwd,
        args: this.commandLine(launch, runtime),
        env: {
          ...Object.fromEntries(given.map(([k, v]) => [k, v === null ? null : String(v)])),
          [LINE]: JSON.stringify(meeting.line),
        },
      })
      .catch((failure: Error) => {
        throw errors.noTerminal(failure.message);
      });
    await setTimeout(TERMINAL_PATIENCE, undefined, { ref: false });
    throw errors.terminalSilent(TERMINAL_PATIENCE / 1000);
  }

  private commandLine({ runtimeArgs, program, args }: Launch, { path }: Runtime): string[] {
    const preload = new URL(this.lent.preload);
    preload.searchParams.set('engine', this.lent.engine.href);
    if (this.lent.typescript) preload.searchParams.set('typescript', this.lent.typescript);
    return [path, ...runtimeArgs, '--import', preload.href, program, ...args];
  }

  /** Waits for the end and says how it was, once everything the program said has been passed on. */
  private async watch(lineClosed: Promise<unknown>): Promise<void> {
    await lineClosed;
    const [code, signal] = this.ending ? await this.ending : [this.farewell, null];
    // Children of the program may hold its streams open for as long as they like.
    await Promise.race([this.streams, setTimeout(STREAMS, undefined, { ref: false })]);
    this.child = null;
    this.ending = null;
    this.streams = null;
    this.pid = null;
    if (signal) this.written(`The program was ended by ${signal}.\n`, 'stderr');
    if (!this.told) return;
    this.client.tell('exited', { exitCode: code ?? this.farewell ?? 1 });
    this.client.tell('terminated', {});
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.pid ?? this.child!.pid!, signal);
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}

/** Fulfils also where a failed write came first, on which `once` of Node would fail. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function howItEnded(code: number | null, signal: string | null): string {
  return signal ? `it was ended by ${signal}` : `exit code ${code}`;
}
