/** Fetches a package from npm at one exact version, and refuses it when a byte differs. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { output } from './command.mjs';
import { Failure } from './steps.mjs';

/**
 * @typedef {object} Pin
 * @property {string} name
 * @property {string} version
 * @property {string} integrity the sha512 of the tarball, as npm writes it
 */

/**
 * Unpacks members of a package into `folder/package`. npm does the fetching,
 * so that the proxy, mirror and certificates a person has set for it hold.
 *
 * @param {Pin} pin
 * @param {string} folder
 * @param {readonly string[]} members as tar takes them
 */
export async function unpack({ name, version, integrity }, folder, members) {
  const what = `Fetching ${name} ${version} with npm`;
  const options = { cwd: folder, what };
  const args = ['pack', `${name}@${version}`, '--loglevel=error', '--pack-destination', folder];
  await output('npm', args, options);
  const file = fs.readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (!file) throw new Failure(`${what} brought no file.`);
  const tarball = path.join(folder, file);
  const found = `sha512-${createHash('sha512').update(fs.readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity)
    throw new Failure(
      `${name} ${version} is not the package this project was tested with: ` +
        `its digest is ${found}, expected ${integrity}. Nothing of it was used.`,
    );
  const unpacking = { cwd: folder, what: `Unpacking ${name} ${version}` };
  await output('tar', ['-xzf', file, ...members], unpacking);
  fs.rmSync(tarball);
}
