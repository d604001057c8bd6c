/** A person stops on an op, looks at what goes in and what comes out, and goes to the next. */
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const product = readFileSync(new URL('../fixtures/programs/product.ts', import.meta.url), 'utf8');
const files = { 'product.ts': product };

editor('an op breakpoint, the end of the op, and the next one', { files }, async (workbench) => {
  await workbench.open('product.ts');
  await workbench.command('Tapedeck: Add Op Breakpoint');
  await workbench.type('matMul');
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.stopped('product.ts', 7);
  await workbench.frames().first().filter({ hasText: 'matMul' }).waitFor();
  await workbench.picture('op-before');
  await workbench.debug('Finish Op');
  await workbench
    .value('out')
    .filter({ hasText: /^f32\[2,2\]/ })
    .waitFor();
  await workbench.why('Paused after matMul').waitFor();
  // What surrounds the op has its values beside the code, not the op's own of the same name.
  await workbench.inline('product.ts', /^x\s=\sf32\[2,2\]/).waitFor();
  await workbench.picture('op-after');
  await workbench.debug('Next Op');
  await workbench.stopped('product.ts', 8);
  await workbench.frames().first().filter({ hasText: 'biasAdd' }).waitFor();
  await workbench.why('Paused before biasAdd').waitFor();
  await workbench.debug('Restart');
  await workbench.why('Paused before matMul').waitFor();
  await workbench.debug('Continue');
  await workbench.console().filter({ hasText: '[ [ 17, 30 ], [ 25, 42 ] ]' }).waitFor();
});
