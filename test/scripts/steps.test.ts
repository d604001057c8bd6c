/** How a script ends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/setup/cache.mjs';

const steps = path.join(root, 'scripts', 'setup', 'steps.mjs');

for (const [how, body, status] of [
  ['gives', 'return 3', 3],
  ['sets', 'process.exitCode = 1', 1],
  ['does not speak of', '', 0],
  ['fails without', 'throw new Failure("No.")', 1],
] as const)
  test(`a script whose main function ${how} an exit status ends with ${status}`, () => {
    const source = `import { Failure, main } from ${JSON.stringify(steps)};
      await main(async () => { ${body} });`;
    const args = ['--input-type=module', '--eval', source];
    assert.equal(spawnSync(process.execPath, args).status, status);
  });
