/** A sample as a user has it: a copy of its folder, outside the checkout and the packages of it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/setup/cache.mjs';

/** All its files, by their path. */
export function sample(name: string): Record<string, Buffer> {
  const folder = path.join(root, 'samples', name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => [file, readFileSync(path.join(folder, file))] as const);
  return Object.fromEntries(files);
}

/** The number of the line that holds this text, from 1. */
export function lineOf(file: Buffer, text: string): number {
  const before = file.toString().split(text)[0]!;
  return before.split('\n').length;
}
