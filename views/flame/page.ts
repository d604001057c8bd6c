/** The flame chart's half in the browser: gathers what the host sends, and joins chart, table and search. */
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { OpRecord, PlacedProfile } from '../../debug-adapter/protocol.ts';
import type { Recording } from '../protocol.ts';
import { connect, sentence, type HostOf, type PageOf } from '../rpc.ts';
import { plural, timeText } from '../text.ts';
import { about, spoken } from './about.ts';
import { Chart } from './chart/page.ts';
import { colorOfOps } from './colors.ts';
import { found, lanesOf, type Box, type Lane, type View } from './model.ts';
import { table, type Sorting } from './table/page.ts';
import { totalsOf, type By, type Total, type Totals } from './totals.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

/** What stays over hiding and reloading. */
interface Kept {
  readonly view: View | null;
  readonly by: By;
  readonly sorting: Sorting;
  readonly search: string;
}

const vscode = acquireVsCodeApi();
const view = document.getElementById('view')!;
view.innerHTML = `
  <header class="bar">
    <vscode-toolbar-button class="record" icon="record" label="Record" title="Record op times"></vscode-toolbar-button>
    <span class="state"></span>
    <span class="tools">
      <vscode-textfield class="search" placeholder="Search ops, layers, shapes" title="Search; Enter goes to the next"></vscode-textfield>
      <span class="hits" role="status"></span>
      <vscode-toolbar-button class="nearer" icon="zoom-in" label="Zoom in" title="Zoom in (+)"></vscode-toolbar-button>
      <vscode-toolbar-button class="farther" icon="zoom-out" label="Zoom out" title="Zoom out (-)"></vscode-toolbar-button>
      <vscode-toolbar-button class="whole" icon="screen-normal" label="Show all" title="Show all (0)"></vscode-toolbar-button>
      <vscode-toolbar-button class="export" icon="export" label="Export as Chrome trace" title="Export as Chrome trace"></vscode-toolbar-button>
    </span>
  </header>
  <div class="notice" role="status" hidden></div>
  <div class="halves">
    <section class="chart" aria-label="Flame chart"></section>
    <section class="table" aria-label="Ops by time">
      <div class="control by"><span class="control-name">Ops by time, one row per</span>
        <vscode-single-select label="One row per">
          <vscode-option value="op">op</vscode-option>
          <vscode-option value="shapes">op and shapes</vscode-option>
          <vscode-option value="line">op and line</vscode-option>
        </vscode-single-select></div>
    </section>
  </div>
  <footer class="foot"><span class="spoken" role="status"></span></footer>
  <div class="tip" role="tooltip" hidden></div>`;
const part = <T extends HTMLElement>(selector: string): T => view.querySelector<T>(selector)!;
const search = part<HTMLElementTagNameMap['vscode-textfield']>('.search');
const by = part<HTMLElementTagNameMap['vscode-single-select']>('vscode-single-select');
const recordButton = part<HTMLElementTagNameMap['vscode-toolbar-button']>('.record');
const tip = part('.tip');

let kept: Kept = {
  view: null,
  by: 'op',
  sorting: { column: 'total', descending: true },
  search: '',
  ...vscode.getState(),
};
let records: OpRecord[] = [];
let profile: PlacedProfile = { start: 0, duration: 0, lost: 0, records, sites: [], places: [] };
let lanes: readonly Lane[] = [];
let recording: Recording = { on: false, program: 'none' };
let chosenRows: readonly Total[] = [];
let totals: Totals = { rows: [], of: [] };
let wholeTime = 0;
let hit = -1;
let awaited = 0;

const flame = new Chart(
  part('.chart'),
  {
    over: drawTip,
    chosen: (box) => {
      part('.spoken').textContent = box ? spoken(about(box, profile, wholeTime)) : '';
    },
    opened: (box) => void reveal(box),
    viewed: (seen) => keep({ view: seen }),
  },
  kept.view,
);
const list = table(part('.table'), kept.sorting, {
  sorted: (sorting) => keep({ sorting }),
  chosen(rows) {
    chosenRows = rows;
    drawChart();
  },
});
const host = connect<HostOf<'flame'>, PageOf<'flame'>>(
  {
    post: (message) => vscode.postMessage(message),
    listen: (take) => window.addEventListener('message', ({ data }) => take(data)),
  },
  {
    added(more, from) {
      if (from === 0) records = [];
      records.push(...more.records);
      profile = { ...more, records };
      // A running profile comes in many pieces; it is drawn once a moment.
      awaited ||= window.setTimeout(draw, 60);
    },
    recording(state) {
      recording = state;
      drawState();
    },
  },
);

function draw(): void {
  awaited = 0;
  lanes = lanesOf(records);
  wholeTime = timeOf(lanes);
  totals = totalsOf(profile, kept.by);
  drawState();
  drawChart();
  list.show(totals.rows);
}

