/**
 * Op records of a running program. They are fetched while it runs, so that
 * they are there when it has ended; what is left at its end it sends itself.
 */
import { Gate } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { A_PART, type RecordsPart } from './debuggee/words.ts';
import type { Answer, Arguments, Place } from './protocol.ts';
import { Recording } from './recording.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { placeOf } from './tensors.ts';

/** How often a running program is asked, in milliseconds. */
const EVERY = 500;
const A_CALL = 100_000;
/** An event of a few megabytes. */
const A_PIECE = 20_000;

export class Profile {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly program: Remote;
  private readonly sources: Sources;
  private recording = new Recording();
  private start = 0;
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
    cdp.onStart(async () => {
      this.recording = new Recording();
      this.places = [];
    });
    cdp.on('Relay.rest', (part) => this.add(part));
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
      if (this.timer) clearInterval(this.timer);
      // Records of the profile before are none of this one.
      await this.fetching?.catch(() => {});
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
    this.asked = from;
    return this.from(from, A_CALL);
  }

  private begin(): void {
    this.asked = 0;
    this.recording.clear();
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
      const { end: from, named: texts, sites } = this.recording;
      const known = { from, texts, places: sites.length };
      const part = await this.cdp.send('Relay.records', known);
      this.add(part);
      // A program that runs has made some more since.
      if (this.recording.end - from < A_PART) return;
    }
  }

  private add({ from, start, data, names }: RecordsPart): void {
    const { recording } = this;
    const before = recording.end;
    if (names) recording.name(names);
    recording.add(from, Buffer.from(data, 'base64'));
    this.start = start;
    for (const site of recording.sites.slice(this.places.length))
      this.places.push(placeOf(this.sources, site) ?? null);
    if (recording.end > before) this.tell();
  }

  private from(from: number, most: number): Answer<'tapedeck/profiled'> {
    const { recording, start, places } = this;
    const { first, duration, sites } = recording;
    const at = Math.max(from, first);
    const records = recording.read(at, most);
    return { start, duration, lost: at - from, records, sites, places };
  }

  /** Who asks for records from a number on has those before. */
  private tellRest(): void {
    const { first, end } = this.recording;
    for (let from = Math.max(this.asked, first); from < end; from += A_PIECE)
      this.client.tell('tapedeck/records', { from, ...this.from(from, A_PIECE) });
  }

  private tell(): void {
    this.client.tell('tapedeck/profiling', { on: this.on, records: this.recording.end });
  }
}
