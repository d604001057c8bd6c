/**
 * The TypeScript server with our plugin, asked as the editor asks it: with the
 * options that VS Code gives a file that belongs to no project.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import * as esbuild from 'esbuild';
import { bundles, entries } from '../../../scripts/bundles.ts';
import { layPlugin, PLUGIN } from '../../../scripts/plugin.ts';
import { root } from '../../../scripts/setup/cache.mjs';

const home = mkdtempSync(path.join(os.tmpdir(), 'tapedeck-plugin-'));
const extension = path.join(home, 'extension');
const workspace = path.join(home, 'workspace');
const TYPES = `
  export declare class Tensor { readonly shape: readonly number[]; matMul(other: Tensor): Tensor }
  export declare class GradientTape { [Symbol.dispose](): void }
  export declare function tensor(values: readonly number[]): Tensor;
`;
let running: Promise<Server> | undefined;
/** Started by the first test that asks. */
const served = (): Promise<Server> => (running ??= serve());

async function serve(): Promise<Server> {
  const row = bundles.find(({ from }) => from === 'extension/language/plugin.ts')!;
  const outdir = path.join(extension, PLUGIN);
  await esbuild.build({ ...row.options, bundle: true, entryPoints: entries(row), outdir });
  layPlugin(extension);
  write(extension, 'dist/engine/types/index.d.ts', TYPES);
  return new Server(extension);
}
after(async () => {
  await (await running)?.stop();
  rmSync(home, { recursive: true });
});

const PROGRAM = `
import { readFileSync } from 'node:fs';
import * as tf from '@tapedeck/engine';
import { two } from './two.ts';

using tape = new tf.GradientTape();
const x = tf.tensor([1, two]);
await Promise.resolve(tape);
console.log(x.shape, process.argv, readFileSync(process.argv[1]!).length);
`;

test('a folder with nothing in it shows no error, and completes with the lent types', async () => {
  write(workspace, 'empty/two.ts', 'export const two = 2;');
  const file = write(workspace, 'empty/model.ts', `${PROGRAM}const y = x.`);
  assert.deepEqual(await (await served()).errors(file), []);
  assert.deepEqual(await (await served()).completions(file, PROGRAM + 'const y = x.'), [
    'matMul',
    'shape',
  ]);
});

test('JavaScript gets the same completions', async () => {
  const text = "import * as tf from '@tapedeck/engine';\ntf.tensor([1]).";
  const file = write(workspace, 'script/model.js', text);
  assert.deepEqual((await (await served()).completions(file, text)).slice(0, 2), [
    'matMul',
    'shape',
  ]);
});

test('a copy in node_modules wins', async () => {
  const copy = 'installed/node_modules/@tapedeck/engine/';
  write(workspace, `${copy}package.json`, '{ "name": "@tapedeck/engine", "types": "own.d.ts" }');
  write(workspace, `${copy}own.d.ts`, 'export declare function own(): void;');
  const file = write(
    workspace,
    'installed/model.ts',
    "import * as tf from '@tapedeck/engine';\ntf.own();\ntf.tensor([1]);",
  );
  assert.deepEqual(await (await served()).errors(file), [
    `3: Property 'tensor' does not exist on type 'typeof import("${workspace}/${copy}own")'.`,
  ]);
});

const LOADER = `
import { readFileSync } from 'node:fs';
import path from 'path';
export const rows = readFileSync(path.join(import.meta.dirname, process.argv[2]!), 'utf8').length;
`;

test('a file of a folder without a project knows Node, also where it imports no engine', async () => {
  const file = write(workspace, 'loader/loader.ts', LOADER);
  assert.deepEqual(await (await served()).errors(file), []);
});

test('a project that says what it is made of is not given more', async () => {
  write(workspace, 'project/tsconfig.json', '{ "compilerOptions": { "types": [] } }');
  const file = write(workspace, 'project/loader.ts', LOADER);
  assert.match((await (await served()).errors(file))[0]!, /node:fs/);
});

test('what is written wrongly is still red', async () => {
  const file = write(
    workspace,
    'wrong/model.ts',
    "import * as tf from '@tapedeck/engine';\nimport 'no-such-package';\ntf.tensor('one');",
  );
  assert.deepEqual(await (await served()).errors(file), [
    "2: Cannot find module or type declarations for side-effect import of 'no-such-package'.",
    "3: Argument of type 'string' is not assignable to parameter of type 'readonly number[]'.",
  ]);
});

function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

interface Answer {
  readonly request_seq: number;
  readonly body: any;
}

class Server {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #count = 0;

  constructor(probe: string) {
    const tsserver = path.join(root, 'node_modules/typescript/lib/tsserver.js');
    const plugin = [
      '--globalPlugins',
      '@tapedeck/typescript-plugin',
      '--pluginProbeLocations',
      probe,
    ];
    const flags = ['--useInferredProjectPerProjectRoot', '--disableAutomaticTypingAcquisition'];
    this.#process = spawn(process.execPath, [tsserver, ...plugin, ...flags]);
    createInterface(this.#process.stdout!).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.request_seq)?.(answer);
    });
    void this.#ask('compilerOptionsForInferredProjects', {
      options: {
        module: 'ESNext',
        moduleResolution: 'Bundler',
        target: 'ES2024',
        jsx: 'react-jsx',
        allowImportingTsExtensions: true,
        strict: true,
      },
    });
  }

  /** The errors an editor would underline, as `line: text`. */
  async errors(file: string): Promise<string[]> {
    this.#open(file);
    const { body } = await this.#ask('semanticDiagnosticsSync', { file });
    return body.map((error: any) => `${error.start.line}: ${error.text}`);
  }

  /** What is offered behind the last character of the text. */
  async completions(file: string, text: string): Promise<string[]> {
    this.#open(file);
    const lines = text.split('\n');
    const position = { line: lines.length, offset: lines.at(-1)!.length + 1 };
    const { body } = await this.#ask('completionInfo', { file, ...position });
    return body.entries.map((entry: any) => entry.name);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }

  #open(file: string): void {
    this.#send('open', { file, projectRootPath: path.dirname(file) });
  }

  #ask(command: string, args: object): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(this.#send(command, args), resolve));
  }

  #send(command: string, args: object): number {
    const message = { seq: ++this.#count, type: 'request', command, arguments: args };
    this.#process.stdin!.write(JSON.stringify(message) + '\n');
    return message.seq;
  }
}
