/** In a workspace that the user does not trust nothing of it runs. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { editor } from '../kit/editor.ts';

const files = {
  'model.ts': "import { writeFileSync } from 'node:fs';\nwriteFileSync('it-ran.txt', 'yes');\n",
};

editor('an untrusted workspace runs nothing', { files, asks: true }, async (workbench, folder) => {
  await workbench.page.getByText('Restricted Mode').first().waitFor();
  await workbench.open('model.ts');
  // The editor asks before it debugs; nothing runs when the answer is no.
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.dialogButton('Cancel').click();
  await workbench.dialog().waitFor({ state: 'hidden' });
  assert.equal(await workbench.toolbar().isVisible(), false);
  assert.equal(existsSync(path.join(folder, 'it-ran.txt')), false);
});
