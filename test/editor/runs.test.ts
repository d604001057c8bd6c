/** A person compares a changed model with the record of the run before, and looks at what differs. */
import { editor } from '../kit/editor.ts';

const model = (rate: string) => `import * as tf from '@tapedeck/engine';

tf.setSeed(3);
const x = tf.randomNormal([4, 3]);
const w = tf.variable(tf.randomNormal([3, 2]), true, 'w');
const optimizer = new tf.SGD(${rate});
for (let i = 0; i < 3; i++) optimizer.minimize(() => x.matMul(w).tanh().square().mean());
console.log('done');
`;
const launch = (name: string, more: object) => ({
  type: 'tapedeck',
  request: 'launch',
  name,
  program: '${workspaceFolder}/model.ts',
  ...more,
});

editor(
  'a run departs from its reference, and the ops stand side by side',
  {
    files: {
      'model.ts': model('0.1'),
      'changed.ts': `// The rate is another.\n${model('0.5')}`,
      '.vscode/launch.json': JSON.stringify({
        version: '0.2.0',
        configurations: [
          launch('Record', { record: 'good.run' }),
          launch('Compare', { program: '${workspaceFolder}/changed.ts', reference: 'good.run' }),
        ],
      }),
    },
  },
  async (workbench) => {
    await workbench.open('changed.ts');
    await workbench.command('Debug: Select and Start Debugging');
    await workbench.choose('Record');
    await workbench.console().filter({ hasText: 'done' }).first().waitFor();
    const filters = workbench.rows(await workbench.pane('Breakpoints'));
    await filters.filter({ hasText: 'Divergence from Reference' }).getByRole('checkbox').check();
    await workbench.command('Debug: Select and Start Debugging');
    await workbench.choose('Compare');
    await workbench.stopped('changed.ts', 8);
    await workbench.exception().filter({ hasText: 'sgdStep made f32[3,2] that differs' }).waitFor();
    await workbench.collapse('Watch', 'Breakpoints', 'Tensors', 'Gradient Tape');
    const rows = workbench.rows(await workbench.pane('Reference Run'));
    await rows.filter({ hasText: 'SGD/sgdStep' }).filter({ hasText: 'changed.ts:8' }).waitFor();
    await workbench.picture('reference-run');
  },
);
