/** The flame chart: what is seen of it, which box is chosen, and how both move. */
import {
  boxAt,
  fitted,
  neighbour,
  panned,
  visible,
  wholeView,
  zoomed,
  type Box,
  type View,
  type Way,
} from '../model.ts';
import { listen } from './gestures/page.ts';
import { Layout, ROW, type Place } from './layout.ts';
import { Painter, type Content } from './painter/page.ts';

export interface Listener {
  /** The mouse is over a box, or over none. */
  over(box: Box | null, x: number, y: number): void;
  /** A box was chosen, by the mouse or the keys. */
  chosen(box: Box | null): void;
  /** Its line is wanted. */
  opened(box: Box): void;
  viewed(view: View): void;
}

export class Chart {
  private readonly parent: HTMLElement;
  private readonly listener: Listener;
  private readonly painter: Painter;
  private content: Content = { lanes: [], colors: new Map(), lit: null };
  private all: View = { start: 0, end: 1 };
  /** null while all is seen, also of what is still to come. */
  private view: View | null;
  private place: Place | null = null;
  private frame = 0;

  constructor(parent: HTMLElement, listener: Listener, kept: View | null) {
    this.parent = parent;
    this.listener = listener;
    this.view = kept;
    const canvas = element(parent);
    this.painter = new Painter(canvas);
    listen(canvas, {
      width: () => this.width,
      clicked: (x, y, again) => this.click(this.layout.at(x, y), again),
      doubled: (x, y) => this.fill(this.layout.at(x, y)),
      over: (event, x, y) => {
        const hit = this.layout.at(x, y);
        listener.over(hit?.box ?? null, event.clientX, event.clientY);
        return hit !== null;
      },
      left: () => listener.over(null, 0, 0),
      held: () => {
        const from = this.seen;
        return (by) => this.look(panned(from, this.all, by * (from.end - from.start)));
      },
      pan: (by) => this.pan(by),
      zoom: (factor, x) => this.zoom(factor, x),
      whole: () => this.whole(),
      step: (way) => this.step(way),
      open: () => this.place && listener.opened(this.place.box),
      fill: () => this.fill(this.place),
      drop: () => this.choose(null),
    });
    new ResizeObserver(() => this.draw()).observe(parent);
    new MutationObserver(() => {
      this.painter.restyle();
      this.draw();
    }).observe(document.body, { attributes: true, attributeFilter: ['data-vscode-theme-kind'] });
  }

  show(content: Content): void {
    this.content = content;
    this.all = wholeView(content.lanes);
    if (this.place) {
      const { lane: before, box: old } = this.place;
      const lane = content.lanes.find(({ direction }) => direction === before.direction);
      const box = lane && boxAt(lane, old.depth, old.start, 0);
      this.place = lane && box ? { lane, box } : null;
    }
    this.draw();
  }

  /** Moves to a box and chooses it. */
  goTo(box: Box): void {
    const lane = this.content.lanes.find(({ boxes }) => boxes.includes(box));
    if (lane) this.visit({ lane, box });
  }

  /** Around a pixel, or else around the middle. */
  zoom(factor: number, x = this.width / 2): void {
    this.look(zoomed(this.seen, this.all, this.layout.timeAt(x), factor));
  }

  whole(): void {
    this.look(null);
  }

  private get seen(): View {
    return this.view ?? this.all;
  }

  private get width(): number {
    return Math.max(1, this.parent.clientWidth);
  }

  private get layout(): Layout {
    return new Layout(this.content.lanes, this.seen, this.width);
  }

  private draw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.painter.paint(this.content, this.layout, this.place, this.parent.clientHeight);
    });
  }

  private look(next: View | null): void {
    const { start, end } = this.all;
    this.view = next && (next.start > start || next.end < end) ? next : null;
    this.listener.viewed(this.seen);
    this.draw();
  }

  private pan(by: number): void {
    const { start, end } = this.seen;
    this.look(panned(this.seen, this.all, by * (end - start)));
  }

  /** So that a box takes all the room. */
  private fill(place: Place | null): void {
    if (place) this.look(fitted(place.box, this.all));
  }

  private click(place: Place | null, again: boolean): void {
    this.choose(place);
    if (!place || again) return;
    if (place.box.kind === 'op') this.listener.opened(place.box);
    else this.fill(place);
  }

  private choose(place: Place | null): void {
    this.place = place;
    this.listener.chosen(place?.box ?? null);
    this.draw();
  }

  /** Chooses a box and brings it into view if it is not. */
  private visit(place: Place): void {
    const { layout, parent } = this;
    const { start, end } = place.box;
    const span = end - start;
    if (end < this.seen.start || start > this.seen.end || span < layout.pixel)
      this.look(fitted({ start: start - span * 4, end: end + span * 4 }, this.all));
    const y = layout.topOf(place.lane) + place.box.depth * ROW;
    if (y < parent.scrollTop || y + ROW > parent.scrollTop + parent.clientHeight)
      parent.scrollTop = y - parent.clientHeight / 2;
    this.choose(place);
  }

  private step(way: Way): void {
    const { lanes } = this.content;
    const lane = this.place?.lane ?? lanes[0];
    if (!lane) return;
    const first = (of = lane) => visible(of, 0, this.seen, this.width)[0];
    if (!this.place) return this.visit({ lane, box: first() ?? lane.boxes[0]! });
    const box = neighbour(lane, this.place.box, way);
    if (box) return this.visit({ lane, box });
    // Beyond the outermost and the innermost lies the other lane.
    const other = lanes[lanes.indexOf(lane) + (way === 'up' ? -1 : way === 'down' ? 1 : 0)];
    const near = other && other !== lane && first(other);
    if (other && near) this.visit({ lane: other, box: near });
  }
}

function element(parent: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute(
    'aria-label',
    'Flame chart. Arrow keys move between boxes, Enter opens the line, plus and minus zoom, 0 shows all.',
  );
  parent.append(canvas);
  return canvas;
}
