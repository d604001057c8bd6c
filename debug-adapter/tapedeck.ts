/** The command `tapedeck`: `node dist/tapedeck.js run model.ts`. */
import { command } from './command-line.ts';
import { lent } from './lent.ts';

const code = await command(process.argv.slice(2), lent, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
if (code !== null) process.exitCode = code;
