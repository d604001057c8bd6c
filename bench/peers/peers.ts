import type { Module, Script } from '../subject.ts';
import { openJavaScript } from './javascript.ts';
import type { Line, Versions } from './line.ts';
import { openPython } from './python.ts';

/** The processes of all peers; each is started when something is first asked of it. */
export class Peers {
  readonly #folder: string;
  readonly #lines = new Map<string, Promise<Line | null>>();
  #versions: Versions = {};

  /** The folder is where those in JavaScript are installed, or not. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Of those that were asked for so far. */
  get versions(): Versions {
    return this.#versions;
  }

  async has(script: Script): Promise<boolean> {
    return (await this.#line(script))?.versions[script.module] !== undefined;
  }

  /** Seconds for one op. */
  async measure(script: Script, quick: boolean): Promise<number> {
    return (await this.#line(script))!.measure(script, quick);
  }

  async stop(): Promise<void> {
    for (const line of this.#lines.values()) (await line)?.close();
  }

  #line({ module, threads = 1, core }: Script): Promise<Line | null> {
    const python = module === 'torch' || module === 'numpy';
    const name = python ? `python ${threads} ${core ?? ''}` : module;
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = this.#open(module, threads, core);
      this.#lines.set(name, line);
    }
    return line;
  }

  async #open(module: Module, threads: number, core?: string): Promise<Line | null> {
    const python = module === 'torch' || module === 'numpy';
    const line = await (python ? openPython(threads, core) : openJavaScript(module, this.#folder));
    // Of the ordinary one, whose kernels are named there.
    if (core === undefined) this.#versions = { ...this.#versions, ...line?.versions };
    return line;
  }
}
