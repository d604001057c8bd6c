/**
 * The scripts of the program: which file each is, whether its frames are shown,
 * and how positions travel between the file and what V8 runs.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Site } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import { INTERNAL, OURS } from './debuggee/words.ts';
import { matcher } from './globs.ts';
import type { Lendings } from './targets.ts';

/** `user` and `skipped` code has frames in the call stack; the others are hidden. */
export type Kind = 'user' | 'skipped' | 'engine' | 'node' | 'internal';

const hides = (kind: Kind): boolean => !/^(user|skipped)$/.test(kind);

export interface Script {
  readonly id: string;
  readonly url: string;
  readonly kind: Kind;
  /** Absent where there is no file: `eval`, Node's own modules. */
  readonly path?: string;
  /** Absent where the file runs as it is written, which is nearly always. */
  readonly map?: TraceMap;
}

/** A position in a script as V8 counts, from 0. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number | undefined;
}

/** A position as people count, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class Sources {
  private readonly scripts = new Map<string, Script>();
  private engines: string[] = [];
  private own = INTERNAL;
  private skipped: (url: string) => boolean = () => false;
  /** Real path to the path the user knows a file by, where a link makes them differ. */
  private readonly names = new Map<string, string>();

  constructor(cdp: Cdp) {
    cdp.onStart(async () => this.scripts.clear());
    cdp.on('Debugger.scriptParsed', (script) => this.add(script));
  }

  /** Says what is hidden: the lent engine or the program's own, and what `skipFiles` names. */
  configure(program: string, { engine, preload }: Lendings, skipFiles: readonly string[]): void {
    this.own = new URL('.', preload).href;
    this.engines = [new URL('.', engine).href, ...installedEngine(program)];
    this.skipped = matcher(skipFiles);
  }

  script(id: string): Script | undefined {
    return this.scripts.get(id);
  }

  kind(id: string): Kind {
    return this.scripts.get(id)?.kind ?? 'internal';
  }

  /** Whether frames of this script are left out of the call stack. */
  hidden(id: string): boolean {
    return hides(this.kind(id));
  }

  /** The lines of an error's stack without those that the call stack leaves out. */
  shown(stack: readonly string[]): string[] {
    return stack.filter((line) => {
      const url = /((?:file|node|tapedeck-internal):[^()]+):\d+:\d+\)?$/.exec(line)?.[1];
      return url === undefined || !hides(this.kindOf(url));
    });
  }

  /** The address V8 knows a file by: links resolved, as Node resolves them. */
  url(path: string): string {
    const real = realPath(path);
    if (real !== path) this.names.set(real, path);
    return pathToFileURL(real).href;
  }

  /** What a file says; nothing where it cannot be read. */
  text(path: string): string {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  }

  /** Every script of a file that is loaded; a file changed by a query is loaded more than once. */
  ofPath(path: string): Script[] {
    const url = this.url(path);
    return [...this.scripts.values()].filter((script) => script.url.split('?')[0] === url);
  }

  /** Where the editor finds a line that the engine noted; null where it is in no file of the user's. */
  find({ url, line, column }: Site): (Position & { source: DebugProtocol.Source }) | null {
    const script = [...this.scripts.values()].findLast((script) => script.url === url);
    // A program that runs without debugging tells of no scripts; nearly all run as they are written.
    const path = !script && this.scripts.size === 0 ? this.pathOf(url) : undefined;
    if (path !== undefined) return { source: { name: basename(path), path }, line, column };
    const source = script && this.source(script.id);
    if (!script || !source) return null;
    const at = { scriptId: script.id, lineNumber: line - 1, columnNumber: column - 1 };
    return { source, ...this.position(at) };
  }

  /** Where the editor finds the innermost of these lines that the call stack shows. */
  caller(sites: readonly Site[]): Partial<Position & { source: DebugProtocol.Source }> {
    for (const site of sites) {
      const found = hides(this.kindOf(site.url)) ? null : this.find(site);
      if (found) return found;
    }
    return {};
  }

  /** The position in the file. */
  position({ scriptId, lineNumber, columnNumber = 0 }: Location): Position {
    const map = this.scripts.get(scriptId)?.map;
    if (map) {
      const { line, column } = originalPositionFor(map, {
        line: lineNumber + 1,
        column: columnNumber,
      });
      if (line !== null) return { line, column: column + 1 };
    }
    return { line: lineNumber + 1, column: columnNumber + 1 };
  }

  /** The position in what V8 runs. */
  location(script: Script, { line, column }: Position): Location {
    if (script.map) {
      const found = generatedPositionFor(script.map, {
        source: script.map.sources[0]!,
        line,
        column: column - 1,
        bias: LEAST_UPPER_BOUND,
      });
      if (found.line !== null)
        return { scriptId: script.id, lineNumber: found.line - 1, columnNumber: found.column };
    }
    return { scriptId: script.id, lineNumber: line - 1, columnNumber: column - 1 };
  }

  /** How the editor names the file of a script. */
  source(id: string): DebugProtocol.Source | undefined {
    const script = this.scripts.get(id);
    if (!script?.path) return undefined;
    const source = { name: basename(script.path), path: script.path };
    return script.kind === 'user' ? source : { ...source, presentationHint: 'deemphasize' };
  }

  private add({ scriptId, url, sourceMapURL }: Protocol.Debugger.ScriptParsedEvent): void {
    const path = this.pathOf(url);
    const map = inlineMap(sourceMapURL);
    const script: Script = {
      id: scriptId,
      url,
      kind: this.kindOf(url),
      ...(path === undefined ? {} : { path }),
      ...(map && path ? { map } : {}),
    };
    this.scripts.set(scriptId, script);
  }

  /** A program may give its scripts any address, also one that no file can have. */
  private pathOf(url: string): string | undefined {
    if (!url.startsWith('file:')) return undefined;
    try {
      const real = fileURLToPath(url);
      return this.names.get(real) ?? real;
    } catch {
      return undefined;
    }
  }

  private kindOf(url: string): Kind {
    if (url.startsWith(INTERNAL) || url.startsWith(this.own)) return 'internal';
    if (url.startsWith('node:')) return 'node';
    // WebAssembly comes from libraries; its frames say nothing to a reader of TypeScript.
    if (url.startsWith('wasm:')) return 'engine';
    if (this.engines.some((folder) => url.startsWith(folder))) return 'engine';
    return this.skipped(url) ? 'skipped' : 'user';
  }
}

/** The folder of the engine in the program's own `node_modules`, which wins over the lent one. */
function installedEngine(program: string): string[] {
  try {
    const entry = createRequire(program).resolve('@tapedeck/engine/package.json');
    return [pathToFileURL(`${dirname(realpathSync(entry))}/`).href];
  } catch {
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Only maps that our own transform wrote: they are in the file itself. */
function inlineMap(url: string | undefined): TraceMap | undefined {
  const [, data] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url ?? '') ?? [];
  if (data === undefined) return undefined;
  try {
    const map = new TraceMap(Buffer.from(data, 'base64').toString());
    return map.sourceRoot?.startsWith(OURS) ? map : undefined;
  } catch {
    // Another's, and broken.
    return undefined;
  }
}
