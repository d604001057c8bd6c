/** A person ticks an exception filter for tensors, and follows the chain back from where the program stops. */
import { editor } from '../kit/editor.ts';

const program = `import * as tf from '@tapedeck/engine';

const x = tf.tensor([0, 1]);
const scaled = x.div(0);
const shifted = scaled.sub(1);
console.log(String(shifted));
`;

editor(
  'a NaN stops on the op, with the way there',
  { files: { 'bad.ts': program } },
  async (workbench) => {
    await workbench.open('bad.ts');
    await workbench.toggleBreakpoint('bad.ts', 3);
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped('bad.ts', 3);
    const filters = workbench.rows(await workbench.pane('Breakpoints'));
    await filters.filter({ hasText: 'NaN or Infinity (any)' }).getByRole('checkbox').check();
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
    await widget.getByText(/bad\.ts:4:18/).click({ modifiers: ['Control'] });
    await workbench.page.getByText('Ln 4, Col 18').waitFor();
    await workbench.picture('nan-filter-origin');
  },
);
