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

const asks = `import { createInterface } from 'node:readline/promises';
const asking = createInterface({ input: process.stdin, output: process.stdout });
const answer = await asking.question('How many? ');
asking.close();
`;
const configuration = {
  type: 'tapedeck',
  request: 'launch',
  name: 'Ask',
  program: '${workspaceFolder}/ask.ts',
  console: 'integratedTerminal',
};
const launch = JSON.stringify({ version: '0.2.0', configurations: [configuration] });

editor(
  'a program in a terminal is seen there and can be typed into',
  { files: { 'ask.ts': asks, '.vscode/launch.json': launch } },
  async (workbench) => {
    await workbench.open('ask.ts');
    await workbench.toggleBreakpoint('ask.ts', 4);
    await workbench.press('F5');
    await workbench.toolbar().locator('[aria-label^="Pause"]:not(.disabled)').waitFor();
    await workbench.terminal().click();
    await workbench.page.keyboard.type('seven\n');
    await workbench.stopped('ask.ts', 4);
    await workbench.inline('ask.ts', /answer\s=\s'seven'/).waitFor();
  },
);

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

editor('Run Without Debugging stops nowhere', { files }, async (workbench) => {
  await workbench.open('sum.ts');
  await workbench.toggleBreakpoint('sum.ts', 8);
  await workbench.press('Control+F5');
  await workbench.choose('Tapedeck');
  await workbench.console().filter({ hasText: 'the sum is 55' }).waitFor();
  await workbench.toolbar().waitFor({ state: 'hidden' });
});

const throws = `function risky(): never {
  throw new Error('the caller catches it');
}
try {
  risky();
} catch {
  console.log('went on');
}
`;

editor(
  'a caught exception stops where the box of the Breakpoints is ticked',
  { files: { 'throws.ts': throws } },
  async (workbench) => {
    await workbench.open('throws.ts');
    await workbench.toggleBreakpoint('throws.ts', 5);
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped('throws.ts', 5);
    const pane = await workbench.pane('Breakpoints');
    const caught = workbench.rows(pane).filter({ hasText: 'Caught Exceptions' });
    await caught.first().getByRole('checkbox').click();
    await workbench.debug('Continue');
    await workbench.stopped('throws.ts', 2);
    await workbench.why('Paused on a caught exception').waitFor();
    await workbench.debug('Continue');
    await workbench.console().filter({ hasText: 'went on' }).waitFor();
  },
);
