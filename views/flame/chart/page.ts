/** The flame chart on a canvas: draws what the model says is visible, and turns the mouse and the keys into moves. */
import { COLORS, forward, inkOn, opaque } from '../colors.ts';
import {
  boxAt,
  fitted,
  neighbour,
  panned,
  ticks,
  visible,
  wholeView,
  zoomed,
  type Box,
  type Lane,
  type View,
  type Way,
} from '../model.ts';

export interface Content {
  readonly lanes: readonly Lane[];
  readonly colors: ReadonlyMap<string, number>;
  /** Which boxes stand out; null where all are alike. */
  readonly lit: ((box: Box) => boolean) | null;
}

export interface Listener {
  /** The mouse is over a box, or over none. */
  over(box: Box | null, x: number, y: number): void;
  /** A box was chosen, by the mouse or the keys. */
  chosen(box: Box | null): void;
  /** Its line is wanted. */
  opened(box: Box): void;
  viewed(view: View): void;
}

export interface Chart {
  show(content: Content): void;
  /** Moves to a box and chooses it. */
  goTo(box: Box): void;
  zoom(factor: number): void;
  whole(): void;
}

const ROW = 20;
const RULER = 22;
const TITLE = 20;
const GAP = 10;
/** The opacity of boxes that do not stand out. */
const DIM = 0.3;
/** A press that moves less than this is a click. */
const STILL = 4;
const WAYS: { readonly [key: string]: Way } = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

interface Style {
  readonly font: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly back: string;
  readonly focus: string;
  readonly colors: readonly string[];
  /** High contrast: boxes are outlines. */
  readonly outlined: boolean;
}

