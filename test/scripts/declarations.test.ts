/** The lent engine, as a package in a folder that knows nothing of this checkout. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import ts from 'typescript';
import { root } from '../../scripts/setup/cache.mjs';

const engine = path.join(root, 'dist', 'engine');
const skip = existsSync(engine) ? false : 'dist/ is not built: npm run build';

const folder = mkdtempSync(path.join(tmpdir(), 'tapedeck-package-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, 'node_modules', '@tapedeck'), { recursive: true });
symlinkSync(engine, path.join(folder, 'node_modules', '@tapedeck', 'engine'));

const program = path.join(folder, 'program.ts');
writeFileSync(
  program,
  `import * as tf from '@tapedeck/engine';
const x: tf.Tensor = tf.tensor([[1, 2], [3, 4]]);
const y: number[] = [...x.matMul(x).data<Float32Array>()];
const rows: number[][] = x.array();
const w: tf.Variable = tf.variable(tf.zeros([2, 2]), true, 'w');
const loss: number = tf.train.sgd(0.1).minimize(() => x.matMul(w).square().mean()).item();
const tape = new tf.GradientTape();
tape.watch(x);
const gradient: tf.Tensor | null = tape.gradient(x.square().sum(), x);
const { values, indices } = tf.topk(x, 1);
if (rows[0]![1] !== 2 || loss !== 0 || gradient === null || values.size !== indices.size) throw x;
console.log(y.join());
`,
);
writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');

const { ES2022 } = ts.ScriptTarget;
const { Node16, Preserve } = ts.ModuleKind;
const { Bundler } = ts.ModuleResolutionKind;
const projects: readonly ts.CompilerOptions[] = [
  {},
  { target: ES2022, module: Node16, exactOptionalPropertyTypes: true },
  { lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], module: Preserve, moduleResolution: Bundler },
];
for (const project of projects) {
  test(`its declarations hold in a strict project of ${JSON.stringify(project)}`, { skip }, () => {
    const options = { strict: true, noEmit: true, skipLibCheck: false, types: [], ...project };
    const found = ts
      .getPreEmitDiagnostics(ts.createProgram([program], options))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      // A folder without Node's types has no console.
      .filter((text) => !text.includes("'console'"));
    assert.deepEqual(found, []);
  });
}

test('it runs in plain node', { skip }, () => {
  const printed = execFileSync(process.execPath, [program], { encoding: 'utf8' });
  assert.equal(printed.trim(), '7,10,15,22');
});
