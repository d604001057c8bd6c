/** A person opens the op log in the Disassembly View, steps in it, and sets a breakpoint on a row. */
import { readFileSync } from 'node:fs';
import { breakOn, instruction } from '../kit/disassembly.ts';
import { editor } from '../kit/editor.ts';

const moves = readFileSync(new URL('../fixtures/moves.ts', import.meta.url), 'utf8');

editor('the op log as disassembly', { files: { 'moves.ts': moves } }, async (workbench) => {
  await workbench.open('moves.ts');
  await workbench.command('Tapedeck: Add Op Breakpoint');
  await workbench.type('logSumExp');
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.why('Paused before logSumExp').waitFor();
  // The op log begins there.
  await workbench.debug('Continue');
  await workbench.console().filter({ hasText: 'loss 0.47' }).waitFor();
  await workbench.why('Paused before logSumExp').waitFor();
  await workbench.command('Open Disassembly View');
  const row = (text: string | RegExp) => instruction(workbench, text).last();
  await row(/logSumExp\sf32\[1,2\]$/).waitFor();
  await row(/33:\s+const\sloss[^]*tanh\sf32\[1,2\]\s→\sf32\[1,2\]\s+[\d.]+\s(µs|ms)/).waitFor();
  // The keys of the editor step by op while the view has the focus.
  await workbench.press('F11');
  await workbench.why('Paused before max').waitFor();
  await workbench.press('F10');
  await workbench.why('Paused before stopGradient').waitFor();
  await row(/max\sf32\[1,2\]\s→\sf32\[1,1\]/).waitFor();
  await workbench.debug('Step Back');
  await workbench.frames().first().filter({ hasText: 'max (past)' }).waitFor();
  await breakOn(workbench, row(/\stanh\sf32/));
  await workbench.picture('disassembly');
  await workbench.debug('Continue');
  await workbench.why('Paused before tanh').waitFor();
  await workbench.picture('disassembly-breakpoint');
});