export function chart(parent: HTMLElement, listener: Listener, kept: View | null): Chart {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute(
    'aria-label',
    'Flame chart. Arrow keys move between boxes, Enter opens the line, plus and minus zoom, 0 shows all.',
  );
  parent.append(canvas);
  const pen = canvas.getContext('2d')!;
  let content: Content = { lanes: [], colors: new Map(), lit: null };
  let whole: View = { start: 0, end: 1 };
  let view: View | null = kept;
  let chosen: { readonly lane: Lane; readonly box: Box } | null = null;
  let frame = 0;
  let style = styleNow();

  const seen = (): View => view ?? whole;
  const width = (): number => Math.max(1, parent.clientWidth);
  const timeAt = (x: number): number => {
    const { start, end } = seen();
    return start + (x / width()) * (end - start);
  };
  const xOf = (time: number): number => {
    const { start, end } = seen();
    return ((time - start) / (end - start)) * width();
  };

  /** Where the boxes of a lane begin, below its title. */
  function topOf(lane: Lane): number {
    let top = RULER;
    for (const other of content.lanes) {
      top += TITLE;
      if (other === lane) return top;
      top += other.rows.length * ROW + GAP;
    }
    return top;
  }

  function show(next: Content): void {
    content = next;
    whole = wholeView(next.lanes);
    if (chosen) {
      const lane = next.lanes.find(({ direction }) => direction === chosen!.lane.direction);
      const { start, depth } = chosen.box;
      const box = lane && boxAt(lane, depth, start, 0);
      chosen = lane && box ? { lane, box } : null;
    }
    draw();
  }

  function draw(): void {
    if (frame === 0) frame = requestAnimationFrame(drawNow);
  }

  function drawNow(): void {
    frame = 0;
    const scale = window.devicePixelRatio;
    const last = content.lanes.at(-1);
    const height = Math.max(
      parent.clientHeight,
      last ? topOf(last) + last.rows.length * ROW + GAP : 0,
    );
    canvas.width = width() * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width()}px`;
    canvas.style.height = `${height}px`;
    pen.scale(scale, scale);
    pen.font = style.font;
    pen.textBaseline = 'middle';
    drawRuler(height);
    for (const lane of content.lanes) drawLane(lane);
  }

  function drawRuler(height: number): void {
    pen.fillStyle = style.line;
    pen.globalAlpha = style.outlined ? 0.35 : 1;
    const marks = ticks(seen(), width());
    for (const { time } of marks) pen.fillRect(Math.round(xOf(time)), 0, 1, height);
    pen.globalAlpha = 1;
    pen.fillStyle = style.quiet;
    for (const { time, text } of marks) pen.fillText(text, Math.round(xOf(time)) + 4, RULER / 2);
  }

  function drawLane(lane: Lane): void {
    const top = topOf(lane);
    pen.globalAlpha = 1;
    pen.fillStyle = style.quiet;
    pen.fillText(lane.direction === 'forward' ? 'Forward' : 'Backward', 6, top - TITLE / 2);
    lane.rows.forEach((_, depth) => {
      for (const box of visible(lane, depth, seen(), width())) drawBox(box, top + depth * ROW);
    });
    pen.globalAlpha = 1;
    if (chosen?.lane !== lane) return;
    const { box } = chosen;
    const left = Math.max(0, xOf(box.start));
    pen.strokeStyle = style.focus;
    pen.lineWidth = 2;
    pen.strokeRect(
      left + 1,
      top + box.depth * ROW + 1,
      Math.max(2, Math.min(width(), xOf(box.end)) - left - 2),
      ROW - 3,
    );
  }

  function drawBox(box: Box, y: number): void {
    const left = Math.max(-1, xOf(box.start));
    const right = Math.min(width() + 1, xOf(box.end));
    const wide = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
    const op = box.kind === 'op';
    const color = op ? style.colors[content.colors.get(forward(box.name)) ?? 0]! : style.text;
    pen.globalAlpha = content.lit && !content.lit(box) ? DIM : 1;
    const alpha = pen.globalAlpha;
    if (style.outlined) {
      pen.fillStyle = style.back;
      pen.fillRect(left, y, wide, ROW - 1);
      pen.strokeStyle = color;
      pen.lineWidth = 1;
      pen.strokeRect(left + 0.5, y + 0.5, Math.max(0.5, wide - 1), ROW - 2);
    } else {
      pen.globalAlpha = op ? alpha : alpha * (box.kind === 'step' ? 0.1 : 0.18);
      pen.fillStyle = color;
      pen.fillRect(left, y, wide, ROW - 1);
    }
    pen.globalAlpha = alpha;
    if (wide < 24) return;
    pen.fillStyle = style.outlined || !op ? style.text : inkOn(color);
    const text = fit(box.name, wide - 8);
    if (text) pen.fillText(text, Math.max(0, left) + 4, y + ROW / 2);
  }

  /** As much of a name as there is room for; a single letter tells nothing. */
  function fit(text: string, room: number): string {
    const full = pen.measureText(text).width;
    if (full <= room) return text;
    const letters = Math.floor((room / full) * text.length) - 1;
    return letters < 2 ? '' : `${text.slice(0, letters)}…`;
  }

  function under(event: MouseEvent): { lane: Lane; box: Box } | null {
    const bounds = canvas.getBoundingClientRect();
    const y = event.clientY - bounds.top;
    const time = timeAt(event.clientX - bounds.left);
    const pixel = (seen().end - seen().start) / width();
    for (const lane of content.lanes) {
      const depth = Math.floor((y - topOf(lane)) / ROW);
      if (depth < 0 || depth >= lane.rows.length) continue;
      const box = boxAt(lane, depth, time, pixel);
      if (box) return { lane, box };
    }
    return null;
  }

  function look(next: View | null): void {
    view = next && (next.start > whole.start || next.end < whole.end) ? next : null;
    listener.viewed(seen());
    draw();
  }

  function choose(next: { lane: Lane; box: Box } | null): void {
    chosen = next;
    listener.chosen(next?.box ?? null);
    draw();
  }

  /** Chooses a box and brings it into view if it is not. */
  function visit(next: { lane: Lane; box: Box }): void {
    const { start, end } = seen();
    const { box } = next;
    if (box.end < start || box.start > end || box.end - box.start < (end - start) / width())
      look(
        fitted(
          {
            start: box.start - (box.end - box.start) * 4,
            end: box.end + (box.end - box.start) * 4,
          },
          whole,
        ),
      );
    const y = topOf(next.lane) + box.depth * ROW;
    if (y < parent.scrollTop || y + ROW > parent.scrollTop + parent.clientHeight)
      parent.scrollTop = y - parent.clientHeight / 2;
    choose(next);
  }

  const zoom = (factor: number, at = (seen().start + seen().end) / 2): void =>
    look(zoomed(seen(), whole, at, factor));

  canvas.addEventListener('mousedown', (press) => {
    if (press.button !== 0) return;
    const from = seen();
    let moved = false;
    const move = (event: MouseEvent) => {
      const by = event.clientX - press.clientX;
      moved ||= Math.abs(by) > STILL;
      if (moved) look(panned(from, whole, (-by / width()) * (from.end - from.start)));
      canvas.classList.toggle('dragged', moved);
    };
    const release = (event: MouseEvent) => {
      window.removeEventListener('mousemove', move);
      canvas.classList.remove('dragged');
      if (moved) return;
      const hit = under(event);
      choose(hit);
      if (hit && event.detail === 1) {
        if (hit.box.kind === 'op') listener.opened(hit.box);
        else look(fitted(hit.box, whole));
      }
    };
    window.addEventListener('mousemove', move);
    window.addEventListener('mouseup', release, { once: true });
  });
  canvas.addEventListener('dblclick', (event) => {
    const hit = under(event);
    if (hit) look(fitted(hit.box, whole));
  });
  canvas.addEventListener('mousemove', (event) => {
    const hit = under(event);
    canvas.classList.toggle('over', hit !== null);
    listener.over(hit?.box ?? null, event.clientX, event.clientY);
  });
  canvas.addEventListener('mouseleave', () => listener.over(null, 0, 0));
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const along = event.shiftKey ? event.deltaY : event.deltaX;
      const { start, end } = seen();
      if (Math.abs(along) > Math.abs(event.shiftKey ? 0 : event.deltaY))
        return look(panned(seen(), whole, (along / width()) * (end - start)));
      zoom(
        Math.exp(event.deltaY * 0.002),
        timeAt(event.clientX - canvas.getBoundingClientRect().left),
      );
    },
    { passive: false },
  );
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = seen().end - seen().start;
    const way = WAYS[event.key];
    if (way && event.shiftKey && (way === 'left' || way === 'right'))
      look(panned(seen(), whole, way === 'left' ? -span / 4 : span / 4));
    else if (way) step(way);
    else if (event.key === 'Enter' && chosen) listener.opened(chosen.box);
    else if (event.key === ' ' && chosen) look(fitted(chosen.box, whole));
    else if (event.key === '+' || event.key === '=') zoom(0.5);
    else if (event.key === '-') zoom(2);
    else if (event.key === '0' || event.key === 'Home') look(null);
    else if (event.key === 'Escape') choose(null);
    else return;
    event.preventDefault();
  });

  function step(way: Way): void {
    const lane = chosen?.lane ?? content.lanes[0];
    if (!lane) return;
    if (!chosen)
      return visit({ lane, box: visible(lane, 0, seen(), width())[0] ?? lane.boxes[0]! });
    const box = neighbour(lane, chosen.box, way);
    if (box) return visit({ lane, box });
    // Beyond the outermost and the innermost lies the other lane.
    const other =
      content.lanes[content.lanes.indexOf(lane) + (way === 'up' ? -1 : way === 'down' ? 1 : 0)];
    const near = other && other !== lane && visible(other, 0, seen(), width())[0];
    if (other && near) visit({ lane: other, box: near });
  }

  new ResizeObserver(draw).observe(parent);
  new MutationObserver(() => {
    style = styleNow();
    draw();
  }).observe(document.body, { attributes: true, attributeFilter: ['data-vscode-theme-kind'] });

  return {
    show,
    zoom,
    whole: () => look(null),
    goTo(box) {
      const lane = content.lanes.find(({ boxes }) => boxes.includes(box));
      if (lane) visit({ lane, box });
    },
  };
}

function styleNow(): Style {
  const styles = getComputedStyle(document.documentElement);
  const of = (name: string, other: string) =>
    styles.getPropertyValue(`--vscode-${name}`).trim() || other;
  const text = of('editor-foreground', '#808080');
  return {
    font: `12px ${of('font-family', 'sans-serif')}`,
    text,
    quiet: of('descriptionForeground', text),
    line: of('panel-border', '#80808040'),
    back: of('editor-background', '#000000'),
    focus: of('focusBorder', text),
    colors: COLORS.map((name) => opaque(of(`charts-${name}`, '#808080'))),
    outlined: (document.body.dataset['vscodeThemeKind'] ?? '').includes('high-contrast'),
  };
}
