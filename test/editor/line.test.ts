/** A person stops a small program on a line, looks, changes a value and goes on. */
import { editor } from '../kit/editor.ts';

const files = {
  'sum.ts': `interface Item {
  price: number;
}

function total(items: Item[]): number {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}

const items: Item[] = [{ price: 3 }, { price: 4 }];
const all = total(items);
console.log('total', all);
`,
};

editor('a line pause: look, change a value, step, run on', { files }, async (w) => {
  await w.open('sum.ts');
  await w.toggleBreakpoint('sum.ts', 8);
  await w.press('F5');
  await w.choose('Tapedeck');
  await w.stopped('sum.ts', 8);
  await w.frames().filter({ hasText: 'total' }).waitFor();

  await w.expand(w.scope('Local'));
  await w.value('sum').filter({ hasText: /^0$/ }).waitFor();
  await w.setVariable('sum', '100');
  await w.value('sum').filter({ hasText: /^100$/ }).waitFor();
  await w.hover('sum.ts', 'items');
  await w.picture('line');

  await w.debug('Step Over');
  await w.stopped('sum.ts', 7);
  await w.value('sum').filter({ hasText: /^103$/ }).waitFor();
  await w.evaluate('sum * 2');
  await w.console().filter({ hasText: '206' }).waitFor();

  await w.toggleBreakpoint('sum.ts', 8);
  await w.debug('Continue');
  await w.console().filter({ hasText: 'total 107' }).waitFor();
  await w.toolbar().waitFor({ state: 'hidden' });
});
