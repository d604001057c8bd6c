import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Line } from './line.ts';

/** The system's Python: the one that has PyTorch and NumPy as packages of the distribution. */
const PYTHON = process.env.BENCH_PYTHON ?? '/usr/bin/python3';

/** PyTorch and NumPy, as many as there are, on so many threads; null where there is no Python at all. */
export function openPython(threads: number, core = openBlasCore()): Promise<Line | null> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    OMP_NUM_THREADS: `${threads}`,
    OPENBLAS_NUM_THREADS: `${threads}`,
    // Where threads spin while they wait, those of PyTorch hold up those of OpenBLAS for whole slices of the scheduler.
    ...(threads > 1 && { OMP_WAIT_POLICY: 'passive' }),
  };
  // OpenBLAS takes a processor that is younger than itself for one of 2004, and a preset one for another.
  delete env.OPENBLAS_L2_SIZE;
  if (core === null) delete env.OPENBLAS_CORETYPE;
  else env.OPENBLAS_CORETYPE = core;
  const args = ['-c', SERVER, `${threads}`, core ?? ''];
  return Line.open(spawn(PYTHON, args, { env, stdio: ['pipe', 'pipe', 'inherit'] }));
}

/** The kernels of OpenBLAS that are the best for this processor's vectors; null where it is left to find out by itself. */
function openBlasCore(): string | null {
  if (!existsSync('/proc/cpuinfo')) return null;
  const flags = readFileSync('/proc/cpuinfo', 'utf8');
  if (/\bavx512f\b.*\bavx512dq\b|\bavx512dq\b.*\bavx512f\b/.test(flags)) return 'SkylakeX';
  return /\bavx2\b/.test(flags) && /\bfma\b/.test(flags) ? 'Haswell' : null;
}

/** The last set-ups are kept by their text, so that each is run once however often its case is timed. */
const SERVER = `
import json, sys, time
versions, namespaces = {}, {}
for name in ("torch", "numpy"):
    try:
        module = __import__(name)
        versions[name] = module.__version__
        if name == "torch": module.set_num_threads(int(sys.argv[1]))
    except ImportError: pass
if "numpy" in versions and sys.argv[2]: versions["openblas"] = sys.argv[2]
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
            if len(namespaces) > 4: del namespaces[next(iter(namespaces))]
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
