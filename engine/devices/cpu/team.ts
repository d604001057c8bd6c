import { crew, type Place } from './crew.ts';
import { Equipment } from './equipment.ts';
import { Neighbours } from './neighbours.ts';
import { BENCH_AT, PLAN_BYTES, SECOND_PLAN_AT } from './room.ts';
import { Plan } from './plan.ts';
import type { Thread, Threads } from './threads.ts';
import type { Wasm } from './wasm.ts';

/**
 * Work is counted in f32 elements that go through an addition: some 0.1 ns
 * each. Less than this is not worth the telling of another thread.
 */
const LEAST = 2 ** 17;
/**
 * A worker that sleeps takes long to wake: an op that it is woken for has so many times as much work, or comes
 * so few milliseconds after the one before that it will be awake for the next.
 */
const WAKE = 4;
const NEAR = 0.2;
/** The work of a part, at least: long against the time it takes to claim one. */
const GRAIN = 2 ** 15;
/** How many parts there are for every thread: the last one is waited for. */
const SHARES = 8;
/** The work of a part, at most: no thread is waited for long. */
const COARSE = 2 ** 22;
/** Work that has to come together before threads are started: programs that do little need none. */
const FIRST = 2 ** 22;
/** Claims count down from here at most. */
const CHUNKS = 2 ** 12 - 1;
/** How often the main thread looks before it sleeps while others finish. */
const LOOKS = 20_000;
/** It sleeps for so many milliseconds at a time, so that V8 can end what it does there. */
const NAP = 2;
/** After so many naps a thread that does not come to the end of its part is given up. */
const NAPS = 2500;
/** What tests set otherwise. */
export interface TeamOptions {
  readonly threads?: number;
  readonly least?: number;
  readonly grain?: number;
  readonly naps?: number;
  readonly alone?: number;
}
/** A team that loses its threads so often is not started again. */
const LOSSES = 3;

// The words that all threads share; crew.ts has the same numbers.
const CLAIM = 0;
const ACTIVE = 1;
const FAILED = 2;
const WAITING = 3;
const SLEEPING = 4;
const HELPED = 5;
// Where in the job lies what, in numbers; the words come before it.
const WORDS = 64;
const ARGS = 16;
const STEPS = 32;
const PLAN = 48;
const JOB = PLAN + Plan.bytes / 4;

/**
 * The threads that compute together over one memory: the main one and its
 * workers. A job is one kernel on many parts of its operands; whoever is free
 * claims the next part, the main thread like all others, so that a worker that
 * is not let run costs nothing but its help. Parts are cut so that every
 * element is computed as in one go: results are the same, bit for bit, for any
 * number of threads. Nothing runs where nothing is to be done.
 *
 * V8 may end the main thread's work in the midst of a job (a debugger's time
 * limit). `settle` calls off such a job, and waits for the parts begun: it comes
 * before memory is given back and before the next job.
 */
export class Team {
  /** An op of less work is for one thread. */
  readonly least: number;
  readonly #wasm: Wasm;
  readonly #memory: WebAssembly.Memory;
  /** Gives memory that is kept: its address, or -1 where there is none. */
  readonly #take: (bytes: number) => number;
  readonly #host: Threads | null;
  readonly #places: number[] = [];
  #equipment: Equipment;
  #count: number;
  #workers: Thread[] = [];
  #control!: SharedArrayBuffer;
  #words!: Int32Array;
  #job!: Float64Array;
  #help!: () => number;
  #number = 0;
  #open = false;
  #spoiled = false;
  #work = 0;
  /** When all workers slept as an op came. */
  #last = -Infinity;
  readonly #neighbours: Neighbours;
  #losses = 0;
  readonly #grain: number;
  readonly #naps: number;

  constructor(
    wasm: Wasm,
    memory: WebAssembly.Memory,
    take: (bytes: number) => number,
    host: Threads | null,
    { threads, least = LEAST, grain = GRAIN, naps = NAPS, alone }: TeamOptions = {},
  ) {
    this.#wasm = wasm;
    this.#memory = memory;
    this.#take = take;
    this.#host = host;
    this.least = least;
    this.#grain = grain;
    this.#naps = naps;
    const processors = alone === undefined ? host?.processors : undefined;
    this.#neighbours = new Neighbours(alone, processors ?? null);
    this.#count = threads ?? host?.cores ?? 1;
    if (threads !== undefined) this.#work = FIRST;
    this.#equipment = new Equipment([wasm]);
    this.#renew();
  }

