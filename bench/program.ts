import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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

export function pathOf(name: string): string {
  return fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
}

export function answer<T>(output: string): T {
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as T;
}
