/**
 * The whole path, by clicking and typing, on the packaged extension: a sample
 * opens, F5, a stop on a line and on an op, a look at a tensor, a change of it,
 * the change in the result, the tape, and a click through a flame chart. Each
 * step leaves a picture.
 */
import { editor } from '../kit/editor.ts';
import { lineOf, sample } from '../kit/sample.ts';

const files = sample('digits');
const LOSS = lineOf(files['train.ts']!, 'const loss =');

editor('from F5 to the flame chart', { files }, async (workbench) => {
  const { page } = workbench;
  let count = 0;
  const picture = (name: string) => workbench.picture(`path-${++count}-${name}`);

  await workbench.open('train.ts');
  await picture('sample');
  await workbench.goToLine(LOSS);
  await workbench.toggleBreakpoint('train.ts', LOSS);
  await workbench.press('F5');
  await workbench.stopped('train.ts', LOSS);
  await workbench.expand(workbench.scope('Block'));
  await workbench
    .value('logits')
    .filter({ hasText: /^f32\[32,10\]/ })
    .waitFor();
  await picture('line');

  // A look at it: the tensor editor, from the menu of Variables.
  await workbench.menu(workbench.variable('logits'), 'Open Tensor');
  const tensor = await workbench.webview('.cells');
  const cell = tensor.locator('#cell-0-0');
  await cell.filter({ hasText: /\d/ }).waitFor();
  await picture('tensor');

  // A change of one element there is seen in Variables, and one of all of them in the editor.
  await cell.dblclick();
  await page.keyboard.type('100');
  await page.keyboard.press('Enter');
  await cell.filter({ hasText: '100' }).waitFor();
  await workbench
    .value('logits')
    .filter({ hasText: /sd 5\.6/ })
    .waitFor();
  await picture('element');
  await workbench.setVariable('logits', '0');
  await workbench
    .value('logits')
    .filter({ hasText: /sd 0\b/ })
    .waitFor();

  // Ten classes that are all alike: the loss is the logarithm of ten.
  await workbench.debug('Step Over');
  await workbench.stopped('train.ts', LOSS + 1);
  await workbench.value('loss').filter({ hasText: '2.302585' }).waitFor();
  await picture('result');

  // The tape, and from a node of it to the line that recorded it.
  await workbench.collapse('Watch', 'Call Stack', 'Breakpoints');
  const tape = await workbench.pane('Gradient Tape');
  await workbench.click(workbench.row(tape, 'relu'));
  await workbench.cursor(lineOf(files['train.ts']!, '.relu()')).waitFor();
  await picture('tape');

  // On to an op: the next one is in the backward pass.
  await workbench.pane('Call Stack');
  await workbench.debug('Next Op');
  await workbench.frames().filter({ hasText: '∇sparseSoftmaxCrossEntropy' }).waitFor();
  await workbench.value('g').waitFor();
  await picture('op');
  await workbench.debug('Finish Op');
  await workbench.value('dlogits').waitFor();
  await picture('after-op');
  await workbench.debug('Stop');
  await workbench.toolbar().waitFor({ state: 'hidden' });

  // Where the time goes, and from a box of it to its line.
  await workbench.open('train.ts');
  await workbench.command('Profile with Tapedeck');
  const flame = await workbench.webview('.totals');
  const row = (op: string) =>
    flame.locator('tbody tr').filter({ has: flame.getByText(op, { exact: true }) });
  await row('matMul').waitFor({ timeout: 60_000 });
  await flame.locator('.state:not(:has-text("recording"))').waitFor({ timeout: 60_000 });
  await row('matMul').click();
  await picture('flame');
  // Boxes are narrow in a chart of the whole run: a click that misses one is made again beside it.
  for (let x = 100; x < 500 && !(await workbench.cursor().isVisible()); x += 25) {
    await flame.locator('canvas').click({ position: { x, y: 90 } });
    await page.waitForTimeout(500);
  }
  await workbench.cursor().waitFor();
  await picture('flame-line');
});
