/** A person goes from layer to layer and into the backward pass, and stops at one call of a line. */
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const moves = readFileSync(new URL('../fixtures/moves.ts', import.meta.url), 'utf8');
const lineOf = (says: string) => moves.split('\n').findIndex((line) => line.includes(says)) + 1;
const LOSS = lineOf('logSumExp');

editor('moves among layers and gradients', { files: { 'moves.ts': moves } }, async (workbench) => {
  await workbench.open('moves.ts');
  await workbench.toggleBreakpoint('moves.ts', lineOf('second.call'));
  await workbench.command('Tapedeck: Add Op Logpoint');
  await workbench.type('tanh', 'Add Op Logpoint');
  await workbench.type('{op.path}: {stats(out)}');
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.stopped('moves.ts', lineOf('second.call'));
  await workbench.debugMenu('Run to Op, Layer or Gradient', 'Run to Next Layer');
  await workbench.why('Paused before matMul').waitFor();
  await workbench.frames().nth(1).filter({ hasText: 'layer first' }).waitFor();
  await workbench.press('Shift+Alt+F10');
  await workbench.frames().nth(1).filter({ hasText: 'layer second' }).waitFor();
  await workbench.press('Control+Shift+F11');
  await workbench.why('Paused before tanh').waitFor();
  await workbench.toggleBreakpoint('moves.ts', LOSS);
  // The line itself, then logSumExp, halved, tanh and neg.
  await workbench.addCallBreakpoint('moves.ts', LOSS, 4);
  await workbench.press('F5');
  await workbench.frames().first().filter({ hasText: /^neg/ }).waitFor();
  await workbench.console().filter({ hasText: 'tanh: min 0  max 1' }).waitFor();
  await workbench.picture('moves-call');
  await workbench.press('Shift+Alt+F11');
  await workbench.frames().first().filter({ hasText: '∇neg' }).waitFor();
  await workbench.picture('moves-gradient');
});
