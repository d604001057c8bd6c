/** Runs another program; when it fails its output becomes part of the sentence. */
import { spawn } from 'node:child_process';
import { Failure } from './steps.mjs';

const windows = process.platform === 'win32';

/**
 * Runs silently and gives what it printed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, what?: string }} [options]
 *     `what` says for people what was tried
 * @returns {Promise<string>}
 */
export function output(program, args, { what = `${program} ${args[0]}`, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      shell: windows && program === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let wrong = '';
    child.stdout.on('data', (data) => (printed += data));
    child.stderr.on('data', (data) => (wrong += data));
    child.on('error', (error) => reject(new Failure(`${what} failed: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else
        reject(new Failure(`${what} failed (${signal ?? `exit ${code}`}):\n${wrong || printed}`));
    });
  });
}

/**
 * Hands the terminal to another program and gives its exit status. Ctrl+C
 * reaches it by itself, so this process only waits for it to end; a signal
 * sent to this process alone is passed on.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function handOver(program, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    process.on('SIGINT', () => {});
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
      process.on(signal, () => child.kill(signal));
    whenOrphaned(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Calls once when the process that started this one is gone: npm, when it is
 * killed, does not pass that on.
 */
export function whenOrphaned(/** @type {() => void} */ call) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    call();
  }, 1000);
  timer.unref();
}
