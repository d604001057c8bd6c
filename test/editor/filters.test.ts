/** A person ticks an exception filter for tensors, follows the chain back, and waits for a new value. */
import { editor } from '../kit/editor.ts';

const program = `import * as tf from '@tapedeck/engine';

const x = tf.tensor([0, 1]);
const scaled = x.div(0);
const shifted = scaled.sub(1);
const w = tf.variable(shifted, true, 'w');
console.log(String(shifted));
w.assign([3, 4]);
`;

editor(
  'a NaN stops on the op, with the way there, and a write to a variable',
  { files: { 'bad.ts': program } },
  async (workbench) => {
    await workbench.open('bad.ts');
    await workbench.toggleBreakpoint('bad.ts', 3);
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped('bad.ts', 3);
    const filters = workbench.rows(await workbench.pane('Breakpoints'));
    const filter = filters.filter({ hasText: 'NaN or Infinity (any)' }).getByRole('checkbox');
    await filter.check();
    await workbench.debug('Continue');
    await workbench.stopped('bad.ts', 4);
    await workbench.frames().first().filter({ hasText: 'div' }).waitFor();
    await workbench.debug('Continue');
    await workbench.stopped('bad.ts', 5);
    const widget = workbench
      .exception()
      .filter({ hasText: 'sub made 1 NaN and 1 Infinity in f32[2]' });
    await widget.waitFor();
    await workbench.picture('nan-filter');
    await widget.getByText(/bad\.ts:4:18/).waitFor();
    await filter.uncheck();
    await workbench.toggleBreakpoint('bad.ts', 7);
    await workbench.debug('Continue');
    await workbench.stopped('bad.ts', 7);
    await workbench.expand(workbench.scope('Module'));
    await workbench.menu(workbench.variable('w'), 'Break on Value Change');
    await workbench.debug('Continue');
    await workbench.stopped('bad.ts', 8);
    await workbench.why('Paused: assign wrote w').waitFor();
    await workbench.value('before').filter({ hasText: /NaN/ }).waitFor();
    await workbench.picture('data-breakpoint');
  },
);
