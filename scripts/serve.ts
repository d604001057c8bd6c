/** Runs VS Code's server, on the loopback address and behind a random token. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { output } from './setup/command.mjs';
import { server } from './setup/server.mjs';
import { Failure } from './setup/steps.mjs';

export interface Home {
  /** Where the server keeps settings, logs and its other state. */
  readonly data: string;
  /** Where extensions are installed. */
  readonly extensions: string;
}

export interface Wishes {
  /** Settings of a profile that has none yet; a person's own are left alone. */
  readonly settings?: Record<string, unknown>;
  /**
   * Seconds that a closed page may come back: its extension host waits so long.
   * People reload pages, tests leave them.
   */
  readonly grace?: number;
  /** Lets the address name an extension under development and its tests; hides notifications. */
  readonly driver?: boolean;
}

/** Where a page goes, and what it opens. */
export interface Visit {
  readonly folder: string;
  readonly file?: string;
  readonly payload?: readonly [name: string, value: string][];
}

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  // A browser is not asked unless this says so, and would leave a person in restricted mode.
  'security.workspace.trust.startupPrompt': 'once',
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
};

export class Server {
  readonly #child: ChildProcess;
  readonly #log: () => string;
  readonly #origin: string;
  readonly #token: string;

  private constructor(child: ChildProcess, log: () => string, port: string, token: string) {
    this.#child = child;
    this.#log = log;
    this.#origin = `http://127.0.0.1:${port}`;
    this.#token = token;
  }

  static async start(home: Home, wishes: Wishes = {}): Promise<Server> {
    const user = path.join(home.data, 'data', 'User');
    const settings = path.join(user, 'settings.json');
    if (!existsSync(settings)) {
      mkdirSync(user, { recursive: true });
      const text = JSON.stringify({ ...SETTINGS, ...wishes.settings }, null, 2);
      writeFileSync(settings, text);
    }
    const token = randomBytes(24).toString('hex');
    const child = spawn(process.execPath, [...args(home, wishes), '--connection-token', token], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A process that leaves by any way takes its server with it.
    process.on('exit', () => child.kill('SIGKILL'));
    let log = '';
    const port = await new Promise<string>((resolve, reject) => {
      const listen = (data: Buffer) => {
        log = (log + data.toString()).slice(-20_000);
        const found = /Extension host agent listening on (\d+)/.exec(log);
        if (found) resolve(found[1]!);
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.on('error', reject);
      child.on('exit', (code) => reject(new Failure(`VS Code's server left (${code}):\n${log}`)));
    });
    return new Server(child, () => log, port, token);
  }

  /** The last it printed. */
  get log(): string {
    return this.#log();
  }

  address({ folder, file, payload = [] }: Visit): string {
    const query = new URLSearchParams({ tkn: this.#token, folder: path.resolve(folder) });
    const opens: [string, string][] = file ? [['openFile', remote(file)]] : [];
    const all = [...opens, ...payload];
    if (all.length > 0) query.set('payload', JSON.stringify(all));
    return `${this.#origin}/?${query}`;
  }

  /** Ends when the server has ended; its extension hosts end with it. */
  stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 4000);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}

/** How the workbench names a file of the server's machine. */
export function remote(file: string): string {
  return `vscode-remote://remote${path.resolve(file)}`;
}

/** Installs an extension into a home that no server runs in. */
export async function install(vsix: string, home: Home): Promise<void> {
  const command = [main, ...places(home), '--install-extension', vsix, '--force'];
  const options = { env: environment(), what: 'Installing the extension into VS Code' };
  await output(process.execPath, command, options);
}

const main = path.join(server, 'out', 'server-main.js');

function places(home: Home): string[] {
  return ['--server-data-dir', home.data, '--extensions-dir', home.extensions];
}

function args(home: Home, { grace = 600, driver }: Wishes): string[] {
  return [
    main,
    ...places(home),
    ...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--reconnection-grace-time', String(grace)],
    ...(driver ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** Ours without what another VS Code or npm left in it, and without a marketplace to ask. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name),
  );
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{}' };
}