function drawChart(): void {
  flame.show({ lanes, colors: colorOfOps(records), lit: lit() });
  const hits = kept.search ? matches() : [];
  const time = hits.reduce((sum, box) => sum + box.end - box.start, 0);
  part('.hits').textContent = kept.search
    ? hits.length === 0
      ? 'nothing found'
      : `${plural(hits.length, 'op')}, ${timeText(time)}`
    : '';
}

/** Ops that were searched for or chosen in the table; where neither, all are alike. */
function lit(): ((box: Box) => boolean) | null {
  if (kept.search) return (box) => found(box, records, kept.search);
  if (chosenRows.length === 0) return null;
  const keys = new Set(chosenRows.map((row) => row.key));
  return (box) => keys.has(totals.of[box.record]?.key ?? '');
}

const matches = (): Box[] =>
  lanes.flatMap(({ boxes }) =>
    boxes.filter((box) => box.kind === 'op' && found(box, records, kept.search)),
  );

/** The time of all ops together, in milliseconds. */
const timeOf = (all: readonly Lane[]): number =>
  all.reduce(
    (sum, { boxes, rows }) =>
      sum + (rows[0] ?? []).reduce((time, at) => time + boxes[at]!.end - boxes[at]!.start, 0),
    0,
  );

function drawState(): void {
  const { on, program } = recording;
  const running = program === 'running' || program === 'paused';
  recordButton.icon = on ? 'debug-stop' : 'record';
  recordButton.label = on ? 'Stop recording' : 'Record op times';
  recordButton.title = recordButton.label;
  recordButton.hidden = !running;
  const count = records.length > 0 ? plural(records.length, 'op') : '';
  const lost = profile.lost > 0 ? `${plural(profile.lost, 'op')} not kept` : '';
  part('.state').textContent = [on ? 'recording' : '', count, lost].filter(Boolean).join(' · ');
  const empty = records.length === 0;
  const text = !empty
    ? ''
    : on
      ? 'Recording: ops are shown as they run.'
      : running
        ? 'Nothing is recorded yet. Press Record, then let the program run.'
        : 'Nothing is recorded yet. Run a program with “Profile with Tapedeck”.';
  tell(text);
  part('.halves').hidden = empty;
}

function tell(text: string): void {
  const notice = part('.notice');
  notice.hidden = text === '';
  notice.textContent = text;
}

function drawTip(box: Box | null, x: number, y: number): void {
  tip.hidden = box === null;
  if (!box) return;
  const { title, facts } = about(box, profile, wholeTime);
  const heading = document.createElement('strong');
  heading.textContent = title;
  const list = document.createElement('dl');
  for (const [term, value] of facts) {
    const dt = document.createElement('dt');
    const dd = document.createElement('dd');
    dt.textContent = term;
    dd.textContent = value;
    list.append(dt, dd);
  }
  tip.replaceChildren(heading, list);
  // Beside the pointer, on the side where there is room.
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${x + 16 + width > window.innerWidth ? Math.max(0, x - width - 8) : x + 16}px`;
  tip.style.top = `${Math.min(y + 12, window.innerHeight - height - 4)}px`;
}

async function reveal(box: Box): Promise<void> {
  const record = records[box.record];
  if (!record) return;
  try {
    await host.reveal(record.site);
  } catch (error) {
    part('.spoken').textContent = sentence(error);
  }
}

async function record(): Promise<void> {
  try {
    await host.record(!recording.on);
  } catch (error) {
    tell(sentence(error));
  }
}

async function save(): Promise<void> {
  try {
    const to = await host.export();
    if (to !== null) part('.spoken').textContent = `Written to ${to}.`;
  } catch (error) {
    part('.spoken').textContent = sentence(error);
  }
}

function keep(change: Partial<Kept>): void {
  kept = { ...kept, ...change };
  vscode.setState(kept);
}

recordButton.addEventListener('click', () => void record());
part('.export').addEventListener('click', () => void save());
part('.nearer').addEventListener('click', () => flame.zoom(0.5));
part('.farther').addEventListener('click', () => flame.zoom(2));
part('.whole').addEventListener('click', () => flame.whole());
by.value = kept.by;
by.addEventListener('change', () => {
  keep({ by: by.value as By });
  totals = totalsOf(profile, kept.by);
  list.show(totals.rows);
  drawChart();
});
search.value = kept.search;
search.addEventListener('input', () => {
  hit = -1;
  keep({ search: search.value });
  drawChart();
});
search.addEventListener('keydown', (event) => {
  const all = matches();
  if (event.key !== 'Enter' || all.length === 0 || !kept.search) return;
  hit = (hit + (event.shiftKey ? all.length - 1 : 1)) % all.length;
  flame.goTo(all[hit]!);
});

host.open().then(
  (state) => {
    recording = state;
    draw();
  },
  (error: unknown) => tell(sentence(error)),
);
