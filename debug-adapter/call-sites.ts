/**
 * Whether ops note the lines that called them, which costs a little at every
 * op: from the first breakpoint or pause on, until the program runs on with
 * the last breakpoint gone.
 */
import { Gate } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';

export class CallSites {
  private readonly cdp: Cdp;
  private readonly breakpoints = { lines: 0, ops: 0, instructions: 0 };
  /** There were breakpoints: a pause without one, by hand, is mostly followed by another. */
  private had = false;
  /** The program stands, or makes a step only. */
  private standing = false;
  private on = false;

  constructor(cdp: Cdp) {
    this.cdp = cdp;
    cdp.onStart(() => {
      this.on = this.standing = false;
      return this.any ? this.note(true) : Promise.resolve();
    });
  }

  /** So many breakpoints there are now, on lines, on ops or on rows of the op log. */
  async count(kind: keyof CallSites['breakpoints'], count: number): Promise<void> {
    this.breakpoints[kind] = count;
    if (this.any) {
      this.had = true;
      await this.note(true);
    } else if (this.had && !this.standing) await this.note(false);
  }

  /** A pause: somebody asks which lines made what there is. */
  async stopped(): Promise<void> {
    this.standing = true;
    await this.note(true);
  }

  /** The program is about to run on, not to the next step. */
  async runs(): Promise<void> {
    this.standing = false;
    if (this.had && !this.any) await this.note(false);
  }

  private get any(): boolean {
    const { lines, ops, instructions } = this.breakpoints;
    return lines + ops + instructions > 0;
  }

  private async note(on: boolean): Promise<void> {
    if (this.on === on || !this.cdp.debugging) return;
    this.on = on;
    const [set, clear] = on ? [Gate.SITES, 0] : [0, Gate.SITES];
    await this.cdp.send('Relay.gate', { set, clear });
  }
}
