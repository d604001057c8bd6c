/**
 * `npm test`: everything that is tested, in three stages. Needs Node 20 and
 * npm; what else is missing is fetched once.
 *
 *     npm test -- --stage plain --grep tape
 */
import { prepare, script } from './setup/prepare.mjs';
import { main } from './setup/steps.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  const stage = args.indexOf('--stage');
  await prepare({ editor: stage < 0 || args[stage + 1] === 'editor' });
  return script('test.ts', args);
});
