/** A person compares a changed model with the record of the run before, and looks at what differs. */
import path from 'node:path';
import { editor } from '../kit/editor.ts';

const model = (rate: string) => `import * as tf from '@tapedeck/engine';

tf.setSeed(3);
const x = tf.randomNormal([4, 3]);
const w = tf.variable(tf.randomNormal([3, 2]), true, 'w');
const optimizer = new tf.SGD(${rate});
for (let i = 0; i < 3; i++) optimizer.minimize(() => x.matMul(w).tanh().square().mean());
console.log('done');
`;
editor(
  'a run departs from its reference, and the ops stand side by side',
  {
    files: {
      'model.ts': model('0.1'),
      'changed.ts': `// The rate is another.\n${model('0.5')}`,
      '.vscode/launch.json': JSON.stringify({
        version: '0.2.0',
        configurations: [
          {
            type: 'tapedeck',
            request: 'launch',
            name: 'Compare',
            program: '${workspaceFolder}/changed.ts',
            reference: 'good.run',
          },
        ],
      }),
    },
  },
  async (workbench, folder) => {
    await workbench.open('model.ts');
    await workbench.command('Tapedeck: Record Run');
    await workbench.type(path.join(folder, 'good.run'));
    await workbench.console().filter({ hasText: 'done' }).first().waitFor();
    await workbench.open('changed.ts');
    // Filters stand in the view once a debugger was there.
    await workbench.toggleBreakpoint('changed.ts', 4);
    await workbench.press('F5');
    await workbench.stopped('changed.ts', 4);
    const filters = workbench.rows(await workbench.pane('Breakpoints'));
    await filters.filter({ hasText: 'Divergence from Reference' }).getByRole('checkbox').check();
    await workbench.debug('Continue');
    await workbench.stopped('changed.ts', 8);
    await workbench.exception().filter({ hasText: 'sgdStep made f32[3,2] that differs' }).waitFor();
    await workbench.collapse('Watch', 'Breakpoints', 'Tensors', 'Gradient Tape');
    const rows = workbench.rows(await workbench.pane('Reference Run'));
    await rows.filter({ hasText: 'SGD/sgdStep' }).filter({ hasText: 'changed.ts:8' }).waitFor();
    await workbench.picture('reference-run');
  },
);
