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
const y: number[] = [...x.matMul(x).data() as Float32Array];
console.log(y.join());
`,
);

test('its declarations hold in the strictest project', { skip }, () => {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    types: [],
  };
  const found = ts
    .getPreEmitDiagnostics(ts.createProgram([program], options))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    // A folder without Node's types has no console.
    .filter((text) => !text.includes("'console'"));
  assert.deepEqual(found, []);
});

test('it runs in plain node', { skip }, () => {
  const printed = execFileSync(process.execPath, [program], { encoding: 'utf8' });
  assert.equal(printed.trim(), '7,10,15,22');
});
