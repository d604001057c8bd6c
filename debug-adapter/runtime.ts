/** Which Node the program runs on. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errors } from './errors.ts';
import type { Launch } from './launch.ts';

/** The first with synchronous module hooks. */
export const FLOOR = '22.15.0';

export interface Runtime {
  readonly path: string;
  readonly version: string;
  /** What must be set for it to be Node: an editor's own runtime is more than that. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why it is not the one the user would expect. */
  readonly note?: string;
}

/** The one named; else `node`; else the one that runs us. Fails where none is new enough. */
export async function findRuntime(launch: Launch): Promise<Runtime> {
  const named = launch.runtimeExecutable;
  const path = locate(named ?? 'node', launch);
  const version = path === null ? null : await versionOf(path, launch);
  if (path !== null && version !== null && atLeast(version, FLOOR))
    return { path, version, environment: {} };
  const own = process.versions.node;
  if (named === undefined && atLeast(own, FLOOR))
    return {
      path: process.execPath,
      version: own,
      environment: process.versions['electron'] ? { ELECTRON_RUN_AS_NODE: '1' } : {},
      note: `${version === null ? 'There is no node on the PATH' : `The node on the PATH is ${version}, and Tapedeck needs ${FLOOR}`}: the program runs on the editor's own, ${own}.`,
    };
  if (path === null || version === null) throw errors.runtimeMissing(named ?? 'node');
  throw errors.runtimeTooOld(path, version, FLOOR);
}

function locate(name: string, { cwd, environment }: Launch): string | null {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  const folders = /[\\/]/.test(name) ? [isAbsolute(name) ? '' : cwd] : path.split(delimiter);
  for (const folder of folders)
    for (const ending of process.platform === 'win32' ? ['.exe', ''] : ['']) {
      const file = resolve(cwd, join(folder, `${name}${ending}`));
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
    }
  return null;
}

/** By path and change time: asking costs a process, and the answer stays. */
const known = new Map<string, string>();

async function versionOf(path: string, { cwd, environment }: Launch): Promise<string | null> {
  const key = `${path}\0${statSync(path).mtimeMs}`;
  if (!known.has(key)) {
    const asked = promisify(execFile)(path, ['-p', 'process.versions.node'], {
      cwd,
      // Whatever the program wants loaded, it has no place in this question.
      env: { ...environment, NODE_OPTIONS: '' },
      timeout: 10_000,
    });
    const answer = await asked.catch(() => null);
    if (answer === null || !/^\d+\.\d+\.\d+/.test(answer.stdout)) return null;
    known.set(key, answer.stdout.trim());
  }
  return known.get(key)!;
}

/** Compares versions as numbers, part by part. */
export function atLeast(version: string, floor: string): boolean {
  const [given, wanted] = [version, floor].map((each) => each.split('.').map(parseFloat));
  for (let i = 0; i < 3; i++) if (given![i] !== wanted![i]) return given![i]! > wanted![i]!;
  return true;
}
