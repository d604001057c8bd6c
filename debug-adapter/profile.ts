/**
 * Op records of a running program. They are fetched while it runs, so that
 * they are there when it has ended; what is left at its end it sends itself.
 */
import { Gate, type Profile as Known, type ProfilePart } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import type { Answer, Arguments, OpRecord, Place } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { placeOf } from './tensors.ts';

/** How often a running program is asked, in milliseconds. */
const EVERY = 500;
/** As many as the engine keeps. */
const CAPACITY = 1 << 20;
const A_CALL = 100_000;
/** An event of a few megabytes. */
const A_PIECE = 20_000;

export class Profile {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly program: Remote;
  private readonly sources: Sources;
  private records: OpRecord[] = [];
  /** The number of the first record that is still here. */
  private first = 0;
  private last: Omit<Known, 'records'> = NOTHING;
  /** The number that was last asked for. */
  private asked = 0;
  private places: (Place | null)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private fetching: Promise<void> | null = null;

  constructor(cdp: Cdp, client: Client, program: Remote, sources: Sources) {
    this.cdp = cdp;
    this.client = client;
    this.program = program;
    this.sources = sources;
    cdp.on('Program.records', (part) => this.add(part));
    cdp.onEnd(() => this.ended());
  }

  get on(): boolean {
    return this.timer !== null;
  }

  /** From the first op of a new program on. */
  async fromStart(): Promise<void> {
    await this.cdp.send('Relay.gate', { set: Gate.PROFILE, clear: 0 });
    this.begin();
  }

  async turn({ on }: Arguments<'tapedeck/profile'>): Promise<Answer<'tapedeck/profile'>> {
    if (on) {
      await this.program.ask('profile', true);
      this.begin();
    } else if (this.on) {
      await this.program.ask('profile', false);
      // One that was under way may have been answered before the last ops.
      await this.fetching?.catch(() => {});
      await this.fetch();
      this.ended();
    }
    return {};
  }

  async part({ from }: Arguments<'tapedeck/profiled'>): Promise<Answer<'tapedeck/profiled'>> {
    if (this.on) await this.fetch().catch(() => {});
    const start = Math.max(from, this.first);
    const records = this.records.slice(start - this.first, start - this.first + A_CALL);
    this.asked = from;
    return { ...this.last, lost: start - from, records, places: this.places };
  }

  private begin(): void {
    this.asked = 0;
    this.records = [];
    this.places = [];
    this.first = 0;
    this.last = NOTHING;
    if (this.timer) clearInterval(this.timer);
    this.timer = setInterval(() => void this.fetch().catch(() => {}), EVERY);
    this.timer.unref();
    this.tell();
  }

  private ended(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.tellRest();
    this.tell();
  }

  /** All there are; one fetch at a time. */
  private fetch(): Promise<void> {
    return (this.fetching ??= this.more().finally(() => (this.fetching = null)));
  }

  private async more(): Promise<void> {
    for (;;) {
      const part = await this.program.ask('profiled', this.first + this.records.length);
      this.add(part);
      if (part.records.length < A_CALL) return;
    }
  }

  private add(part: ProfilePart): void {
    const { records, from, sites } = part;
    const next = this.first + this.records.length;
    if (from > next) {
      this.records = [];
      this.first = from;
    }
    // The same may come twice: from a fetch, and from the program at its end.
    const known = Math.max(0, this.first + this.records.length - from);
    for (const record of records.slice(known)) this.records.push(record);
    const excess = this.records.length - CAPACITY;
    if (excess > 0) {
      this.records.splice(0, excess);
      this.first += excess;
    }
    this.last = part;
    for (const site of sites.slice(this.places.length)) {
      this.places.push(placeOf(this.sources, site) ?? null);
    }
    if (this.first + this.records.length > next) this.tell();
  }

  /** Who asks for records from a number on has those before. */
  private tellRest(): void {
    const end = this.first + this.records.length;
    for (let from = Math.max(this.asked, this.first); from < end; from += A_PIECE) {
      const records = this.records.slice(from - this.first, from - this.first + A_PIECE);
      const { start, duration, sites } = this.last;
      const { places } = this;
      this.client.tell('tapedeck/records', {
        from,
        start,
        duration,
        lost: 0,
        records,
        sites,
        places,
      });
    }
  }

  private tell(): void {
    const records = this.first + this.records.length;
    this.client.tell('tapedeck/profiling', { on: this.on, records });
  }
}

const NOTHING: Omit<Known, 'records'> = { start: 0, duration: 0, lost: 0, sites: [] };
