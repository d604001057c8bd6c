/** Where things are in the chart: times along it, lanes below each other. */
import { boxAt, type Box, type Lane, type View } from '../model.ts';

export const ROW = 20;
export const RULER = 22;
export const TITLE = 20;
export const GAP = 10;

/** A box, in the lane it lies in. */
export interface Place {
  readonly lane: Lane;
  readonly box: Box;
}

/** What is seen of the time, drawn over so many pixels. */
export class Layout {
  readonly lanes: readonly Lane[];
  readonly view: View;
  readonly width: number;

  constructor(lanes: readonly Lane[], view: View, width: number) {
    this.lanes = lanes;
    this.view = view;
    this.width = width;
  }

  /** The time of a pixel. */
  get pixel(): number {
    return (this.view.end - this.view.start) / this.width;
  }

  timeAt(x: number): number {
    return this.view.start + x * this.pixel;
  }

  xOf(time: number): number {
    return (time - this.view.start) / this.pixel;
  }

  /** Where the boxes of a lane begin, below its title. */
  topOf(lane: Lane): number {
    let top = RULER;
    for (const other of this.lanes) {
      top += TITLE;
      if (other === lane) return top;
      top += other.rows.length * ROW + GAP;
    }
    return top;
  }

  get height(): number {
    const last = this.lanes.at(-1);
    return last ? this.topOf(last) + last.rows.length * ROW + GAP : 0;
  }

  at(x: number, y: number): Place | null {
    for (const lane of this.lanes) {
      const depth = Math.floor((y - this.topOf(lane)) / ROW);
      if (depth < 0 || depth >= lane.rows.length) continue;
      const box = boxAt(lane, depth, this.timeAt(x), this.pixel);
      if (box) return { lane, box };
    }
    return null;
  }
}
