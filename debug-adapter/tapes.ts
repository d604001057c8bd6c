/** Gradient tapes and what they recorded. */
import { Gate } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Past } from './past.ts';
import type { Pauses } from './pauses.ts';
import type { Answer, Arguments } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { placeOf } from './tensors.ts';

export class Tapes {
  private readonly cdp: Cdp;
  private readonly pauses: Pauses;
  private readonly program: Remote;
  private readonly sources: Sources;
  private readonly past: Past;
  /** Gradients are kept on the tapes from the first time somebody looks at one. */
  private keeping = false;

  constructor(cdp: Cdp, pauses: Pauses, program: Remote, sources: Sources, past: Past) {
    this.cdp = cdp;
    this.pauses = pauses;
    this.program = program;
    this.sources = sources;
    this.past = past;
    cdp.onStart(async () => (this.keeping = false));
  }

  async list(): Promise<Answer<'tapedeck/tapes'>> {
    this.pauses.now();
    if (!(await this.program.hasEngine())) return { tapes: [] };
    await this.keepGradients();
    const tapes = await this.program.ask('tapes');
    const { look: past } = this.past;
    return {
      ...(past && { past }),
      tapes: tapes.map((tape) => {
        const place = placeOf(this.sources, tape.site);
        return { ...tape, ...(place && { place }) };
      }),
    };
  }

  async nodes({ id, start, count }: Arguments<'tapedeck/tape'>): Promise<Answer<'tapedeck/tape'>> {
    this.pauses.now();
    const nodes = await this.program.ask('tape', id, start, count);
    return {
      nodes: nodes.map((node) => {
        const place = placeOf(this.sources, node.site);
        return { ...node, ...(place && { place }) };
      }),
    };
  }

  private async keepGradients(): Promise<void> {
    if (this.keeping) return;
    this.keeping = true;
    await this.cdp.send('Relay.gate', { set: Gate.GRADIENTS, clear: 0 });
  }
}
