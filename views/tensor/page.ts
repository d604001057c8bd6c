/** The tensor editor's half in the browser: controls, statistics and the grid. */
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { LiveTensor, Stats } from '../../debug-adapter/protocol.ts';
import type { OpenedTensor } from '../protocol.ts';
import { connect, sentence, type FirstOf, type HostOf, type PageOf } from '../rpc.ts';
import { bytesText, shapeText } from '../text.ts';
import { exactText, formatOf, isComplex, partsOf, type Format } from './format.ts';
import { grid, type Content, type Look } from './grid/page.ts';
import { ORIGIN, only, type Selection } from './grid/selection.ts';
import { heat, heatReach, type Theme } from './heat.ts';
import {
  absence,
  cellOf,
  firstSlice,
  indexOf,
  isShown,
  keepSlice,
  sizeOf,
  transposed,
  windowOf,
  withAxis,
  withIndex,
  type Cell,
  type Slice,
} from './model.ts';
import { drawStats } from './stats/page.ts';
import { Tiles, valuesOf, type Span, type Value } from './tiles.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

/** What stays over hiding and reloading. */
interface Kept {
  readonly title: string;
  readonly expression?: string;
  readonly slice: Slice | null;
  readonly heat: boolean;
  readonly selection: Selection;
  /** The document whose first answer was shown: one that is shown again may be old. */
  readonly begun?: string;
}

/** The keys that begin an edit with what they type. */
const ANY = /^.$/su;
const NUMBER = /^[-+.0-9]$/;
/** Copying more cells than this would hold up the editor. */
const MOST_COPIED = 250_000;
/** A pause this short is a step: nothing is said of it. */
const STEP = 400;

const vscode = acquireVsCodeApi();
const view = document.getElementById('view')!;
view.innerHTML = `
  <header class="bar">
    <span class="shape"></span>
    <span class="axes"></span>
    <span class="tools">
    <vscode-textfield class="goto" placeholder="Go to index" title="Go to an element, for example 12, 40"></vscode-textfield>
    <vscode-toolbar-button class="transpose" icon="arrow-swap" label="Swap rows and columns" title="Swap rows and columns"></vscode-toolbar-button>
    <vscode-toolbar-button class="heat" icon="symbol-color" label="Heat colours" title="Heat colours" toggleable></vscode-toolbar-button>
    </span>
  </header>
  <div class="stats" role="group" aria-label="Statistics"></div>
  <div class="notice" role="status" hidden></div>
  <div class="cells"></div>
  <footer class="foot"><span class="where"></span><span class="exact"></span><span class="fill"></span><span class="said" role="status"></span></footer>`;
const part = <T extends HTMLElement>(selector: string): T => view.querySelector<T>(selector)!;
const goto = part<HTMLElementTagNameMap['vscode-textfield']>('.goto');
const swap = part('.transpose');
const heatButton = part<HTMLElementTagNameMap['vscode-toolbar-button']>('.heat');

let kept: Kept = {
  title: '',
  slice: null,
  heat: true,
  selection: ORIGIN,
  ...vscode.getState(),
};
let tensor: LiveTensor | null = null;
let stats: Stats | undefined;
let paused = false;
let tiles = new Tiles();
let format: Format = formatOf('f32');
let shownVersion = '';
let notice = 0;

const cells = grid(part('.cells'), say);
const host = connect<HostOf<'tensor'>, PageOf<'tensor'>>(
  {
    post: (message) => vscode.postMessage(message),
    listen: (take) => window.addEventListener('message', ({ data }) => take(data)),
  },
  { changed: (found, isPaused) => void show(found, isPaused) },
);

/** The sizes of axes change the controls, a new version the values; the same version changes nothing. */
async function show(
  found: LiveTensor | null,
  isPaused: boolean,
  corner?: OpenedTensor['corner'],
): Promise<void> {
  paused = isPaused;
  const before = tensor;
  // A tensor that is gone stays on view, as far as it was read, until there is another.
  if (found) tensor = found;
  tellState(found);
  if (!tensor || !found) return;
  const version = `${found.id} ${found.version} ${found.shape}`;
  // What was not read while the program ran is read now.
  if (version === shownVersion) return cells.draw();
  shownVersion = version;
  tiles = new Tiles();
  if (corner) tiles.corner(corner.window.rows, corner.window.columns, valuesOf(corner.cells));
  stats = found.stats;
  const sameShape = before !== null && String(before.shape) === String(found.shape);
  keep({ slice: kept.slice ? keepSlice(kept.slice, found.shape) : firstSlice(found.shape) });
  if (!sameShape || !part('.axes').firstChild) drawAxes(found);
  drawTensor();
  await readStats(found, false);
}

