/** What TypeScript says of a program in a folder that holds nothing else. */
import assert from 'node:assert/strict';
import { editor } from '../kit/editor.ts';

const PROGRAM = `import { readFileSync } from 'node:fs';
import * as tf from '@tapedeck/engine';

const x = tf.tensor([[1, 2], [3, 4]]);
using tape = new tf.GradientTape();
tape.watch(x);
const y = await Promise.resolve(x.matMul(x));
console.log(y, process.argv.length, readFileSync(process.argv[1]!).length);
const wrong: string = 1;
`;
const files = { 'notes.txt': 'Nothing to see here.' };

editor(
  'in a new file only what is wrong is red, and completions are typed',
  { files },
  async (workbench) => {
    const { page } = workbench;
    await workbench.create('model.ts');
    await page.keyboard.insertText(PROGRAM);
    // Errors come all at once: where the wrong line is red, the others would be too.
    await workbench.problems('model.ts').first().waitFor();
    assert.equal(await workbench.problems('model.ts').count(), 1);

    await page.keyboard.type('x.matM');
    await workbench.suggestion('matMul').waitFor();
    await workbench.picture('completions');
  },
);

editor('tsconfig.json is written, and not over one that is there', { files }, async (workbench) => {
  const { page } = workbench;
  await workbench.command('Tapedeck: Write tsconfig.json');
  await workbench.editor('tsconfig.json').locator('.view-line').first().waitFor();
  await page.keyboard.insertText('// mine\n');
  await workbench.press('Control+S');
  await workbench.command('Tapedeck: Write tsconfig.json');
  await workbench.dialog().waitFor();
  await page.keyboard.press('Escape');
  await workbench.dialog().waitFor({ state: 'hidden' });
  await workbench.editor('tsconfig.json').getByText('// mine').waitFor();
});
