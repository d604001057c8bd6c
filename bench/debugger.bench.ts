import type { DebugProtocol } from '@vscode/debugprotocol';
import { Client } from '../test/kit/dap.ts';
import { debug } from '../test/kit/debug.ts';
import { openings, rows } from './opening.ts';
import { median } from './outcome.ts';
import { pathOf, run, runDebugged } from './program.ts';
import type { Case, Subject } from './subject.ts';

interface Training {
  readonly seconds: number;
}
/** Of the program `digits`. */
const LAST_LINE = 6;

/** From one op pause to the next, with all that an editor asks for at each: the median of so many, in seconds. */
async function opSteps(count: number): Promise<number> {
  const times: number[] = [];
  await debug(async (client) => {
    await client.launch(pathOf('digits'));
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'matMul' }] });
    await client.go();
    await client.stopped();
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await client.ask('tapedeck/nextOp', {});
      await client.stopped();
      await look(client);
      times.push(performance.now() - start);
    }
  }, Client.spawn());
  return median(times) / 1000;
}

/** The stack, the scopes of its first frame, and what stands in those that are not expensive. */
async function look(client: Client): Promise<void> {
  const [top] = await client.stack();
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: top!.id,
  });
  // An editor asks for all of them at once.
  const shown = scopes.filter(({ expensive }) => !expensive);
  await Promise.all(
    shown.map(({ variablesReference }) => client.request('variables', { variablesReference })),
  );
}

/** Training under the debugger, beside the same in plain `node`. */
function training(name: string, most: number, debugged: () => Promise<Training>): Case {
  return {
    name: `digits, ${name}`,
    unit: 'ms',
    rounds: 15,
    product: async () => (await debugged()).seconds,
    peers: { 'plain node': async () => (await run<Training>('digits')).seconds },
    goal: { peer: 'plain node', most },
  };
}

export const subject: Subject = {
  name: 'Under the debugger',
  cases: [
    training('nothing armed', 1.05, () => runDebugged('digits')),
    // With any line breakpoint, also one that never stops, ops note the lines that called them.
    training('with taped call sites', 1.15, () =>
      runDebugged('digits', {}, (client) =>
        client.breakpoints(pathOf('digits'), { line: LAST_LINE, condition: 'false' }),
      ),
    ),
    training('NaN filter, op log off', 1.3, () =>
      runDebugged('digits', { opLog: 'off' }, (client) => client.exceptions('firstNaN')),
    ),
    // Unless it is off, a filter begins the op log, so that one can step back from where it stops.
    training('NaN filter and op values', 1.5, () =>
      runDebugged('digits', {}, (client) => client.exceptions('firstNaN')),
    ),
    training('op values on', 1.5, () => runDebugged('digits', { opLog: 'always' })),
    training('profiler on', 1.15, () => runDebugged('digits', { profile: true })),
    {
      name: 'op pause to op pause',
      unit: 'ms',
      rounds: 3,
      product: (quick) => opSteps(quick ? 20 : 100),
      peers: { '5 ms': () => 0.005 },
      goal: { peer: '5 ms', most: 1 },
    },
    {
      // All of it but what VS Code takes to make an empty page.
      name: '10⁸ elements, first painted in the tensor editor',
      unit: 'ms',
      rounds: 3,
      product: (quick) => openings(quick ? 3 : 9),
      peers: { '100 ms': () => 0.1 },
      goal: { peer: '100 ms', most: 1 },
    },
    {
      name: '10⁸ elements, a row of Variables with sampled statistics',
      unit: 'ms',
      rounds: 3,
      product: (quick) => rows(quick ? 5 : 20),
      peers: { '50 ms': () => 0.05 },
      goal: { peer: '50 ms', most: 1 },
    },
  ],
};
