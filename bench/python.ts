import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Python } from './subject.ts';

/** The system's Python: the one that has PyTorch and NumPy as packages of the distribution. */
const PYTHON = process.env.BENCH_PYTHON ?? '/usr/bin/python3';

/**
 * A Python process that times what it is asked to, one thread, a request and
 * an answer per line. Modules that are not there are said once.
 */
export class Peers {
  readonly versions: { readonly [module: string]: string };
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, versions: object) {
    this.#child = child;
    this.#lines = lines;
    this.versions = versions as { [module: string]: string };
  }

  /** Null where there is no Python at all. */
  static async start(): Promise<Peers | null> {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
    };
    // OpenBLAS takes a processor that is younger than itself for one of 2004, and a preset one for another.
    const core = openBlasCore();
    delete env.OPENBLAS_L2_SIZE;
    if (core === null) delete env.OPENBLAS_CORETYPE;
    else env.OPENBLAS_CORETYPE = core;
    const child = spawn(PYTHON, ['-c', SERVER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(child, 'error').then(() => true);
    const spawned = once(child, 'spawn').then(() => false);
    if (await Promise.race([failed, spawned])) return null;
    const reader: Interface = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) return null;
    const versions = JSON.parse(first.value) as { [module: string]: string };
    return new Peers(child, lines, core === null ? versions : { ...versions, openblas: core });
  }

  /** Seconds for one op. */
  async measure({ setup, run, ops = 1 }: Python, quick: boolean): Promise<number> {
    const request = { setup, run, least: quick ? 0.01 : 0.05 };
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('bench: the Python process ended');
    const answer = JSON.parse(value as string) as { seconds?: number; error?: string };
    if (answer.seconds === undefined) throw new Error(`bench: ${answer.error} in: ${run}`);
    return answer.seconds / ops;
  }

  stop(): void {
    this.#child.kill();
  }
}

/** The kernels of OpenBLAS that are the best for this processor's vectors; null where it is left to find out by itself. */
function openBlasCore(): string | null {
  if (!existsSync('/proc/cpuinfo')) return null;
  const flags = readFileSync('/proc/cpuinfo', 'utf8');
  if (/\bavx512f\b.*\bavx512dq\b|\bavx512dq\b.*\bavx512f\b/.test(flags)) return 'SkylakeX';
  return /\bavx2\b/.test(flags) && /\bfma\b/.test(flags) ? 'Haswell' : null;
}

/** Set-ups are kept by their text, so that each is run once however often its case is timed. */
const SERVER = `
import json, sys, time
versions, namespaces = {}, {}
for name in ("torch", "numpy"):
    try:
        module = __import__(name)
        versions[name] = module.__version__
        if name == "torch": module.set_num_threads(1)
    except ImportError: pass
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        key = request["setup"] + "\\n# run\\n" + request["run"]
        if key not in namespaces:
            space = {}
            exec(request["setup"], space)
            body = "\\n".join("        " + line for line in request["run"].split("\\n"))
            exec("def timed(n):\\n    for _ in range(n):\\n" + body, space)
            space["timed"](3)
            namespaces[key] = space
        timed, runs, number, start = namespaces[key]["timed"], 0, 1, time.perf_counter()
        while True:
            timed(number)
            runs += number
            seconds = time.perf_counter() - start
            if seconds >= request["least"]: break
            number = max(1, min(runs, int(runs * (request["least"] - seconds) / seconds) + 1))
        print(json.dumps({"seconds": seconds / runs}), flush=True)
    except Exception as error:
        print(json.dumps({"error": repr(error)}), flush=True)
`;
