/** Stands in for the native @vscode/fs-copyfile; without it the git extension does not start. */
import fs from 'node:fs';

export const { copyFileSync, constants } = fs;
export const copyFile = (from, to, mode) => fs.promises.copyFile(from, to, mode);
export const cp = (from, to, options) => fs.promises.cp(from, to, { recursive: true, ...options });
export const isCloneSupported = () => false;
