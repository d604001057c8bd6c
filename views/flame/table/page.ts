/** The table of ops by the time they took: sorted by a click on a heading; two chosen rows are compared. */
import { countText, shareText, timeText } from '../../text.ts';
import { ratioOf, sorted, type Column, type Total } from '../totals.ts';

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

export interface Table {
  show(rows: readonly Total[]): void;
}

const COLUMNS: readonly {
  readonly column: Column;
  readonly name: string;
  readonly about: string;
}[] = [
  { column: 'op', name: 'Op', about: 'The op; ∇ is its gradient' },
  { column: 'count', name: 'Count', about: 'How often it ran' },
  { column: 'total', name: 'Total', about: 'All its runs together, with the ops inside it' },
  { column: 'own', name: 'Own', about: 'All its runs together, without the ops inside it' },
  { column: 'share', name: 'Share', about: 'Its own time, of the time of all ops' },
  { column: 'mean', name: 'Mean', about: 'One run, with the ops inside it' },
];
/** More rows are no overview; grouping by shapes or lines may give them. */
const MOST = 500;

export function table(
  parent: HTMLElement,
  sorting: Sorting,
  listener: { sorted(sorting: Sorting): void; chosen(rows: readonly Total[]): void },
): Table {
  const element = document.createElement('table');
  element.setAttribute('role', 'grid');
  element.setAttribute('aria-label', 'Ops by time');
  element.setAttribute('aria-multiselectable', 'true');
  const head = element.createTHead().insertRow();
  const body = element.createTBody();
  const scroller = document.createElement('div');
  scroller.className = 'totals';
  scroller.append(element);
  const comparison = document.createElement('div');
  comparison.className = 'ratio';
  comparison.setAttribute('role', 'status');
  parent.append(scroller, comparison);

  let rows: readonly Total[] = [];
  /** Keys of the chosen rows, the latest last. */
  let chosen: readonly string[] = [];
  let current = '';

  for (const { column, name, about } of COLUMNS) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.className = column;
    const button = document.createElement('button');
    button.textContent = name;
    button.title = about;
    button.addEventListener('click', () => {
      const descending = sorting.column === column ? !sorting.descending : column !== 'op';
      sorting = { column, descending };
      listener.sorted(sorting);
      draw();
    });
    cell.append(button);
    head.append(cell);
  }

  function show(next: readonly Total[]): void {
    rows = next;
    chosen = chosen.filter((key) => rows.some((row) => row.key === key));
    draw();
  }

  function draw(): void {
    COLUMNS.forEach(({ column }, at) => {
      const own = column === sorting.column;
      const order = sorting.descending ? 'descending' : 'ascending';
      head.cells[at]!.setAttribute('aria-sort', own ? order : 'none');
    });
    const list = sorted(rows, sorting.column, sorting.descending).slice(0, MOST);
    if (!list.some(({ key }) => key === current)) current = list[0]?.key ?? '';
    while (body.rows.length > list.length) body.deleteRow(-1);
    while (body.rows.length < list.length) newRow();
    list.forEach((row, at) => fill(body.rows[at]!, row));
    drawRatio();
  }

  function newRow(): void {
    const row = body.insertRow();
    for (const { column } of COLUMNS) row.insertCell().className = column;
  }

  function fill(element: HTMLTableRowElement, row: Total): void {
    const place = chosen.indexOf(row.key);
    element.dataset['key'] = row.key;
    element.tabIndex = row.key === current ? 0 : -1;
    element.className = `${row.direction}${place >= 0 ? ' chosen' : ''}`;
    element.setAttribute('aria-selected', String(place >= 0));
    const [op, count, total, own, share, mean] = [...element.cells] as HTMLTableCellElement[];
    const detail = document.createElement('span');
    detail.className = 'detail';
    detail.textContent = row.detail;
    op!.replaceChildren(row.op, ...(row.detail ? [' ', detail] : []));
    op!.title = [row.op, row.detail].filter(Boolean).join(' ');
    count!.textContent = countText(row.count);
    total!.textContent = timeText(row.total);
    own!.textContent = timeText(row.own);
    mean!.textContent = timeText(row.mean);
    share!.textContent = shareText(row.share);
    const bar = document.createElement('span');
    bar.className = 'bar-of-share';
    bar.style.width = `${row.share * 100}%`;
    share!.append(bar);
  }

  function drawRatio(): void {
    const [a, b] = chosen.map((key) => rows.find((row) => row.key === key)!);
    if (!a || !b) {
      comparison.textContent = 'Choose two rows (Ctrl+click, or Space) to see their ratio.';
      return;
    }
    const ratio = ratioOf(a, b);
    const name = (row: Total) => [row.op, row.detail].filter(Boolean).join(' ');
    const title = document.createElement('strong');
    title.textContent = `${name(a)} : ${name(b)}`;
    comparison.replaceChildren(title, ` = ${ratio.total} in total, ${ratio.mean} a run`);
  }

  function choose(key: string, add: boolean): void {
    current = key;
    if (!add) chosen = chosen.length === 1 && chosen[0] === key ? [] : [key];
    else if (chosen.includes(key)) chosen = chosen.filter((other) => other !== key);
    else chosen = [...chosen.slice(-1), key];
    draw();
    listener.chosen(chosen.map((other) => rows.find((row) => row.key === other)!));
  }

  body.addEventListener('click', (event) => {
    const key = keyOf(event.target);
    if (key === null) return;
    choose(key, event.ctrlKey || event.metaKey || event.shiftKey);
    rowOf(key)?.focus();
  });
  body.addEventListener('keydown', (event) => {
    const row = (event.target as Element).closest('tr');
    const key = keyOf(row);
    if (!row || key === null) return;
    if (event.key === ' ' || event.key === 'Enter') choose(key, event.key === ' ');
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
      current = keyOf(next) ?? current;
      draw();
    } else return;
    event.preventDefault();
    rowOf(current)?.focus();
  });

  const rowOf = (key: string): HTMLTableRowElement | undefined =>
    [...body.rows].find((row) => row.dataset['key'] === key);

  return { show };
}

const keyOf = (target: EventTarget | null): string | null =>
  (target as Element | null)?.closest('tr')?.dataset['key'] ?? null;
