import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const files = { 'model.ts': 'const a = 1;\nconsole.log(a);\n' };

editor('the workbench opens a folder and draws it', { files }, async (workbench) => {
  await workbench.open('model.ts');
  assert.ok(statSync(await workbench.picture('window')).size > 10_000);
});
