/** The ways to start a program that nobody has written a configuration for. */
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const sum = readFileSync(new URL('../fixtures/programs/sum.ts', import.meta.url), 'utf8');
const files = { 'sum.ts': sum };

editor("F5 asks VS Code's own question, once for a file", { files }, async (workbench) => {
  await workbench.open('sum.ts');
  await workbench.toggleBreakpoint('sum.ts', 8);
  await workbench.press('F5');
  await workbench.choose('Tapedeck');
  await workbench.stopped('sum.ts', 8);
  await workbench.debug('Continue');
  await workbench.toolbar().waitFor({ state: 'hidden' });
  await workbench.press('F5');
  await workbench.stopped('sum.ts', 8);
});

editor('▷ asks nothing, and shows our trees', { files }, async (workbench) => {
  await workbench.open('sum.ts');
  await workbench.toggleBreakpoint('sum.ts', 8);
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.stopped('sum.ts', 8);
  await workbench.pane('Tensors');
  await workbench.pane('Gradient Tape');
  await workbench.picture('debug-with-tapedeck');
  await workbench.debug('Continue');
  await workbench.toolbar().waitFor({ state: 'hidden' });
});
