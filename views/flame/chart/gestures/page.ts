/** What the mouse and the keys mean on the chart. They say where they are in pixels; the chart knows what is there. */
import type { Way } from '../../model.ts';

export interface Gestures {
  /** How wide the chart is, in pixels. */
  width(): number;
  /** A press and release in one place; `again` in the second of a double click. */
  clicked(x: number, y: number, again: boolean): void;
  doubled(x: number, y: number): void;
  /** What lies under the mouse is told apart by its pointer. */
  over(event: MouseEvent, x: number, y: number): boolean;
  left(): void;
  /** The chart is held, and dragged so many parts of its width from where it was. */
  held(): (by: number) => void;
  /** By parts of what is seen. */
  pan(by: number): void;
  zoom(factor: number, x?: number): void;
  whole(): void;
  step(way: Way): void;
  open(): void;
  fill(): void;
  drop(): void;
}

/** A press that moves less than this is a click. */
const STILL = 4;
const WAYS: { readonly [key: string]: Way } = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function listen(canvas: HTMLCanvasElement, to: Gestures): void {
  const place = (event: MouseEvent): [x: number, y: number] => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  canvas.addEventListener('mousedown', (press) => {
    if (press.button === 0) drag(press);
  });
  canvas.addEventListener('dblclick', (event) => to.doubled(...place(event)));
  canvas.addEventListener('mousemove', (event) =>
    canvas.classList.toggle('over', to.over(event, ...place(event))),
  );
  canvas.addEventListener('mouseleave', () => to.left());
  canvas.addEventListener('wheel', turn, { passive: false });
  canvas.addEventListener('keydown', (event) => {
    if (press(event)) event.preventDefault();
  });

  function drag(start: MouseEvent): void {
    const move = to.held();
    let moved = false;
    const follow = ({ clientX }: MouseEvent) => {
      const by = clientX - start.clientX;
      moved ||= Math.abs(by) > STILL;
      if (moved) move(-by / to.width());
      canvas.classList.toggle('dragged', moved);
    };
    const release = (event: MouseEvent) => {
      window.removeEventListener('mousemove', follow);
      canvas.classList.remove('dragged');
      if (!moved) to.clicked(...place(event), event.detail > 1);
    };
    window.addEventListener('mousemove', follow);
    window.addEventListener('mouseup', release, { once: true });
  }

  /** Along pans, also of a wheel that only turns one way, with Shift; else it zooms where the mouse is. */
  function turn(event: WheelEvent): void {
    event.preventDefault();
    const { shiftKey, deltaX, deltaY } = event;
    const along = shiftKey ? deltaY : deltaX;
    if (Math.abs(along) > Math.abs(shiftKey ? 0 : deltaY)) to.pan(along / to.width());
    else to.zoom(Math.exp(deltaY * 0.002), place(event)[0]);
  }

  /** Whether the key means something. */
  function press({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const way = WAYS[key];
    if (way && shiftKey && (way === 'left' || way === 'right'))
      to.pan(way === 'left' ? -0.25 : 0.25);
    else if (way) to.step(way);
    else if (key === 'Enter') to.open();
    else if (key === ' ') to.fill();
    else if (key === '+' || key === '=') to.zoom(0.5);
    else if (key === '-') to.zoom(2);
    else if (key === '0' || key === 'Home') to.whole();
    else if (key === 'Escape') to.drop();
    else return false;
    return true;
  }
}
