/**
 * What Node prints of an error that nobody caught. A shape that does not fit is
 * the user's, and how the engine is built inside tells nothing about it: its
 * frames are left out, as in the debugger. An error of another kind may be the
 * engine's own and stays whole.
 */
export function shortenStacks(engines: ReadonlySet<string>): void {
  const own = new URL('.', import.meta.url).href;
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    // What is thrown may be anything, also something that minds being changed.
    if (!(error instanceof Error) || error.name !== 'Error' || !error.stack) return;
    const hidden = [own, ...engines];
    const lines = error.stack.split('\n').filter((line) => {
      return !/^ +at /.test(line) || !hidden.some((folder) => line.includes(folder));
    });
    try {
      error.stack = lines.join('\n');
    } catch {
      // Frozen: it is printed as it is.
    }
  });
}
