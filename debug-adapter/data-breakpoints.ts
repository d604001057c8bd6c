/**
 * Data breakpoints: the editor's "Break on Value Change". The program compares
 * and stops by itself, in the engine.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DESK, HOOKS, type DataBreakpoint } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { sentence } from './ops.ts';
import type { LiveTensor } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Tensors } from './tensors.ts';

type Told = DebugProtocol.Breakpoint;
type Answers = readonly { readonly id: number; readonly error?: string }[];

export class DataBreakpoints {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly program: Remote;
  private readonly tensors: Tensors;
  private wanted: readonly DataBreakpoint[] = [];
  private count = FIRST;

  constructor(cdp: Cdp, client: Client, program: Remote, tensors: Tensors) {
    this.cdp = cdp;
    this.client = client;
    this.program = program;
    this.tensors = tensors;
    cdp.onStart(() => this.send());
    cdp.on('Program.engine', () => void this.tell().catch(() => {}));
  }

  /** What can be watched of what stands in Variables, or of an expression. */
  async info({
    variablesReference,
    name,
    frameId,
  }: DebugProtocol.DataBreakpointInfoArguments): Promise<
    DebugProtocol.DataBreakpointInfoResponse['body']
  > {
    const { tensor } = variablesReference
      ? await this.tensors.of({ variablesReference, name })
      : await this.tensors.one({ ref: { id: NONE, expression: name } }, frameId);
    const watched = tensor && watchedOf(tensor);
    if (!watched) return { dataId: null, description: why(tensor, name) };
    return { ...watched, accessTypes: ['write'], canPersist: true };
  }

  /** Instead of those there were. */
  async set({
    breakpoints,
  }: DebugProtocol.SetDataBreakpointsArguments): Promise<
    DebugProtocol.SetDataBreakpointsResponse['body']
  > {
    this.wanted = breakpoints.map(({ dataId: name, condition, hitCondition: hit }) => {
      const same = this.wanted.find(
        (other) => other.name === name && other.condition === condition && other.hit === hit,
      );
      return (
        same ?? { id: this.count++, name, ...(condition && { condition }), ...(hit && { hit }) }
      );
    });
    return { breakpoints: this.told(await this.send()) };
  }

  private told(answers: Answers | null): Told[] {
    return this.wanted.map(({ id }) => {
      if (!answers)
        return { id, verified: false, message: 'The program has not loaded the engine yet.' };
      const error = answers.find((each) => each.id === id)?.error;
      return error === undefined
        ? { id, verified: true }
        : { id, verified: false, message: sentence(error) };
    });
  }

  private async tell(): Promise<void> {
    for (const breakpoint of this.told(await this.send()))
      this.client.tell('breakpoint', { reason: 'changed', breakpoint });
  }

  /** Gives them to the engine, or leaves them where it finds them when it is loaded. */
  private async send(): Promise<Answers | null> {
    if (!this.cdp.debugging) return null;
    return this.program.call(
      (hooks: string, desk: string, list: readonly DataBreakpoint[]) => {
        const all = globalThis as never;
        const lent = all[Symbol.for(hooks)] as { dataBreakpoints?: unknown } | undefined;
        if (lent) lent.dataBreakpoints = list;
        const asks = all[Symbol.for(desk)] as
          { setDataBreakpoints(list: readonly DataBreakpoint[]): Answers } | undefined;
        return asks ? asks.setDataBreakpoints(list) : null;
      },
      HOOKS,
      DESK,
      this.wanted,
    );
  }
}

/** Line breakpoints are numbered from 1, op breakpoints from a million. */
const FIRST = 2_000_000;
/** No tensor has this number. */
const NONE = -1;

/** A variable by its name; another tensor by what made it, for it never changes. */
function watchedOf({
  variable,
  name,
  op,
  site,
}: LiveTensor): { readonly dataId: string; readonly description: string } | null {
  if (variable && name !== undefined)
    return { dataId: `variable/${name}`, description: `variable ${name}` };
  if (op === undefined || site === undefined) return null;
  const { url, line, column } = site;
  const file = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
  return {
    dataId: `made/${op}@${url}:${line}:${column}`,
    description: `${op} at ${file}:${line}`,
  };
}

function why(tensor: LiveTensor | null, name: string): string {
  if (tensor?.op !== undefined)
    return `${name} was made by ${tensor.op}, on a line that was not noted: ops note it under a tape and while the op log is kept ("opLog": "always"). Instead there is the op breakpoint: after ${tensor.op}.`;
  return tensor
    ? `${name} is a tensor that no op is known to have made; its values never change.`
    : `${name} is no tensor: only variables, and what ops make, can be watched.`;
}