async function readStats(of: LiveTensor, exact: boolean): Promise<void> {
  if (of.shape.includes(0) || (stats && !exact)) return;
  try {
    stats = await host.stats(of.id, exact);
    drawTensor();
  } catch (error) {
    say(sentence(error));
  }
}

function tellState(found: LiveTensor | null): void {
  clearTimeout(notice);
  const element = part('.notice');
  const text =
    absence(found, paused) ??
    (paused ? '' : 'The program is running. These are the values of its last pause.');
  const tell = () => {
    element.hidden = text === '';
    element.textContent = text;
    view.classList.toggle('stale', !paused || !found);
  };
  // Stepping would make the notice flicker.
  if (found && !paused) notice = window.setTimeout(tell, STEP);
  else tell();
}

function drawTensor(): void {
  if (!tensor || !kept.slice) return;
  const of = tensor;
  part('.shape').textContent = shapeText(tensor.dtype, tensor.shape);
  part('.shape').title = `${tensor.device}, ${bytesText(tensor.bytes)}`;
  swap.hidden = tensor.shape.length < 2;
  goto.hidden = tensor.shape.length === 0;
  heatButton.checked = kept.heat;
  format = formatOf(tensor.dtype, stats);
  drawStats(part('.stats'), stats, () => void readStats(of, true));
  cells.show(content(tensor, kept.slice), kept.selection);
  drawChosen(kept.selection);
}

function content(of: LiveTensor, slice: Slice): Content {
  const size = sizeOf(slice, of.shape);
  const own = tiles;
  const reach = stats && kept.heat && of.dtype !== 'bool' ? heatReach(stats) : 0;
  const theme = themeNow();
  return {
    ...size,
    width: Math.max(format.width, String(size.columns - 1).length),
    label: `${kept.title}, ${shapeText(of.dtype, of.shape)}`,
    rowName: (row) => (slice.rowAxis === null ? '' : String(row)),
    columnName: (column) => (slice.columnAxis === null ? '' : String(column)),
    cell(at) {
      const value = own.value(at.row, at.column);
      return value === null ? null : look(value, indexOf(slice, at), reach, theme);
    },
    seen: (rows, columns) => void read(of, slice, own, rows, columns),
    begins: of.dtype === 'string' ? ANY : NUMBER,
    exact: (at) => exactText(of.dtype, own.value(at.row, at.column) ?? ''),
    async write(at, text) {
      if (of.readOnly) throw new Error('This tensor is read-only.');
      await show(await host.write(of.id, indexOf(slice, at), text), paused);
    },
    copy: (rows, columns) => copied(of, slice, rows, columns),
    chosen: drawChosen,
  };
}

function look(value: Value, index: readonly number[], reach: number, theme: Theme): Look {
  const { dtype } = tensor!;
  const parts = isComplex(dtype) ? partsOf(String(value)) : [Number(value)];
  const text = format.show(value);
  const mark =
    dtype === 'string' || parts.every(Number.isFinite)
      ? null
      : parts.some(Number.isNaN)
        ? 'nan'
        : 'inf';
  const title = `[${index.join(', ')}] = ${exactText(dtype, value)}`;
  const number = parts.length > 1 ? Math.hypot(...parts) : parts[0]!;
  return { text, title, color: heat(theme, number, reach), mark };
}

async function read(
  of: LiveTensor,
  slice: Slice,
  into: Tiles,
  rows: Span,
  columns: Span,
): Promise<void> {
  if (!paused) return;
  const size = sizeOf(slice, of.shape);
  await Promise.all(
    into.missing(rows, columns, size).map(async (tile) => {
      try {
        tile.values = valuesOf(await host.window(of.id, windowOf(slice, tile.rows, tile.columns)));
      } catch (error) {
        into.forget(tile);
        say(sentence(error));
        return;
      }
      if (into === tiles) {
        cells.draw();
        drawChosen(kept.selection);
      }
    }),
  );
}

async function copied(of: LiveTensor, slice: Slice, rows: Span, columns: Span): Promise<string> {
  const width = columns[1] - columns[0];
  const count = (rows[1] - rows[0]) * width;
  if (count > MOST_COPIED)
    throw new Error(`${count} elements are too many to copy; the most is ${MOST_COPIED}.`);
  const values = Array.from(valuesOf(await host.window(of.id, windowOf(slice, rows, columns))));
  const texts = values.map((value) => exactText(of.dtype, value));
  const lines = [];
  for (let at = 0; at < texts.length; at += width)
    lines.push(texts.slice(at, at + width).join('\t'));
  return lines.join('\n');
}

