/** Draws what is seen of the flame chart on its canvas: the ruler, then lane by lane box by box. */
import { forward, inkOn } from '../../colors.ts';
import { ticks, visible, type Box, type Lane } from '../../model.ts';
import { ROW, RULER, TITLE, type Layout, type Place } from '../layout.ts';
import { styleNow } from '../style/page.ts';

export interface Content {
  readonly lanes: readonly Lane[];
  readonly colors: ReadonlyMap<string, number>;
  /** Which boxes stand out; null where all are alike. */
  readonly lit: ((box: Box) => boolean) | null;
}

/** The opacity of boxes that do not stand out. */
const DIM = 0.3;

export class Painter {
  private readonly canvas: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D;
  private style = styleNow();

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d')!;
  }

  /** The theme is another. */
  restyle(): void {
    this.style = styleNow();
  }

  paint(content: Content, layout: Layout, chosen: Place | null, least: number): void {
    const { canvas, pen } = this;
    const scale = window.devicePixelRatio;
    const height = Math.max(least, layout.height);
    canvas.width = layout.width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${height}px`;
    pen.scale(scale, scale);
    pen.font = this.style.font;
    pen.textBaseline = 'middle';
    this.ruler(layout, height);
    for (const lane of content.lanes) this.lane(lane, content, layout);
    if (chosen) this.frame(chosen, layout);
  }

  private ruler(layout: Layout, height: number): void {
    const { pen, style } = this;
    const marks = ticks(layout.view, layout.width);
    pen.fillStyle = style.line;
    pen.globalAlpha = style.outlined ? 0.35 : 1;
    for (const { time } of marks) pen.fillRect(Math.round(layout.xOf(time)), 0, 1, height);
    pen.globalAlpha = 1;
    pen.fillStyle = style.quiet;
    for (const { time, text } of marks)
      pen.fillText(text, Math.round(layout.xOf(time)) + 4, RULER / 2);
  }

  private lane(lane: Lane, content: Content, layout: Layout): void {
    const { pen } = this;
    const top = layout.topOf(lane);
    pen.globalAlpha = 1;
    pen.fillStyle = this.style.quiet;
    pen.fillText(lane.direction === 'forward' ? 'Forward' : 'Backward', 6, top - TITLE / 2);
    lane.rows.forEach((_, depth) => {
      for (const box of visible(lane, depth, layout.view, layout.width))
        this.box(box, top + depth * ROW, content, layout);
    });
    pen.globalAlpha = 1;
  }

  private box(box: Box, y: number, { colors, lit }: Content, layout: Layout): void {
    const { pen, style } = this;
    const left = Math.max(-1, layout.xOf(box.start));
    const right = Math.min(layout.width + 1, layout.xOf(box.end));
    const wide = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
    const op = box.kind === 'op';
    const color = op ? style.colors[colors.get(forward(box.name)) ?? 0]! : style.text;
    const alpha = lit && !lit(box) ? DIM : 1;
    pen.globalAlpha = alpha;
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
    const text = this.fit(box.name, wide - 8);
    if (text) pen.fillText(text, Math.max(0, left) + 4, y + ROW / 2);
  }

  /** Around the box that is chosen. */
  private frame({ lane, box }: Place, layout: Layout): void {
    const { pen } = this;
    const left = Math.max(0, layout.xOf(box.start));
    const wide = Math.max(2, Math.min(layout.width, layout.xOf(box.end)) - left - 2);
    pen.strokeStyle = this.style.focus;
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, layout.topOf(lane) + box.depth * ROW + 1, wide, ROW - 3);
  }

  /** As much of a name as there is room for; a single letter tells nothing. */
  private fit(text: string, room: number): string {
    const full = this.pen.measureText(text).width;
    if (full <= room) return text;
    const letters = Math.floor((room / full) * text.length) - 1;
    return letters < 2 ? '' : `${text.slice(0, letters)}…`;
  }
}
