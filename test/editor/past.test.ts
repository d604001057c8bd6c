/** A person steps back over the op log, looks at what was, and goes on. */
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';

const files = {
  'rewound.ts': readFileSync(new URL('../fixtures/rewound.ts', import.meta.url), 'utf8'),
};

editor('steps back and looks at the past', { files }, async (workbench) => {
  await workbench.open('rewound.ts');
  await workbench.command('Tapedeck: Add Op Breakpoint');
  await workbench.type('sgdStep');
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.inline('rewound.ts', /^w\s=\sf32\[2\]\scpu\s+mean\s1\.5/).waitFor();
  await workbench.collapse('Watch', 'Breakpoints');
  const tensors = await workbench.pane('Tensors');
  const w = (mean: string) => workbench.row(tensors, 'w').filter({ hasText: `mean ${mean} ` });
  await w('1.5').waitFor();
  await workbench.debug('Continue');
  await w('0.625').waitFor();
  await workbench.debug('Next Op');
  await workbench.why('Paused before sub').waitFor();
  await w('-0.25').waitFor();
  await workbench.debug('Step Back');
  await workbench.why('2 ops ago, before sgdStep').waitFor();
  await workbench.frames().first().filter({ hasText: 'sgdStep (past)' }).waitFor();
  await w('0.625').waitFor();
  await tensors.getByText('2 ops ago, before sgdStep').waitFor();
  await workbench.inline('rewound.ts', /^w\s=\sf32\[2\]\scpu\s+mean\s0\.625/).waitFor();
  await workbench.picture('past');
  await workbench.menu(w('0.625'), 'Go Back to the Last Write');
  await tensors.getByText('11 ops ago').waitFor();
  await workbench.debug('Next Op');
  await tensors.getByText('9 ops ago, before mul').waitFor();
  await workbench.debug('Reverse');
  await tensors.getByText('11 ops ago').waitFor();
  await w('1.5').waitFor();
  await workbench.picture('past-write');
  await workbench.debug('Continue');
  await workbench.console().filter({ hasText: '-0.5,0 2' }).waitFor();
});
