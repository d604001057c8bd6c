/**
 * The suite that runs inside VS Code's extension host, through
 * @vscode/test-electron: in the desktop VS Code that VSCODE_EXECUTABLE names,
 * else in the server, for which scripts/code.ts stands in as an executable.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from './setup/cache.mjs';
import { Tally } from './tally.ts';

/** What the suite writes to the file that TAPEDECK_RESULTS names; see test/extension/index.ts. */
interface Results {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

export async function hosted(grep = ''): Promise<Tally> {
  const tally = new Tally();
  const temporary = mkdtempSync(path.join(tmpdir(), 'tapedeck-hosted-'));
  const results = path.join(temporary, 'results.json');
  try {
    await runTests({
      vscodeExecutablePath: process.env.VSCODE_EXECUTABLE ?? path.join(root, 'scripts', 'code.ts'),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist', 'test', 'index.cjs'),
      extensionTestsEnv: { TAPEDECK_RESULTS: results, TAPEDECK_GREP: grep },
      launchArgs: [path.join(root, 'samples'), '--disable-extensions'],
    }).catch(() => {
      // A test failed, and the results say which; or there are none, and that is said below.
    });
    if (existsSync(results)) {
      const { passed, failed, skipped } = JSON.parse(readFileSync(results, 'utf8')) as Results;
      tally.passed = passed;
      tally.failed.push(...failed);
      tally.skipped.push(...skipped);
    } else tally.failed.push('the suite of the extension host did not come to its end');
    return tally;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
