/**
 * The op log: when the program keeps it, and looking at the past in it. A move
 * sends the program nowhere: it stands where it stands, and what is asked of
 * its tensors is answered as of the op where one looks.
 */
import { Gate, type Cursor, type TensorId, type Travel } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import { THREAD, type Client, type Told } from './client.ts';
import { errors } from './errors.ts';
import type { Filters } from './filters.ts';
import type { Launch } from './launch.ts';
import type { Pause, Pauses } from './pauses.ts';
import type { Look } from './protocol.ts';
import { opTitle } from './stack.ts';
import { Ref, type Values } from './values.ts';

export class Past {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly pauses: Pauses;
  private readonly values: Values;
  private readonly filters: Filters;
  private when: Launch['opLog'] = 'off';
  private kept = false;
  /** All tensors that the program holds, found once while it stands. */
  private handles: Promise<Ref> | null = null;
  private told = false;

  constructor(cdp: Cdp, client: Client, pauses: Pauses, values: Values, filters: Filters) {
    this.cdp = cdp;
    this.client = client;
    this.pauses = pauses;
    this.values = values;
    this.filters = filters;
    pauses.onStop(async ({ op }) => {
      if (op) await this.keep();
    });
    pauses.onResume(() => (this.handles = null));
  }

  /** As the configuration says, for a program that has not begun. */
  async fromStart({ opLog, opLogBudget }: Launch): Promise<void> {
    this.when = opLog;
    this.kept = this.told = false;
    await this.cdp.send('Relay.budget', { megabytes: opLogBudget });
    if (opLog === 'always') await this.keep();
    await this.armed();
  }

  /** Filters for tensors have been set: where one stops, what came before is looked for. */
  async armed(): Promise<void> {
    if (this.filters.any) await this.keep();
  }

  /** The op log is kept from here on, unless the configuration says never. */
  async keep(): Promise<void> {
    if (this.kept || this.when === 'off') return;
    this.kept = true;
    await this.cdp.send('Relay.gate', { set: Gate.VALUES, clear: 0 });
  }

  /** Where one looks, for the views; null is the present. */
  get look(): Look | null {
    const { past } = this.pauses;
    return past && lookOf(past);
  }

  /** Moves over the op log; what the editor is to be told of where one looks from then on. */
  async travel(how: Travel, id: TensorId | null = null): Promise<Told['stopped']> {
    const pause = this.pauses.now();
    if (this.when === 'off') throw errors.noOpLog();
    const still = () => this.stillAt(pause);
    const handles = await (this.handles ??= this.find()).finally(still);
    const past = await this.values.ask('travel', how, handles, id).finally(still);
    this.pauses.turn(past);
    this.explain();
    return {
      reason: 'step',
      ...(past
        ? { description: said(lookOf(past)), text: NOT_REWOUND }
        : { description: 'Paused in the present' }),
      threadId: THREAD,
      allThreadsStopped: true,
    };
  }

  /** Fails where the program was sent on while it was asked. */
  private stillAt(pause: Pause): void {
    if (this.pauses.current !== pause) throw errors.notPaused();
  }

  /** Once for each program: what is rewound, and what not. */
  private explain(): void {
    if (this.told) return;
    this.told = true;
    this.client.tell('output', { category: 'console', output: `${NOT_REWOUND}\n` });
  }

  private async find(): Promise<Ref> {
    const prototype = await this.values.prototype();
    if (!prototype) throw errors.noEngine();
    const { objects } = await this.cdp.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId,
      objectGroup: this.values.group(),
    });
    return new Ref(objects.objectId!);
  }
}

function lookOf({ number, end, frames }: Cursor): Look {
  const [op] = frames;
  return { number, ago: end - number, op: opTitle(op!) };
}

function said({ op, ago }: Look): string {
  // How far comes first: the editor cuts off what it has no room for, and the frame says the op, too.
  return `${ago} ${ago === 1 ? 'op' : 'ops'} ago, before ${op}`;
}

const NOT_REWOUND =
  'The past is shown from the op log: tensors, variables, optimizer slots and the random generator as they were. JavaScript’s own values, files and the clock are not rewound, and the program itself stands where it stood. Continue and line steps return to the present first.';
