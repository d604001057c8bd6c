/** Numbers for things the editor may ask about until the program moves on. */
import { errors } from './errors.ts';

export class Handles<T> {
  private readonly things = new Map<number, T>();
  /** Counts on over pauses: a number of an earlier pause must not name something new. */
  private count = 0;

  create(thing: T): number {
    this.things.set(++this.count, thing);
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
