/** Expressions typed or hovered by the user. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Cdp } from './cdp.ts';
import { errors } from './errors.ts';
import type { Pauses } from './pauses.ts';
import { firstLine } from './remote.ts';
import type { Stack } from './stack.ts';
import type { Variables } from './variables.ts';

export class Evaluate {
  private readonly cdp: Cdp;
  private readonly pauses: Pauses;
  private readonly stack: Stack;
  private readonly variables: Variables;

  constructor(cdp: Cdp, pauses: Pauses, stack: Stack, variables: Variables) {
    this.cdp = cdp;
    this.pauses = pauses;
    this.stack = stack;
    this.variables = variables;
  }

  async evaluate({
    expression,
    frameId,
  }: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse['body']> {
    const { callFrames, user } = this.pauses.now();
    const frame = frameId === undefined ? callFrames[user] : this.stack.frame(frameId);
    const { result, exceptionDetails } = frame
      ? await this.cdp.send('Debugger.evaluateOnCallFrame', {
          callFrameId: frame.callFrameId,
          expression,
        })
      : await this.cdp.send('Runtime.evaluate', { expression });
    if (exceptionDetails) throw errors.failed(firstLine(exceptionDetails.exception?.description));
    const { value, type = '', variablesReference } = this.variables.shown('', result);
    return { result: value, type, variablesReference };
  }
}
