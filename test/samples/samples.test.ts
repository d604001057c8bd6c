/** The samples as a person runs them: `node file.ts`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../scripts/setup/cache.mjs';

async function printed(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(root, 'samples', file),
  ]);
  return stdout;
}

test('digits: 97 % of what it has not seen, and the same losses in every run', async () => {
  const [first, second] = await Promise.all([
    printed('digits/train.ts'),
    printed('digits/train.ts'),
  ]);
  assert.equal(first, second);
  const lines = first.trim().split('\n');
  assert.equal(lines.length, 20);
  const right = Number(/([\d.]+) % of the test digits right$/.exec(lines.at(-1)!)![1]);
  assert.ok(right >= 97, lines.at(-1));
});

test('first steps: ops', async () => {
  assert.equal(
    await printed('first-steps/ops.ts'),
    `f32[2,2] cpu
[[ 4.  5.]
 [10. 11.]]
f32[2,2] cpu
[[14. 25.]
 [20. 31.]]
The largest is 31
`,
  );
});

test('first steps: a gradient', async () => {
  assert.equal(await printed('first-steps/gradient.ts'), 'f32[3] cpu [2. 4. 6.]\n');
});

test('first steps: the line search goes downhill, towards (1, 1)', async () => {
  const lines = (await printed('first-steps/line-search.ts')).trim().split('\n');
  const heights = lines.slice(0, -1).map((line) => Number(/height ([\d.e-]+)/.exec(line)![1]));
  assert.deepEqual(
    heights,
    heights.toSorted((a, b) => b - a),
  );
  const [x, y] = /\[([^[]*)\]$/.exec(lines.at(-1)!)![1]!.trim().split(/\s+/).map(Number);
  assert.ok(Math.abs(x! - 1) < 0.05 && Math.abs(y! - 1) < 0.05, lines.at(-1));
});
