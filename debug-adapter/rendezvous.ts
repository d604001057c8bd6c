/** Where the program finds the adapter: a socket nobody else can open, gone as soon as it is used. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line, RelayEvents } from './debuggee/words.ts';

export type Hello = RelayEvents['Relay.hello'][0];

export class Rendezvous {
  readonly line: Line;
  /** Fulfils with the first who knows the token. What it says next is still unread. */
  readonly met: Promise<{ socket: Socket; hello: Hello }>;
  private readonly server: Server;
  private readonly folder: string | null;
  /** Who has connected and not said who it is. */
  private readonly strangers = new Set<Socket>();

  constructor(line: Omit<Line, 'socket' | 'token'>) {
    const token = randomBytes(24).toString('base64url');
    const windows = process.platform === 'win32';
    // mkdtemp makes the folder with mode 0700. The path must stay under a hundred characters.
    this.folder = windows ? null : mkdtempSync(join(shortTemporary(), 'tapedeck-'));
    const name = randomBytes(8).toString('hex');
    const socket = this.folder ? join(this.folder, 's') : `\\\\.\\pipe\\tapedeck-${name}`;
    this.line = { ...line, socket, token };
    this.server = createServer({ pauseOnConnect: true });
    this.met = new Promise((resolve) => {
      this.server.on('connection', (socket) => {
        this.strangers.add(socket);
        socket.once('close', () => this.strangers.delete(socket));
        firstLine(socket, (first) => {
          const hello = greeting(first);
          if (hello?.token !== token) return void socket.destroy();
          this.strangers.delete(socket);
          this.close();
          resolve({ socket, hello });
        });
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.line.socket, resolve);
    });
  }

  /** Nobody is met any more; who is on the way finds nobody. */
  close(): void {
    this.server.close();
    for (const socket of this.strangers) socket.destroy();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A user's temporary folder may be deep; a socket's path may not be long. */
function shortTemporary(): string {
  const folder = tmpdir();
  return folder.length > 60 ? '/tmp' : folder;
}

function greeting(line: string): Hello | null {
  try {
    const { method, params } = JSON.parse(line) as { method?: string; params?: Hello };
    return method === 'Relay.hello' && params ? params : null;
  } catch {
    return null;
  }
}

/** A greeting is a token and a few words. */
const LONGEST = 4096;

/** Reads one line and leaves the socket paused with the rest put back. */
function firstLine(socket: Socket, heard: (line: string) => void): void {
  let seen = Buffer.alloc(0);
  const listen = (data: Buffer) => {
    seen = Buffer.concat([seen, data]);
    const end = seen.indexOf('\n');
    if (end < 0) return void (seen.length > LONGEST && socket.destroy());
    socket.off('data', listen);
    socket.pause();
    if (end + 1 < seen.length) socket.unshift(seen.subarray(end + 1));
    heard(seen.toString('utf8', 0, end));
  };
  socket.on('data', listen);
  socket.on('error', () => socket.destroy());
  socket.resume();
}
