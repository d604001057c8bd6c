/** Numbers for things the editor may ask about until the program moves on. */
import { errors } from './errors.ts';

export class Handles<T> {
  private readonly things = new Map<number, T>();
  /** Counts on over pauses: a number of an earlier pause must not name something new. */
  private count: number;

  private readonly limit: number;

  /** Numbers above `from`: those below are somebody else's. Of more than `limit` things the oldest are forgotten. */
  constructor(from = 0, limit = Infinity) {
    this.count = from;
    this.limit = limit;
  }

  has(handle: number): boolean {
    return this.things.has(handle);
  }

  create(thing: T): number {
    this.things.set(++this.count, thing);
    if (this.things.size > this.limit) this.things.delete(this.things.keys().next().value!);
    return this.count;
  }

  get(handle: number): T {
    const thing = this.things.get(handle);
    if (thing === undefined) throw errors.noHandle();
    return thing;
  }

  forget(): void {
    this.things.clear();
  }
}
