/**
 * Data breakpoints: the editor's "Break on Value Change". The program compares
 * and stops by itself, in the engine.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DataBreakpoint } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import type { LiveTensor } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Tensors } from './tensors.ts';
import { shown } from './verdicts.ts';

type Told = DebugProtocol.Breakpoint;

export class DataBreakpoints {
  private readonly client: Client;
  private readonly program: Remote;
  private readonly tensors: Tensors;
  private wanted: readonly DataBreakpoint[] = [];
  private count = FIRST;

  constructor(cdp: Cdp, client: Client, program: Remote, tensors: Tensors) {
    this.client = client;
    this.program = program;
    this.tensors = tensors;
    cdp.onStart(() => program.watch('dataBreakpoints', this.wanted));
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
    return { breakpoints: await this.send() };
  }

  /** Gives them to the engine; what it says of each. */
  private async send(): Promise<Told[]> {
    const verdicts = await this.program.watch('dataBreakpoints', this.wanted);
    return this.wanted.map(({ id }) => shown(id, verdicts));
  }

  private async tell(): Promise<void> {
    for (const breakpoint of await this.send())
      this.client.tell('breakpoint', { reason: 'changed', breakpoint });
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
