/**
 * The house rules: what may import what, which world a file lives in, how long
 * it may be and what it may be called. docs/architecture.md gives the reasons.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from '../scripts/setup/cache.mjs';
import { worlds } from '../scripts/worlds.ts';

const NODE = /^node:/;
/** Behind a door may stand parts of it, which nobody but the door goes to. */
const DOORS = /^(engine|debug-adapter|views)\/protocol(\/[a-z-]+)?\.ts$/;
const DOOR_FILES = '{engine,debug-adapter,views}/protocol{.ts,/*.ts}';

interface Room {
  readonly files: RegExp;
  /** What of the house it may import, by path. */
  readonly house: RegExp;
  /** What else: packages, `node:` and `vscode`. */
  readonly packages: readonly (string | RegExp)[];
}

/** The first room that fits a file says what it may import. */
const rooms: readonly Room[] = [
  { files: DOORS, house: DOORS, packages: [] },
  // The engine knows nobody; what it needs of Node is in host/, which only its front door wires in.
  { files: /^engine\/host\//, house: /^engine\//, packages: [NODE, 'koffi', 'webgpu'] },
  { files: /^engine\/index\.ts$/, house: /^engine\//, packages: [] },
  { files: /^engine\//, house: /^engine\/(?!host\/|index\.ts|protocol\/)/, packages: [] },
  {
    files: /^debug-adapter\//,
    house: /^debug-adapter\/|^engine\/protocol\.ts$/,
    packages: [
      NODE,
      '@vscode/debugadapter',
      '@vscode/debugprotocol',
      'devtools-protocol',
      'acorn',
      '@jridgewell/trace-mapping',
      'typescript',
    ],
  },
  {
    files: /^views\/(index|panel|session)\.ts$|^views\/\w+\/host\.ts$|^views\/trees\/(?!model)/,
    house: /^views\/(?!.*page\.ts)|^debug-adapter\/protocol\.ts$/,
    packages: ['vscode'],
  },
  {
    files: /^views\/.*page\.ts$/,
    house: /^views\/|^debug-adapter\/protocol\.ts$/,
    packages: ['@vscode-elements/elements', 'uplot'],
  },
  // Whatever else is in views/ is pure, so that it can be tested by itself.
  {
    files: /^views\//,
    house: /^views\/(?!.*(page|host)\.ts)|^debug-adapter\/protocol\.ts$/,
    packages: [],
  },
  {
    files: /^extension\//,
    house:
      /^extension\/|^(engine|debug-adapter|views)\/(index|protocol)\.ts$|^engine\/ops(\/index\.ts|\.json)$/,
    packages: [NODE, 'vscode', 'typescript', /^vscode-language(client|server)/],
  },
  { files: /^samples\//, house: /^samples\//, packages: [NODE, '@tapedeck/engine'] },
];

const ROOMS = '{engine,debug-adapter,views,extension,samples}';
const HOUSE = '{engine,debug-adapter,views,extension,samples,scripts,bench,test}';
const sources = filesOf(`${HOUSE}/**/*.{ts,mjs}`);

test('imports go one way, through the doors', () => {
  const wrong = filesOf(`${ROOMS}/**/*.ts`).flatMap((file) => {
    const { house, packages } = rooms.find(({ files }) => files.test(file))!;
    return importsOf(file)
      .filter(({ target, own }) => !(own ? house.test(target) : fits(target, packages)))
      .map(({ target }) => `${file} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('doors hold types and constants, no functions', () => {
  for (const file of filesOf(DOOR_FILES)) {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && !inType(node)) found.push(node.getText());
      ts.forEachChild(node, visit);
    };
    visit(parse(file));
    assert.deepEqual(found, [], file);
  }
});

test('every source lives in a world, and only pages live in a browser', () => {
  const all = worlds().map((world) => ({ ...world, files: world.files.map(fromRoot) }));
  const known = new Set(all.flatMap(({ files }) => files));
  const homeless = sources.filter((file) => !known.has(file) && !file.includes('/fixtures/'));
  assert.deepEqual(homeless, []);
  const browser = all.filter(({ options }) => options.lib?.includes('lib.dom.d.ts'));
  const strange = browser
    .flatMap(({ files }) => files)
    .filter((file) => !/^views\/.*page\.ts$|^test\//.test(file));
  assert.deepEqual(strange, []);
});

test('importing the table of ops runs nothing', () => {
  const program = `
    import { stripTypeScriptTypes } from 'node:module';
    // Node strips types by WebAssembly of its own; let it get that before nobody can.
    stripTypeScriptTypes('');
    const refuse = (name) => new Proxy(function () {}, {
      get: () => { throw new Error(name + ' was touched'); },
      construct: () => { throw new Error(name + ' was made'); },
      apply: () => { throw new Error(name + ' was called'); },
    });
    for (const name of ['WebAssembly', 'Worker', 'navigator', 'SharedArrayBuffer'])
      Object.defineProperty(globalThis, name, { value: refuse(name), configurable: true });
    await import(${JSON.stringify(path.join(root, 'engine/ops/index.ts'))});
  `;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
});

test('no file is longer than 400 lines', (t) => {
  const written = [...sources, ...filesOf('views/**/*.css'), ...filesOf('docs/architecture.md')];
  const lengths = written
    .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
    .sort((a, b) => b.lines - a.lines);
  for (const { file, lines } of lengths.slice(0, 10)) t.diagnostic(`${lines} ${file}`);
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 400),
    [],
  );
});

test('names say what a thing is', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc)(\.|\/)/i;
  assert.deepEqual(
    sources.filter((file) => vague.test(file)),
    [],
  );
  const empty = /^(I[A-Z][a-z]|.*(Manager|Helper|Service)$)/;
  const found = sources.flatMap((file) =>
    [...read(file).matchAll(/^(?:export )?(?:abstract )?(?:class|interface) (\w+)/gm)]
      .map(([, name]) => name!)
      .filter((name) => empty.test(name))
      .map((name) => `${name} in ${file}`),
  );
  assert.deepEqual(found, []);
});

interface Import {
  /** A path from the root, or the name of a package. */
  readonly target: string;
  readonly own: boolean;
}

function importsOf(file: string): Import[] {
  return ts.preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => {
    const own = fileName.startsWith('.');
    const target = own ? path.posix.join(path.posix.dirname(file), fileName) : fileName;
    return { target, own };
  });
}

function fits(name: string, allowed: Room['packages']): boolean {
  return allowed.some((one) =>
    typeof one === 'string' ? name === one || name.startsWith(`${one}/`) : one.test(name),
  );
}

/** Signatures describe messages; only code is meant. */
function inType(node: ts.Node): boolean {
  return (
    !ts.isFunctionDeclaration(node) && !ts.isArrowFunction(node) && !ts.isMethodDeclaration(node)
  );
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext, true);
}

function filesOf(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (name) => /^(node_modules|dist)$/.test(name) })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !file.endsWith('.generated.ts') && !file.includes('node_modules/'))
    .sort();
}

function fromRoot(file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
