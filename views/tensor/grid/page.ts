/**
 * A grid of any size of which only the seen cells exist. It scrolls by whole
 * cells, so a cell is drawn by writing its text; the scroll bars belong to an
 * empty element beside it.
 */
import type { Cell, Size } from '../model.ts';
import type { Span } from '../tiles.ts';
import { moved, clamped, holds, only, ORIGIN, rectangle, type Selection } from './selection.ts';
import { firstAt, firstToSee, offsetAt, scrollLength, seen, type Track } from './track.ts';

export interface Content extends Size {
  /** Characters of the widest cell. */
  readonly width: number;
  rowName(row: number): string;
  columnName(column: number): string;
  /** What the headers count, for those who cannot see it. */
  readonly label: string;
  /** null while it is being read. */
  cell(at: Cell): Look | null;
  /** These cells are seen now. */
  seen(rows: Span, columns: Span): void;
  /** The keys that begin an edit with what they type. */
  readonly begins: RegExp;
  /** The text to begin an edit with. */
  exact(at: Cell): string;
  write(at: Cell, text: string): Promise<void>;
  copy(rows: Span, columns: Span): Promise<string>;
  chosen(selection: Selection): void;
}

export interface Look {
  readonly text: string;
  readonly title: string;
  readonly color: string;
  readonly mark: 'nan' | 'inf' | null;
}

export interface Grid {
  show(content: Content, selection?: Selection): void;
  /** Draws again what is seen: values have come or changed. */
  draw(): void;
  /** Chooses a cell and brings it into view. */
  choose(cell: Cell): void;
  focus(): void;
}

const ROW = 22;
/** Room in a cell beside its text. */
const AIR = 16;

