import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Script } from '../subject.ts';

/**
 * A process that times what it is asked to, a request and an answer per line,
 * both JSON. Its first line says which versions it has of what it measures.
 */
export class Line {
  readonly versions: Versions;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, versions: Versions) {
    this.#child = child;
    this.#lines = lines;
    this.versions = versions;
  }

  /** Null where there is no such program, or it ends before it has said a word. */
  static async open(child: ChildProcess): Promise<Line | null> {
    const failed = once(child, 'error').then(() => true);
    const spawned = once(child, 'spawn').then(() => false);
    if (await Promise.race([failed, spawned])) return null;
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const first = await lines.next();
    return first.done ? null : new Line(child, lines, JSON.parse(first.value) as Versions);
  }

  /** Seconds for one op. */
  async measure({ setup, run, ops = 1 }: Script, quick: boolean): Promise<number> {
    const request = { setup, run, least: quick ? 0.01 : 0.05 };
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`bench: the process ended that ran: ${run}`);
    const answer = JSON.parse(value as string) as { seconds?: number; error?: string };
    if (answer.seconds === undefined) throw new Error(`bench: ${answer.error} in: ${run}`);
    return answer.seconds / ops;
  }

  close(): void {
    this.#child.kill();
  }
}

export interface Versions {
  readonly [module: string]: string;
}
