/** The packages of package-lock.json, installed without running anyone's install script. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { local, locked, root } from './cache.mjs';
import { output } from './command.mjs';
import { node } from './node.mjs';

const stamp = path.join(root, 'node_modules', '.lock-digest');

/** The environment in which npm and everything it starts is run by Node 24. */
export function environment() {
  return { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH };
}

/** @returns {import('./steps.mjs').Step} */
export function step() {
  const digest = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const done = () => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest;
  return {
    title: 'Installing the packages of package-lock.json (about 300)',
    done: done(),
    run: () =>
      locked(path.join(local, 'packages'), async () => {
        if (done()) return;
        const options = { cwd: root, env: environment(), what: 'Installing the packages with npm' };
        await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
        fs.writeFileSync(stamp, digest);
      }),
  };
}
