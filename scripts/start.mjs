/**
 * `npm start`: opens VS Code with this checkout's Tapedeck on samples/. Needs
 * Node 20 and npm; what else is missing is fetched once. Where a desktop
 * VS Code and a screen are, that is opened; else VS Code's server and a browser.
 */
import { desktop } from './setup/desktop.mjs';
import { prepare, script } from './setup/prepare.mjs';
import { main } from './setup/steps.mjs';

await main(async () => {
  await prepare({ editor: desktop() === null });
  return script('open.ts', process.argv.slice(2));
});
