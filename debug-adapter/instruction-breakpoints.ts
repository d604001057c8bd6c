/**
 * Breakpoints on rows of the Disassembly View. A row is an op that has run; the
 * breakpoint stops where the same line calls the same op again.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { InstructionBreakpoint, Site } from '../engine/protocol.ts';
import { numberAt } from './addresses.ts';
import type { CallSites } from './call-sites.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { faulty } from './probe.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { sentence, shown } from './verdicts.ts';

type Asked = DebugProtocol.InstructionBreakpoint;
/** `refused` says why none can stand on that row. */
type Wanted = InstructionBreakpoint & { readonly asked: Asked; readonly refused?: string };

export class InstructionBreakpoints {
  private readonly program: Remote;
  private readonly sources: Sources;
  private readonly callSites: CallSites;
  private wanted: readonly Wanted[] = [];
  private count = FIRST;

  constructor(cdp: Cdp, client: Client, program: Remote, sources: Sources, callSites: CallSites) {
    this.program = program;
    this.sources = sources;
    this.callSites = callSites;
    // Of a program that is started anew the same lines are meant.
    cdp.onStart(() => this.send());
    cdp.on('Program.faults', ({ why, breakpoint: id }) => {
      if (!this.wanted.some((each) => each.id === id)) return;
      const breakpoint = { id, verified: true, message: faulty(why) };
      client.tell('breakpoint', { reason: 'changed', breakpoint });
    });
  }

  /** Instead of those there were. */
  async set({
    breakpoints,
  }: DebugProtocol.SetInstructionBreakpointsArguments): Promise<
    DebugProtocol.SetInstructionBreakpointsResponse['body']
  > {
    const wanted: Wanted[] = [];
    for (const asked of breakpoints) wanted.push(await this.make(asked));
    this.wanted = wanted;
    const good = wanted.filter(({ refused }) => refused === undefined);
    await this.callSites.count('instructions', good.length);
    const verdicts = await this.send();
    return {
      breakpoints: wanted.map(({ id, name, refused }) => {
        const breakpoint = shown(id, verdicts, refused);
        return breakpoint.verified ? { ...breakpoint, ...this.place(name) } : breakpoint;
      }),
    };
  }

  /** What stands at an address is asked once: its row may be gone when the editor says it again. */
  private async make(asked: Asked): Promise<Wanted> {
    const { instructionReference, offset, condition, hitCondition: hit } = asked;
    const more = { ...(condition && { condition }), ...(hit && { hit }), asked };
    const same = this.wanted.find(
      (other) =>
        other.refused === undefined &&
        other.asked.instructionReference === instructionReference &&
        other.asked.offset === offset,
    );
    if (same) return { id: same.id, name: same.name, ...more };
    const id = this.count++;
    try {
      const name = await this.program.ask('instruction', numberAt(instructionReference, offset));
      return { id, name, ...more };
    } catch (failure) {
      const { message } = failure as Error;
      return {
        id,
        name: '',
        ...more,
        refused: message.endsWith('.') ? message : sentence(message),
      };
    }
  }

  private send() {
    const good = this.wanted.filter(({ refused }) => refused === undefined);
    return this.program.watch(
      'instructionBreakpoints',
      good.map(({ asked: _asked, ...breakpoint }) => breakpoint),
    );
  }

  /** Where the editor finds what a breakpoint is called by, and what is said of it there. */
  private place(name: string): Partial<DebugProtocol.Breakpoint> {
    const [, chain, url, line, column] = /^(.*?)@(.*):(\d+):(\d+)$/.exec(name)!;
    const site: Site = { url: url!, line: Number(line), column: Number(column) };
    const found = this.sources.find(site);
    const message = `Stops at ${chain} wherever this line calls it.`;
    return found ? { message, ...found } : { message };
  }
}

/** Line breakpoints are numbered from 1, op breakpoints from one million, data breakpoints from two. */
const FIRST = 3_000_000;

/** Whether the editor knows a breakpoint by its row. */
export function isInstruction(id: number): boolean {
  return id >= FIRST;
}
