/** What runs in the process of a JavaScript peer; python.ts has the same for Python. */
import { createInterface } from 'node:readline';
import { libraries, type Library, type Load } from './libraries.ts';

type Timed = (runs: number) => Promise<void> | void;

interface Request {
  readonly setup: string;
  readonly run: string;
  /** Seconds; a measurement is no shorter. */
  readonly least: number;
}

/** Answers requests until its input ends. */
export async function serve(library: Library, load: Load): Promise<void> {
  // The output is for answers alone.
  console.log = console.info = () => {};
  const { version, scope, open, close } = await libraries[library](load);
  say({ [library]: version });
  // The one that is measured in turns with others is kept; nothing else takes memory.
  let key = '';
  let timed: Timed = () => {};
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    try {
      if (key !== line) {
        if (key !== '') await close();
        key = line;
        open();
        timed = await prepare(request, scope);
        // The engine compiles what it has met often enough.
        for (const start = performance.now(); performance.now() - start < 50;) await timed(1);
      }
      say({ seconds: await measure(timed, request.least) });
    } catch (error) {
      say({ error: String(error) });
    }
  }
}

/**
 * Runs the set-up, and makes a loop of what is timed: one that waits only where that is written. It sees the
 * names of the set-up and none of the loop's: a counter `i` in front of a tensor `i` was timed once as a
 * gather of one row.
 */
export async function prepare(
  { setup, run }: Pick<Request, 'setup' | 'run'>,
  scope: object,
): Promise<Timed> {
  const waits = /\bawait\b/.test(run);
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const text = `${setup}\nreturn ${waits ? 'async ' : ''}() => { ${run} };`;
  const make = new AsyncFunction(...Object.keys(scope), text);
  const once = (await make(...Object.values(scope))) as () => void | Promise<void>;
  if (!waits) {
    return (runs) => {
      for (let i = 0; i < runs; i++) void once();
    };
  }
  return async (runs) => {
    for (let i = 0; i < runs; i++) await once();
  };
}

async function measure(timed: Timed, least: number): Promise<number> {
  const start = performance.now();
  for (let runs = 0, next = 1; ;) {
    await timed(next);
    runs += next;
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= least) return seconds / runs;
    next = Math.max(1, Math.min(runs, Math.floor((runs * (least - seconds)) / seconds) + 1));
  }
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
