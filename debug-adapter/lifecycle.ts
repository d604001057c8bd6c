/** From launch to end: what happens in which order. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Breakpoints } from './breakpoints.ts';
import type { Cdp } from './cdp.ts';
import { THREAD, type Client } from './client.ts';
import { TELL } from './debuggee/words.ts';
import { errors } from './errors.ts';
import { read, type Launch } from './launch.ts';
import type { Past } from './past.ts';
import type { Profile } from './profile.ts';
import type { Sources } from './sources.ts';
import type { Lendings, Target } from './targets.ts';

export class Lifecycle {
  private readonly client: Client;
  private readonly lent: Lendings;
  private readonly target: Target;
  private readonly sources: Sources;
  private readonly breakpoints: Breakpoints;
  private readonly profile: Profile;
  private readonly past: Past;
  private launched: Launch | null = null;
  /** A program has been started, or is about to be. */
  private begun = false;

  constructor(
    client: Client,
    lent: Lendings,
    target: Target,
    sources: Sources,
    breakpoints: Breakpoints,
    profile: Profile,
    past: Past,
  ) {
    this.client = client;
    this.lent = lent;
    this.target = target;
    this.sources = sources;
    this.breakpoints = breakpoints;
    this.profile = profile;
    this.past = past;
  }

  /** The configuration that runs. Fails before a launch. */
  get launch(): Launch {
    if (!this.launched) throw errors.notRunning();
    return this.launched;
  }

  /** Must be the first to hear of a new program: what else listens needs the domains on. */
  static async enable(cdp: Cdp): Promise<void> {
    await Promise.all([
      // With the Runtime domain on as well, V8 would walk the whole stack for every error and call site.
      // In the program's own context, the first there is, it is taken away again; those it makes are to have none.
      cdp.send('Runtime.addBinding', { name: TELL, executionContextId: 1 }),
      cdp.send('Debugger.enable', {}),
      cdp.send('Debugger.setAsyncCallStackDepth', { maxDepth: 16 }),
    ]);
  }

  /** The program waits in front of its first line, and the editor is asked for what it wants to stop at. */
  async start(given: Record<string, unknown>): Promise<void> {
    const launch = read(given);
    // Of two programs one would be nobody's.
    if (this.begun) throw errors.launched();
    this.begun = true;
    try {
      await this.prepare(launch);
    } catch (failure) {
      this.begun = false;
      throw failure;
    }
    this.client.tell('initialized', undefined);
  }

  /** Once more from the first line, with all that was set. */
  async restart({ arguments: given }: DebugProtocol.RestartArguments): Promise<void> {
    const launch = given ? read(given as Record<string, unknown>) : this.launch;
    await this.target.makeRoom();
    try {
      await this.prepare(launch);
      // Where it stood, and what it showed there, was another program's.
      this.client.tell('continued', { threadId: THREAD, allThreadsContinued: true });
      await this.release();
    } catch (failure) {
      await this.target.end();
      throw failure;
    }
  }

  /** The editor has said all it wants to be told: the program may run. */
  async release(): Promise<void> {
    await this.target.release();
  }

  private async prepare(launch: Launch): Promise<void> {
    this.launched = launch;
    this.sources.configure(launch.program, this.lent, launch.skipFiles);
    await this.target.start(launch);
    if (!launch.noDebug) await this.past.fromStart(launch);
    if (launch.profile) await this.profile.fromStart();
    if (launch.stopOnEntry && !launch.noDebug) await this.breakpoints.stopAtEntry(launch);
  }

  async terminate(): Promise<void> {
    await this.target.terminate();
  }

  async disconnect({ terminateDebuggee = true }: DebugProtocol.DisconnectArguments): Promise<void> {
    if (terminateDebuggee) await this.target.end();
    else await this.target.letGo();
  }
}