export function grid(parent: HTMLElement, say: (text: string) => void): Grid {
  const scroller = element('div', 'scroller', parent);
  const extent = element('div', 'extent', scroller);
  const stage = element('div', 'stage', scroller);
  const table = element('div', 'grid', stage);
  table.tabIndex = 0;
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-multiselectable', 'true');
  const editor = element('div', 'cell-editor', stage);
  editor.hidden = true;
  const input = element('input', 'cell-input', editor);
  input.setAttribute('aria-label', 'New value');
  const complaint = element('div', 'cell-error', editor);
  complaint.setAttribute('role', 'alert');

  let content: Content | null = null;
  let selection = ORIGIN;
  let top = 0;
  let left = 0;
  let edited: Cell | null = null;
  let frame = 0;
  /** One character and the row header, in pixels. */
  let letter = 8;
  let unit = 80;
  let header = 60;

  const rowTrack = (): Track => ({
    count: content?.rows ?? 0,
    unit: ROW,
    space: scroller.clientHeight - ROW,
  });
  const columnTrack = (): Track => ({
    count: content?.columns ?? 0,
    unit,
    space: scroller.clientWidth - header,
  });

  function show(next: Content, chosen = selection): void {
    content = next;
    selection = clamped(chosen, next);
    letter = measure(table);
    unit = Math.ceil(next.width * letter) + AIR;
    const longest = next.rowName(Math.max(0, next.rows - 1)).length;
    // A tenth more: the name of the active row is bold.
    header = Math.max(36, Math.ceil(longest * letter * 1.1) + AIR);
    table.setAttribute('aria-rowcount', String(next.rows + 1));
    table.setAttribute('aria-colcount', String(next.columns + 1));
    table.setAttribute('aria-label', next.label);
    layOut();
    top = Math.min(top, firstAt(rowTrack(), Infinity));
    left = Math.min(left, firstAt(columnTrack(), Infinity));
    scrollTo();
    draw();
  }

  function layOut(): void {
    extent.style.height = `${scroller.clientHeight + scrollLength(rowTrack())}px`;
    extent.style.width = `${scroller.clientWidth + scrollLength(columnTrack())}px`;
    stage.style.height = `${scroller.clientHeight}px`;
    stage.style.width = `${scroller.clientWidth}px`;
    table.style.setProperty('--header', `${header}px`);
    table.style.setProperty('--cell', `${unit}px`);
  }

  /** Moves the scroll bars to where the grid is. */
  function scrollTo(): void {
    scroller.scrollTop = offsetAt(rowTrack(), top);
    scroller.scrollLeft = offsetAt(columnTrack(), left);
  }

  function draw(): void {
    if (frame === 0) frame = requestAnimationFrame(drawNow);
  }

  function drawNow(): void {
    frame = 0;
    if (!content) return;
    const { rows, columns } = content;
    // One more than fits, cut off at the edge, says that there is more.
    const bottom = Math.min(rows, top + seen(rowTrack()) + 1);
    const right = Math.min(columns, left + seen(columnTrack()) + 1);
    const lines = children(table, 'div', bottom - top + 1);
    drawNames(lines[0]!, right);
    for (let row = top; row < bottom; row++) drawRow(lines[row - top + 1]!, row, right);
    placeEditor();
    const { row, column } = selection.active;
    const inView = row >= top && row < bottom && column >= left && column < right;
    if (inView) table.setAttribute('aria-activedescendant', cellId(selection.active));
    else table.removeAttribute('aria-activedescendant');
    content.seen([top, bottom], [left, right]);
  }

  function drawNames(line: HTMLElement, right: number): void {
    line.className = 'line names';
    line.setAttribute('role', 'row');
    line.setAttribute('aria-rowindex', '1');
    const names = children(line, 'div', right - left + 1);
    write(names[0]!, 'corner', '');
    for (let column = left; column < right; column++) {
      const name = names[column - left + 1]!;
      name.setAttribute('role', 'columnheader');
      name.setAttribute('aria-colindex', String(column + 2));
      write(
        name,
        column === selection.active.column ? 'name here' : 'name',
        content!.columnName(column),
      );
    }
  }

  function drawRow(line: HTMLElement, row: number, right: number): void {
    line.className = 'line';
    line.setAttribute('role', 'row');
    line.setAttribute('aria-rowindex', String(row + 2));
    const cells = children(line, 'div', right - left + 1);
    const name = cells[0]!;
    name.setAttribute('role', 'rowheader');
    write(name, row === selection.active.row ? 'row-name here' : 'row-name', content!.rowName(row));
    for (let column = left; column < right; column++)
      drawCell(cells[column - left + 1]!, { row, column });
  }

  function drawCell(cell: HTMLElement, at: Cell): void {
    const look = content!.cell(at);
    const classes = ['cell'];
    const active = at.row === selection.active.row && at.column === selection.active.column;
    if (holds(selection, at)) classes.push('chosen');
    if (active) classes.push('active');
    if (look?.mark) classes.push(look.mark);
    if (!look) classes.push('awaited');
    cell.id = cellId(at);
    cell.setAttribute('role', 'gridcell');
    cell.setAttribute('aria-colindex', String(at.column + 2));
    cell.setAttribute('aria-selected', String(holds(selection, at)));
    cell.title = look?.title ?? '';
    cell.style.backgroundColor = look?.color ?? '';
    write(cell, classes.join(' '), look?.text ?? '');
  }

  function choose(cell: Cell, extend = false): void {
    if (!content) return;
    selection = extend ? { anchor: selection.anchor, active: cell } : only(cell);
    top = firstToSee(rowTrack(), top, cell.row);
    left = firstToSee(columnTrack(), left, cell.column);
    scrollTo();
    content.chosen(selection);
    draw();
  }

  function edit(text?: string): void {
    if (!content || content.rows * content.columns === 0) return;
    edited = selection.active;
    editor.hidden = false;
    complaint.textContent = '';
    input.classList.remove('wrong');
    input.value = text ?? content.exact(edited);
    placeEditor();
    input.focus();
    if (text === undefined) input.select();
  }

  function placeEditor(): void {
    if (!edited) return;
    editor.style.top = `${ROW + (edited.row - top) * ROW}px`;
    editor.style.left = `${header + (edited.column - left) * unit}px`;
    const outside = edited.row < top || edited.column < left;
    editor.classList.toggle('outside', outside);
    input.style.width = `${Math.max(unit, (input.value.length + 2) * letter + AIR)}px`;
    complaint.style.maxWidth = `${Math.min(360, stage.clientWidth)}px`;
    const over = editor.offsetLeft + complaint.offsetWidth - stage.clientWidth;
    complaint.style.left = `${Math.min(0, -over)}px`;
  }

  function close(): void {
    edited = null;
    editor.hidden = true;
    table.focus({ preventScroll: true });
    draw();
  }

  async function commit(): Promise<void> {
    const at = edited;
    if (!at || !content) return;
    input.readOnly = true;
    try {
      await content.write(at, input.value);
      close();
    } catch (error) {
      // What was typed stays, with the reason beside it.
      complaint.textContent = (error as Error).message;
      input.classList.add('wrong');
      placeEditor();
    } finally {
      input.readOnly = false;
    }
  }

  async function copy(event?: ClipboardEvent): Promise<void> {
    event?.preventDefault();
    const { rows, columns } = rectangle(selection);
    try {
      await navigator.clipboard.writeText(await content!.copy(rows, columns));
      const count = (rows[1] - rows[0]) * (columns[1] - columns[0]);
      say(count === 1 ? 'Copied one element.' : `Copied ${count} elements.`);
    } catch (error) {
      say((error as Error).message);
    }
  }

  scroller.addEventListener('scroll', () => {
    // A scroll that only follows the grid leaves it where it is.
    if (Math.round(offsetAt(rowTrack(), top)) !== Math.round(scroller.scrollTop))
      top = firstAt(rowTrack(), scroller.scrollTop);
    if (Math.round(offsetAt(columnTrack(), left)) !== Math.round(scroller.scrollLeft))
      left = firstAt(columnTrack(), scroller.scrollLeft);
    draw();
  });
  scroller.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
      // On a squeezed scroll bar a pixel is many rows; the wheel still moves by a few.
      const rows = Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / ROW));
      const next = Math.max(0, Math.min(firstAt(rowTrack(), Infinity), top + rows));
      if (next === top) return;
      event.preventDefault();
      top = next;
      scrollTo();
      draw();
    },
    { passive: false },
  );
  table.addEventListener('mousedown', (event) => {
    const at = cellUnder(event);
    if (!at || event.button !== 0) return;
    choose(at, event.shiftKey);
    const drag = (move: MouseEvent) => {
      const to = cellUnder(move);
      if (to) choose(to, true);
    };
    window.addEventListener('mousemove', drag);
    window.addEventListener('mouseup', () => window.removeEventListener('mousemove', drag), {
      once: true,
    });
  });
  table.addEventListener('dblclick', (event) => {
    if (cellUnder(event)) edit();
  });
  table.addEventListener('keydown', (event) => {
    if (!content || event.altKey) return;
    const far = event.ctrlKey || event.metaKey;
    const to = moved(selection.active, event.key, far, content, seen(rowTrack()) - 1);
    if (to) choose(to, event.shiftKey);
    else if (event.key === 'F2' || event.key === 'Enter') edit();
    else if (event.key === 'Escape') choose(selection.active);
    else if (far && event.key.toLowerCase() === 'a') {
      selection = {
        anchor: { row: 0, column: 0 },
        active: { row: content.rows - 1, column: content.columns - 1 },
      };
      content.chosen(selection);
      draw();
    } else if (!far && content.begins.test(event.key)) edit(event.key);
    else return;
    event.preventDefault();
  });
  document.addEventListener('copy', (event) => {
    if (document.activeElement === table) void copy(event);
  });
  input.addEventListener('input', placeEditor);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') void commit();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  new ResizeObserver(() => {
    layOut();
    scrollTo();
    draw();
  }).observe(scroller);

  return { show, draw, choose, focus: () => table.focus({ preventScroll: true }) };
}

function cellUnder(event: MouseEvent): Cell | null {
  const cell = (event.target as Element | null)?.closest?.('.cell');
  const [row, column] = cell?.id.split('-').slice(1).map(Number) ?? [];
  return row === undefined || column === undefined ? null : { row, column };
}

const cellId = ({ row, column }: Cell): string => `cell-${row}-${column}`;

function write(element: HTMLElement, className: string, text: string): void {
  if (element.className !== className) element.className = className;
  if (element.textContent !== text) element.textContent = text;
}

/** As many children as asked for, the old ones again. */
function children(parent: HTMLElement, tag: 'div', count: number): HTMLElement[] {
  while (parent.childElementCount < count) parent.append(document.createElement(tag));
  while (parent.childElementCount > count) parent.lastElementChild!.remove();
  return [...parent.children] as HTMLElement[];
}

function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  className: string,
  parent: HTMLElement,
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

/** The width of a digit in the font of the grid; they all have the same. */
function measure(table: HTMLElement): number {
  const probe = element('span', 'probe', table);
  probe.textContent = '0'.repeat(100);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width || 8;
}
