/** The tensors that are alive, and single ones that an editor shows. */
import type { Site, TensorRow } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Edits } from './edits.ts';
import { errors } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import type { Past } from './past.ts';
import type { Pauses } from './pauses.ts';
import type { Answer, Arguments, LiveTensor, Place } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import type { Stack } from './stack.ts';
import { typed } from './typed.ts';
import { Argument, Ref, type Values } from './values.ts';
import type { Variables } from './variables.ts';

/** As many as a tree can show with sense. */
const LIMIT = 1000;
/** How long the expression of an editor's tensor may take, in seconds. */
const PATIENT = 2;

export class Tensors {
  private readonly cdp: Cdp;
  private readonly pauses: Pauses;
  private readonly sources: Sources;
  private readonly program: Remote;
  private readonly values: Values;
  private readonly variables: Variables;
  private readonly stack: Stack;
  private readonly interpreter: Interpreter;
  private readonly edits: Edits;
  private readonly past: Past;

  constructor(
    cdp: Cdp,
    pauses: Pauses,
    sources: Sources,
    program: Remote,
    values: Values,
    variables: Variables,
    stack: Stack,
    interpreter: Interpreter,
    edits: Edits,
    past: Past,
  ) {
    this.cdp = cdp;
    this.pauses = pauses;
    this.sources = sources;
    this.program = program;
    this.values = values;
    this.variables = variables;
    this.stack = stack;
    this.interpreter = interpreter;
    this.edits = edits;
    this.past = past;
  }

  /** V8 collects its garbage first, so that what is listed is what the program still holds. */
  async all({ limit = LIMIT }: Arguments<'tapedeck/tensors'>): Promise<Answer<'tapedeck/tensors'>> {
    this.pauses.now();
    const prototype = await this.values.prototype();
    if (!prototype) return { tensors: [], total: 0, bytes: 0 };
    const { objects } = await this.cdp.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId,
      objectGroup: this.values.group(),
    });
    const objectId = objects.objectId!;
    try {
      const { rows, total, bytes } = await this.values.ask('rows', new Ref(objectId), limit);
      const { look: past } = this.past;
      return { tensors: rows.map((row) => this.live(row)), total, bytes, ...(past && { past }) };
    } finally {
      // The list holds all of them.
      await this.cdp.send('Runtime.releaseObject', { objectId });
    }
  }

  /** By its number while it lives, else by the expression it was opened with, in a frame or the one on top. */
  async one(
    { ref }: Arguments<'tapedeck/tensor'>,
    frameId?: number,
  ): Promise<Answer<'tapedeck/tensor'>> {
    this.pauses.now();
    const known = await this.values.ask('known', ref.id);
    if (known && !known.disposed) return { tensor: this.live(known) };
    if (ref.expression === undefined) return { tensor: null };
    const shown = await this.stack.frame(frameId);
    const value = await this.interpreter
      .run(shown, typed(ref.expression).code, 'quiet', PATIENT)
      .catch(() => null);
    const row = value && (await this.values.ask('row', new Argument(value), ''));
    return { tensor: row?.tensor ? this.live(row.tensor) : null };
  }

  /** The tensor behind a line of Variables. */
  async of({
    variablesReference,
    name,
  }: Arguments<'tapedeck/tensorOf'>): Promise<Answer<'tapedeck/tensorOf'>> {
    const { tensor } = await this.variables.member(variablesReference, name);
    return { tensor: tensor && this.live(tensor) };
  }

  /** What made an element, with the lines as the editor finds them. */
  async origin({ of }: Arguments<'tapedeck/origin'>): Promise<Answer<'tapedeck/origin'>> {
    this.pauses.now();
    const hops = await this.program.ask('origin', of);
    return {
      hops: hops.map((hop) => {
        const place = placeOf(this.sources, hop.site);
        return { ...hop, ...(place && { place }) };
      }),
    };
  }

  async setElement({
    id,
    index,
    value,
  }: Arguments<'tapedeck/setElement'>): Promise<Answer<'tapedeck/setElement'>> {
    this.pauses.now();
    await this.program.ask('setElement', id, index, value);
    this.edits.changed([id]);
    const row = await this.values.ask('known', id);
    if (!row) throw errors.noHandle();
    return { tensor: this.live(row) };
  }

  async hold({ id, on }: Arguments<'tapedeck/hold'>): Promise<Answer<'tapedeck/hold'>> {
    await this.program.ask('hold', id, on);
    return {};
  }

  private live(row: TensorRow): LiveTensor {
    const place = placeOf(this.sources, row.site);
    return { ...row, group: groupOf(row), ...(place && { place }) };
  }
}

/** Where the editor finds the line of a site; undefined where it is in no file. */
export function placeOf(sources: Sources, site: Site | undefined): Place | undefined {
  const found = site && sources.find(site);
  return found?.source.path === undefined
    ? undefined
    : { path: found.source.path, line: found.line, column: found.column };
}

function groupOf({ variable, saved, path }: TensorRow): LiveTensor['group'] {
  if (variable) return 'variable';
  return saved ? 'saved' : path ? 'layer' : 'other';
}