  /** Other kernels than those of before, whose threads end. */
  equip(equipment: Equipment): void {
    this.#equipment = equipment;
    this.#disband();
  }

  /** How many threads compute, the main one among them. */
  get threads(): number {
    return this.#count;
  }

  set threads(count: number) {
    // Whoever says a number wants it at the next op.
    this.#work = FIRST;
    if (count === this.#count) return;
    this.#disband();
    this.#losses = 0;
    this.#count = this.#host === null ? 1 : count;
  }

  /** How many parts were done by workers so far. */
  get helped(): number {
    return Atomics.load(this.#words, HELPED);
  }

  /** Whether the last job came to nothing because a thread was lost: what it wrote may be anything. */
  get spoiled(): boolean {
    return this.#spoiled;
  }

  /** Whether to spread an op of so much work; starts the workers. */
  wants(work: number): boolean {
    if (work < this.least || this.#count === 1) return false;
    if (this.#open) this.settle();
    const busy = this.#neighbours.busy(work);
    if (this.#workers.length === 0) {
      this.#work += work;
      return this.#work >= FIRST && this.#start() && !busy;
    }
    if (busy) return false;
    if (Atomics.load(this.#words, SLEEPING) < this.#workers.length) return true;
    const [before, now] = [this.#last, performance.now()];
    this.#last = now;
    return work >= WAKE * this.least || now - before < NEAR;
  }

  /**
   * Calls a kernel on parts of `total` units, multiples of `grain`. Argument
   * number `count` becomes the number of units, each other one moves on by its
   * step for every unit; number `bench` is where the calling thread works. False
   * where the kernel has to be called as a whole, by whoever asked.
   */
  spread(
    kernel: unknown,
    work: number,
    total: number,
    grain: number,
    count: number,
    args: readonly number[],
    steps: readonly number[],
    bench = -1,
  ): boolean {
    const chunks = this.#write(kernel, work, total, grain, args);
    if (chunks < 2) return false;
    const job = this.#job;
    job[4] = count;
    job[5] = bench;
    job[6] = 0;
    for (let i = 0; i < args.length; i++) job[STEPS + i] = steps[i]!;
    return this.#run(chunks);
  }

  /** The same, or else the kernel as a whole: for kernels that give the same however often they run. */
  share<A extends number[]>(
    kernel: (...args: A) => unknown,
    work: number,
    total: number,
    grain: number,
    count: number,
    args: Readonly<A>,
    steps: readonly number[],
  ): void {
    if (!this.wants(work) || !this.spread(kernel, work, total, grain, count, args, steps))
      kernel(...(args as A));
  }

  /**
   * The same for a kernel over the windows of a plan, its last argument, that
   * follows the two operands the plan is about. An operand before them moves on
   * by `dense` bytes with every element.
   */
  walk(kernel: unknown, work: number, plan: Plan, dense: number, args: readonly number[]): boolean {
    const { words } = plan;
    const n = words[0]!;
    const m = words[3]!;
    const windows = words[8]!;
    if (windows >= 4 * this.#count) {
      return this.#walk(kernel, work, plan, 1, windows, 1, n * m * dense, args);
    }
    const rows = m >= 4 * this.#count;
    const [kind, total, unit] = rows ? [2, m, n * dense] : [3, n, dense];
    // A matrix on its side is copied eight rows at a time.
    const grain = kind === 3 ? 16 : total >= 64 ? 8 : 1;
    if (kind === 3 && m > 1) return false;
    for (let window = 0; window < windows; window++) {
      const [first, second] = plan.offsets(window);
      const moved = [...args];
      if (args.length === 3) moved[0]! += window * n * m * dense;
      moved[args.length - 2]! += first;
      moved[args.length - 1]! += second;
      if (!this.#walk(kernel, work / windows, plan, kind, total, grain, unit, moved)) return false;
    }
    return true;
  }

  /** Ends a job that V8 cut off: no part is begun any more, and those that were are waited for. */
  settle(): void {
    if (!this.#open) return;
    const words = this.#words;
    for (let claim; ((claim = Atomics.load(words, CLAIM)) & CHUNKS) !== 0;) {
      Atomics.compareExchange(words, CLAIM, claim, claim & ~CHUNKS);
    }
    if (this.#join()) this.#open = false;
  }

  #walk(
    kernel: unknown,
    work: number,
    plan: Plan,
    kind: number,
    total: number,
    grain: number,
    dense: number,
    args: readonly number[],
  ): boolean {
    const chunks = this.#write(kernel, work, total, grain, args);
    if (chunks < 2) return false;
    const job = this.#job;
    job[4] = -1;
    job[5] = -1;
    job[6] = kind;
    job[7] = args.length + 1;
    job.fill(0, STEPS, PLAN);
    if (args.length === 3) job[STEPS] = dense;
    job.set(plan.words, PLAN);
    return this.#run(chunks);
  }

  /** Writes what all jobs have; returns into how many parts they come. */
  #write(
    kernel: unknown,
    work: number,
    total: number,
    grain: number,
    args: readonly number[],
  ): number {
    this.#spoiled = false;
    const shares = Math.max(SHARES * this.#count, work / COARSE);
    const most = Math.floor(Math.min(shares, work / this.#grain, CHUNKS));
    if (most < 2) return 1;
    const length = Math.ceil(total / most / grain) * grain;
    const job = this.#job;
    job[0] = this.#equipment.placeOf(kernel);
    job[1] = Math.ceil(total / length);
    job[2] = length;
    job[3] = total;
    job[7] = args.length;
    for (let i = 0; i < args.length; i++) job[ARGS + i] = args[i]!;
    return job[1];
  }

  /** Tells the workers, takes part, and returns whether every part was done. */
  #run(chunks: number): boolean {
    const words = this.#words;
    this.#number = (this.#number + 1) & 0xfffff;
    this.#open = true;
    const helped = Atomics.load(words, HELPED);
    words[FAILED] = 0;
    Atomics.store(words, CLAIM, (this.#number << 12) | chunks);
    if (Atomics.load(words, SLEEPING) > 0) Atomics.notify(words, CLAIM, chunks - 1);
    this.#help();
    this.#spoiled = !this.#join() || words[FAILED] !== 0;
    this.#open = false;
    this.#neighbours.done(Atomics.load(words, HELPED) !== helped);
    return !this.#spoiled;
  }

  /** Waits until no worker is at it; false where one never ended. */
  #join(): boolean {
    const words = this.#words;
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(words, ACTIVE) === 0) {
        return true;
      }
    }
    Atomics.store(words, WAITING, 1);
    let naps = 0;
    for (let active; (active = Atomics.load(words, ACTIVE)) !== 0;) {
      if (Atomics.wait(words, ACTIVE, active, NAP) !== 'timed-out') continue;
      if (++naps === this.#naps) {
        this.#lost();
        return false;
      }
    }
    Atomics.store(words, WAITING, 0);
    if (naps > 0) this.#neighbours.stalled();
    return true;
  }

  #start(): boolean {
    const { host, place } = { host: this.#host!, place: this.#places };
    const { source, data } = this.#equipment;
    const control = this.#control;
    for (let i = 0; i < this.#count - 1; i++) {
      place[i] ??= this.#take(bytesOf(this.#wasm));
      if (place[i] === -1) {
        place.length = i;
        break;
      }
      const worker = host.start(
        source,
        {
          control,
          memory: this.#memory,
          ...data,
          bench: place[i]! + PLAN_BYTES,
          plan: place[i]!,
        },
        () => {
          this.settle();
          if (control === this.#control) this.#lost();
        },
      );
      if (worker === null) break;
      this.#workers.push(worker);
    }
    if (this.#workers.length === 0) this.#count = 1;
    return this.#workers.length > 0;
  }

  /** A worker is gone. The others go, too: a new team is started when there is work again. */
  #lost(): void {
    // What it worked at may still be written by it.
    this.#places.length = 0;
    this.#open = false;
    this.#disband();
    if (++this.#losses >= LOSSES) this.#count = 1;
  }

  #disband(): void {
    this.settle();
    for (const worker of this.#workers.splice(0)) worker.stop();
    this.#renew();
  }

  /** Words and a job that no thread of before knows. */
  #renew(): void {
    this.#control = new SharedArrayBuffer(WORDS + 8 * JOB);
    this.#words = new Int32Array(this.#control, 0, WORDS / 4);
    this.#job = new Float64Array(this.#control, WORDS);
    this.#open = false;
    const own: Place = {
      control: this.#control,
      memory: this.#memory,
      kernels: this.#equipment.kernels,
      bench: BENCH_AT,
      plan: SECOND_PLAN_AT,
    };
    this.#help = crew(own).help;
  }
}

function bytesOf(wasm: Wasm): number {
  return PLAN_BYTES + wasm.exports.benchBytes();
}
