/** Scopes and values. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import { Handles } from './handles.ts';
import type { Pauses } from './pauses.ts';
import type { Stack } from './stack.ts';

type Remote = Protocol.Runtime.RemoteObject;

export class Variables {
  private readonly cdp: Cdp;
  private readonly stack: Stack;
  private readonly values = new Handles<string>();

  constructor(cdp: Cdp, pauses: Pauses, stack: Stack) {
    this.cdp = cdp;
    this.stack = stack;
    pauses.onResume(() => this.values.forget());
  }

  async scopes({
    frameId,
  }: DebugProtocol.ScopesArguments): Promise<DebugProtocol.ScopesResponse['body']> {
    const scopes = this.stack.frame(frameId)?.scopeChain ?? [];
    return {
      scopes: scopes.map(({ type, object }) => ({
        name: type[0]!.toUpperCase() + type.slice(1),
        variablesReference: this.values.create(object.objectId!),
        expensive: type === 'global',
      })),
    };
  }

  async children({
    variablesReference,
  }: DebugProtocol.VariablesArguments): Promise<DebugProtocol.VariablesResponse['body']> {
    const { result } = await this.cdp.send('Runtime.getProperties', {
      objectId: this.values.get(variablesReference),
      ownProperties: true,
    });
    const variables = result.flatMap(({ name, value }) => (value ? [this.shown(name, value)] : []));
    return { variables };
  }

  shown(name: string, value: Remote): DebugProtocol.Variable {
    const variablesReference = value.objectId ? this.values.create(value.objectId) : 0;
    return {
      name,
      value: this.text(value),
      type: value.className ?? value.type,
      variablesReference,
    };
  }

  /** A value as a message shows it: a text as it is. */
  words(value: Remote): string {
    return value.type === 'string' ? String(value.value) : this.text(value);
  }

  /** A number for what can be opened in a print; 0 where its text says it all. */
  printed(_text: string, _values: readonly Remote[]): number {
    return 0;
  }

  private text({ type, value, description, unserializableValue }: Remote): string {
    return type === 'string'
      ? JSON.stringify(value)
      : (description ?? unserializableValue ?? String(value));
  }
}
