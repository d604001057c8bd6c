import type { Element } from './element.ts';
import type { EditRow } from './protocol.ts';
import type { Tensor } from './tensor.ts';
import { describe } from './tensor.ts';

/**
 * The edits of a debugger, to be undone and done again. An edit knows the
 * elements it changed, before and after: undoing puts back what still has the
 * value that the edit left, so that what the program wrote since stays. It
 * keeps no tensor alive: what the program has dropped cannot be undone, and
 * needs not.
 */
export class EditHistory {
  readonly #edits: Edit[] = [];
  #count = 0;
  /** The last one that was undone, on top; a new edit clears them. */
  #undone: Edit[] = [];

  /** `elements` is null where there are too many to keep. */
  add(tensor: Tensor, elements: Edit['elements']): void {
    const { name } = tensor as { readonly name?: string };
    const what = `${name ? `${name} ` : ''}${describe(tensor)}`;
    const handle = new WeakRef(tensor);
    this.#edits.push({ number: ++this.#count, what, handle, elements, undone: false });
    this.#undone = [];
    if (this.#edits.length > MOST) this.#edits.shift();
  }

  rows(): readonly EditRow[] {
    return this.#edits.map(({ number, what, handle, elements, undone }) => ({
      number,
      what,
      ...(handle.deref() && { id: handle.deref()!.id }),
      elements: elements?.length ?? null,
      undone,
    }));
  }

  /** The edit that is to be undone: that one, or the last; with its tensor. */
  undoing(number?: number): Turn {
    const edit = number
      ? this.#edits.find((each) => each.number === number)
      : this.#edits.findLast(({ undone }) => !undone);
    if (!edit) throw new Error(number ? `there is no edit ${number}` : 'there is no edit to undo');
    if (edit.undone) throw new Error(`the edit of ${edit.what} is undone already`);
    return turn(edit, 'undo');
  }

  /** The same for the edit that was undone last. */
  redoing(): Turn {
    const edit = this.#undone.at(-1);
    if (!edit) throw new Error('there is no undone edit to do again');
    return turn(edit, 'redo');
  }

  /** It has been. */
  turned({ edit }: Turn): void {
    edit.undone = !edit.undone;
    if (edit.undone) this.#undone.push(edit);
    else this.#undone = this.#undone.filter((each) => each !== edit);
  }
}

/** As many edits are listed; one of more elements than `LARGEST` cannot be undone. */
const MOST = 200;
export const LARGEST = 1 << 20;

/** An edit, and its tensor while it lives. */
interface Turn {
  readonly edit: Edit;
  readonly tensor: Tensor;
  readonly changes: readonly Change[];
}

interface Edit {
  readonly number: number;
  readonly what: string;
  readonly handle: WeakRef<Tensor>;
  readonly elements: readonly Change[] | null;
  undone: boolean;
}

/** An element by its place in row-major order, and what it was and became. */
export interface Change {
  readonly place: number;
  readonly before: Element;
  readonly after: Element;
}

function turn(edit: Edit, how: 'undo' | 'redo'): Turn {
  const { handle, what, elements } = edit;
  const tensor = handle.deref();
  if (!tensor || tensor.isDisposed)
    throw new Error(`${how}: ${what} is gone: the program has let go of it`);
  if (elements === null)
    throw new Error(`${how}: ${what} is too large for its old values to be kept`);
  const changes =
    how === 'undo'
      ? elements
      : elements.map(({ place, before, after }) => ({ place, before: after, after: before }));
  return { edit, tensor, changes };
}

/** Whether two elements are the same, bit for bit as far as JavaScript sees. */
export function sameElement(a: Element, b: Element): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  return Object.is(a.re, b.re) && Object.is(a.im, b.im);
}

export const editHistory = new EditHistory();
