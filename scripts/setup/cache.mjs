/**
 * The folder for what is fetched once: Node, VS Code, Chromium. It lies in the
 * checkout, unless TAPEDECK_CACHE names one that several checkouts share.
 *
 * A folder inside it is there or not, never half: it is made under another
 * name and renamed when whole, and its name carries what it was made from.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** What belongs to this checkout alone: pictures, profiles, stamps. */
export const local = path.join(root, '.cache');
export const cache = process.env.TAPEDECK_CACHE ? path.resolve(process.env.TAPEDECK_CACHE) : local;

/** Where a thing lies or will lie, named by a digest of everything it is made from. */
export function place(/** @type {string} */ name, /** @type {(string | Buffer)[]} */ ...parts) {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return path.join(cache, `${name}-${digest.digest('hex').slice(0, 12)}`);
}

/**
 * Makes a folder unless it is there. Of several processes that want the same
 * one the first makes it and the others wait.
 *
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} make
 */
export async function once(folder, make) {
  if (fs.existsSync(folder)) return;
  await locked(folder, async () => {
    if (fs.existsSync(folder)) return;
    const temporary = `${folder}.part`;
    fs.rmSync(temporary, { recursive: true, force: true });
    fs.mkdirSync(temporary, { recursive: true });
    await make(temporary);
    fs.renameSync(temporary, folder);
  });
}

/**
 * Runs `work` while no other process runs work under the same name. A lock
 * left behind by a process that is gone counts for nothing.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 */
export async function locked(name, work) {
  const lock = `${name}.lock`;
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  for (let told = false; !take(lock); await wait(200)) {
    const owner = Number(read(lock));
    if (owner && !alive(owner)) clear(lock, owner);
    else if (!told) {
      told = true;
      console.log(`Waiting for process ${owner}, which is setting up the same thing.`);
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(/** @type {string} */ lock) {
  // A link appears with its content in one step; a file would be empty for a moment.
  const own = `${lock}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, lock);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(own);
  }
}

/**
 * Takes a lock away whose owner is gone. Others may find the same, and the
 * quickest of them has the lock again: what is taken away is looked at, and
 * given back where it is another's.
 *
 * @param {string} lock
 * @param {number} owner
 */
function clear(lock, owner) {
  const own = `${lock}.${process.pid}`;
  try {
    fs.renameSync(lock, own);
    if (Number(read(own)) !== owner) fs.linkSync(own, lock);
  } catch {
    // It is gone already, or there again.
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function read(/** @type {string} */ file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function alive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
