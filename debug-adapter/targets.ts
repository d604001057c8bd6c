/** The user's process: started, watched, ended, and never left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { LINE } from './debuggee/words.ts';
import { errors } from './errors.ts';
import type { Launch } from './launch.ts';
import { Rendezvous } from './rendezvous.ts';
import { runsOf } from './reference.ts';
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

/** What was said of a runtime, by any session: it is news once. */
const noted = new Set<string>();

type Ending = [code: number | null, signal: NodeJS.Signals | null];

export class Target {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly lent: Lendings;
  private child: ChildProcess | null = null;
  private pid: number | null = null;
  /** The session is over: no program is started any more. */
  private ended = false;
  /** Another program follows: the editor keeps its session, and hears nothing of the end. */
  private restarting = false;
  private starting: Promise<unknown> = Promise.resolve();
  private giveUp: () => void = () => {};
  private ending: Promise<Ending> | null = null;
  private streams: Promise<unknown> | null = null;
  private farewell: number | null = null;
  /** The user asked for the end: that it came so is no news. */
  private unwanted = false;
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
  start(launch: Launch): Promise<void> {
    const start = this.begin(launch);
    this.starting = start.catch(() => {});
    return start;
  }

  private async begin(launch: Launch): Promise<void> {
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    givenUp.catch(() => {});
    const again = this.restarting;
    this.giveUp = () => reject(errors.endedEarly());
    if (this.ended) this.giveUp();
    try {
      await this.meet(launch, givenUp);
    } catch (failure) {
      if (again) this.client.tell('terminated', {});
      throw failure;
    }
    this.client.tell('process', {
      name: launch.program,
      systemProcessId: this.pid!,
      isLocalProcess: true,
      startMethod: 'launch',
    });
  }

  /** The program is started and says hello; where that fails none is left. */
  private async meet(launch: Launch, givenUp: Promise<never>): Promise<void> {
    const runtime = await Promise.race([findRuntime(launch), givenUp]);
    const { note } = runtime;
    if (note && !noted.has(note)) this.written(`${note}\n`, 'console');
    if (note) noted.add(note);
    const terminal = launch.console === 'integratedTerminal';
    // The profiler is reached through the inspector, too.
    const debug = !launch.noDebug || launch.profile;
    const meeting = new Rendezvous({
      debug,
      consoleEvents: !terminal && !launch.noDebug,
      onAdapterLoss: launch.onAdapterLoss,
      ...runsOf(launch),
    });
    this.farewell = null;
    this.unwanted = false;
    try {
      await meeting.open();
      const failed = terminal
        ? this.startInTerminal(launch, runtime, meeting)
        : this.startHere(launch, runtime, meeting);
      const { socket, hello } = await Promise.race([meeting.met, failed, givenUp]);
      this.pid = hello.pid;
      this.restarting = false;
      this.over = this.watch(heard(socket, 'close'));
      await this.cdp.connect(socket, debug);
    } catch (failure) {
      // A program that is left here would wait for ever in front of its first line.
      void meeting.met.then(({ socket }) => socket.destroy());
      await this.drop();
      throw failure;
    } finally {
      meeting.close();
    }
  }

  /** Lets the program run its first line. */
  async release(): Promise<void> {
    await this.cdp.send('Relay.release');
  }

  /** Asks the program to end, as SIGTERM does; it has two seconds to do so. One that is not there yet does not come. */
  async terminate(): Promise<void> {
    if (this.pid === null) return this.giveUp();
    this.unwanted = true;
    await this.cdp.send('Relay.end').catch(() => this.signal('SIGTERM'));
  }

  /** The program goes on by itself when the adapter is gone. */
  async letGo(): Promise<void> {
    if (this.pid !== null) await this.cdp.send('Relay.letGo').catch(() => {});
    this.abandon();
  }

  /** The editor has ended the session without a word: the program does what its launch said. */
  abandon(): void {
    this.ended = true;
    this.giveUp();
    this.cdp.disconnect();
  }

  /** Fulfils when no process is left; none comes any more. */
  async end(): Promise<void> {
    this.ended = true;
    await this.kill();
    this.cdp.disconnect();
  }

  /** Fulfils when no process is left, for another that follows. */
  async makeRoom(): Promise<void> {
    this.restarting = true;
    await this.kill();
  }

  private async kill(): Promise<void> {
    if (this.pid === null) {
      this.giveUp();
      await this.starting;
    }
    if (this.pid === null) return;
    // One that was stopped from outside answers nothing: its time runs from now.
    const late = setTimeout(GRACE, 'late', { ref: false });
    void this.terminate();
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
    this.ending = heard<Ending>(child, 'exit');
    this.streams = heard(child, 'close');
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        // Children that it leaves behind write to the streams of a session that is over.
        if (this.child === child) this.written(text, name);
      });
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
    await this.client
      .runInTerminal({
        kind: 'integrated',
        title: 'Tapedeck',
        cwd: launch.cwd,
        args: this.commandLine(launch, runtime),
        env: {
          ...launch.variables,
          ...runtime.environment,
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
    this.forget();
    if (signal && !(this.unwanted && signal === 'SIGTERM'))
      this.written(`The program was ended by ${signal}.\n`, 'stderr');
    if (this.restarting) return;
    this.client.tell('exited', { exitCode: code ?? this.farewell ?? 1 });
    this.client.tell('terminated', {});
  }

  /** Ends a program that was started and never met. */
  private async drop(): Promise<void> {
    if (this.pid !== null) return;
    this.child?.kill('SIGKILL');
    // What could not be started at all has no exit, but a close.
    await Promise.race([this.ending, this.streams]);
    this.forget();
  }

  private forget(): void {
    this.child = this.ending = this.streams = this.pid = null;
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.pid!, signal);
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}

/** Fulfils also where an error comes first, on which `once` of Node would fail. */
function heard<A>(from: EventEmitter, event: string): Promise<A> {
  return new Promise((resolve) => from.once(event, (...args) => resolve(args as A)));
}

function howItEnded(code: number | null, signal: string | null): string {
  return signal ? `it was ended by ${signal}` : `exit code ${code}`;
}
