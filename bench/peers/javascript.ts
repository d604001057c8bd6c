import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Library } from './libraries.ts';
import { Line } from './line.ts';

/** One of the JavaScript engines, in a Node of its own; null where they are not installed in the folder. */
export async function openJavaScript(library: Library, folder: string): Promise<Line | null> {
  if (!existsSync(folder)) return null;
  // Given as text, what is imported is looked for from the folder the process runs in.
  const program = `
    import { serve } from ${JSON.stringify(import.meta.resolve('./server.ts'))};
    await serve(${JSON.stringify(library)}, (name) => import(name));
  `;
  return Line.open(
    spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', program], {
      cwd: folder,
      // They greet, and one warns of what it does not find.
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
}
