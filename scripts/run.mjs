/**
 * `node scripts/run.mjs build --minify` runs scripts/build.ts under Node 24,
 * whatever Node this is, after fetching what is missing.
 */
import { prepare, script } from './setup/prepare.mjs';
import { main } from './setup/steps.mjs';

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  await prepare();
  return script(`${name}.ts`, args);
});
