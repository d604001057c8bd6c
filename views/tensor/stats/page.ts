/** The line of statistics above the grid. */
import type { Stats } from '../../../debug-adapter/protocol.ts';
import { numText } from '../../text.ts';

/** `count` reads the whole tensor; it is offered where the statistics are from a sample. */
export function drawStats(line: HTMLElement, stats: Stats | undefined, count: () => void): void {
  line.replaceChildren();
  line.hidden = !stats || stats.count === 0;
  if (!stats || line.hidden) return;
  const about = stats.sampled ? '~' : '';
  const fact = (name: string, text: string, className = '') =>
    line.append(factOf(name, about + text, className));
  fact('mean', numText(stats.mean));
  fact('sd', numText(stats.sd));
  fact('min', numText(stats.min));
  fact('max', numText(stats.max));
  fact('zeros', String(stats.zeros));
  if (stats.nan > 0) fact('NaN', String(stats.nan), 'nan');
  if (stats.inf > 0) fact('Inf', String(stats.inf), 'inf');
  if (!stats.sampled) return;
  const more = document.createElement('button');
  more.className = 'link';
  more.textContent = 'Count all elements';
  more.title = 'These are from a sample. Reads the whole tensor.';
  more.addEventListener('click', () => {
    more.textContent = 'Counting…';
    count();
  });
  line.append(more);
}

function factOf(name: string, text: string, className: string): HTMLElement {
  const fact = document.createElement('span');
  fact.className = `fact ${className}`;
  const term = document.createElement('span');
  term.className = 'term';
  term.textContent = name;
  fact.append(term, text);
  return fact;
}
