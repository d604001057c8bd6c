/**
 * `node scripts/run.mjs build --minify` runs scripts/build.ts under Node 24,
 * whatever Node this is, after fetching what is missing.
 */
import path from 'node:path';
import { root } from './setup/cache.mjs';
import { handOver } from './setup/command.mjs';
import * as node24 from './setup/node.mjs';
import * as packages from './setup/packages.mjs';
import { main, take } from './setup/steps.mjs';

await main(async () => {
  const [name = '', ...rest] = process.argv.slice(2);
  await take([node24.step, packages.step()]);
  const script = path.join(root, 'scripts', `${name}.ts`);
  return handOver(node24.node, [script, ...rest], packages.environment());
});
