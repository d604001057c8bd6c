/** The VS Code a person has installed, where there is also a screen to show it on. */
import { spawnSync } from 'node:child_process';

/** Whether a window can be shown. */
export const screen =
  process.platform !== 'linux' ||
  Boolean(process.env.DISPLAY) ||
  Boolean(process.env.WAYLAND_DISPLAY);

/**
 * The command that starts it: VSCODE_EXECUTABLE, or the first that answers.
 *
 * @returns {string | null}
 */
export function desktop() {
  if (!screen) return null;
  const names = [process.env.VSCODE_EXECUTABLE, 'code', 'codium', 'code-insiders'];
  const shell = process.platform === 'win32';
  const answers = (/** @type {string} */ name) =>
    spawnSync(name, ['--version'], { shell, stdio: 'ignore', timeout: 10_000 }).status === 0;
  return names.find((name) => name !== undefined && answers(name)) ?? null;
}