function drawAxes(of: LiveTensor): void {
  const axes = part('.axes');
  axes.replaceChildren();
  const slice = kept.slice!;
  const choices = of.shape.map((size, axis) => `axis ${axis} (${size})`);
  if (of.shape.length > 2)
    for (const along of ['rowAxis', 'columnAxis'] as const) {
      const select = document.createElement('vscode-single-select');
      const name = along === 'rowAxis' ? 'Rows' : 'Columns';
      select.label = name;
      choices.forEach((text, axis) => {
        const option = document.createElement('vscode-option');
        option.value = String(axis);
        option.textContent = text;
        option.selected = axis === slice[along];
        select.append(option);
      });
      select.addEventListener('change', () =>
        reslice(withAxis(kept.slice!, along, Number(select.value))),
      );
      axes.append(labelled(name, select));
    }
  of.shape.forEach((size, axis) => {
    if (isShown(slice, axis)) return;
    const field = document.createElement('vscode-textfield');
    field.type = 'number';
    field.min = 0;
    field.max = size - 1;
    field.value = String(slice.at[axis]);
    field.label = `Index on axis ${axis}, 0 to ${size - 1}`;
    field.title = field.label;
    field.addEventListener('input', () => {
      const index = Number(field.value);
      field.invalid =
        !(Number.isInteger(index) && index >= 0 && index < size) || field.value === '';
      if (!field.invalid) reslice(withIndex(kept.slice!, axis, index), false);
    });
    axes.append(labelled(`axis ${axis}`, field));
  });
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  const label = document.createElement('span');
  label.className = 'control';
  const name = document.createElement('span');
  name.className = 'control-name';
  name.textContent = text;
  label.append(name, control);
  return label;
}

function reslice(slice: Slice, controls = true): void {
  if (!tensor) return;
  tiles = new Tiles();
  keep({ slice });
  if (controls) drawAxes(tensor);
  drawTensor();
}

function drawChosen(selection: Selection): void {
  keep({ selection });
  if (!tensor || !kept.slice) return;
  const { active } = selection;
  const value = tiles.value(active.row, active.column);
  part('.where').textContent = `[${indexOf(kept.slice, active).join(', ')}]`;
  part('.exact').textContent = value === null ? '' : exactText(tensor.dtype, value);
}

function goTo(): void {
  if (!tensor || !kept.slice) return;
  try {
    const { slice, cell } = cellOf(kept.slice, tensor.shape, goto.value);
    goto.invalid = false;
    reslice(slice);
    choose(cell);
  } catch (error) {
    goto.invalid = true;
    say(sentence(error));
  }
}

function choose(cell: Cell): void {
  drawChosen(only(cell));
  cells.choose(cell);
  cells.focus();
}

function keep(change: Partial<Kept>): void {
  kept = { ...kept, ...change };
  vscode.setState(kept);
}

let saying = 0;
function say(text: string): void {
  part('.said').textContent = text;
  part('.said').title = text;
  clearTimeout(saying);
  saying = window.setTimeout(() => (part('.said').textContent = ''), 6000);
}

function themeNow(): Theme {
  switch (document.body.dataset['vscodeThemeKind']) {
    case 'vscode-light':
      return 'light';
    case 'vscode-high-contrast':
      return 'hc-dark';
    case 'vscode-high-contrast-light':
      return 'hc-light';
    default:
      return 'dark';
  }
}

swap.addEventListener('click', () => kept.slice && reslice(transposed(kept.slice)));
heatButton.addEventListener('change', () => {
  keep({ heat: heatButton.checked });
  drawTensor();
});
goto.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') goTo();
});
new MutationObserver(drawTensor).observe(document.body, {
  attributes: true,
  attributeFilter: ['data-vscode-theme-kind'],
});

function open({ tensor: found, paused: isPaused, title, expression, corner }: OpenedTensor): void {
  keep({ title, ...(expression !== undefined && { expression }) });
  void show(found, isPaused, corner);
}

const { nonce } = document.currentScript!;
const first = JSON.parse(document.getElementById('first')!.textContent) as FirstOf<'tensor'> | null;
if (first && kept.begun !== nonce) {
  keep({ begun: nonce });
  open(first);
} else
  host.open().then(open, (error: unknown) => {
    part('.notice').hidden = false;
    part('.notice').textContent = sentence(error);
  });
