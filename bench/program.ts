import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client } from '../test/kit/dap.ts';
import { debug } from '../test/kit/debug.ts';

/** Runs a program of bench/programs in plain `node`; its last line is its answer, as JSON. */
export async function run<T>(name: string, args: readonly string[] = []): Promise<T> {
  const child = spawn(process.execPath, [pathOf(name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench: ${name} ended with ${code}`);
  return answer<T>(text);
}

/**
 * The same under the debugger, the adapter in a process of its own. Nothing is armed, except by
 * launch attributes and by what `arm` sets before the first line.
 */
export async function runDebugged<T>(
  name: string,
  attributes: object = {},
  arm: (client: Client) => Promise<unknown> = async () => {},
): Promise<T> {
  let output = '';
  await debug(async (client) => {
    await client.launch(pathOf(name), attributes);
    await arm(client);
    await client.go();
    const code = await end(client);
    if (code !== 0) throw new Error(`bench: ${name} ended with ${code} under the debugger`);
    output = client.printed('stdout');
  }, Client.spawn());
  return answer<T>(output);
}

/** The end of a program that may take longer than a test would wait. */
async function end(client: Client): Promise<number> {
  for (;;) {
    try {
      return await client.exited();
    } catch (error) {
      if (!(error as Error).message.includes('did not come')) throw error;
    }
  }
}

export function pathOf(name: string): string {
  return fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
}

function answer<T>(output: string): T {
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as T;
}
