/** Expressions that the user typed, watches or points at. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Mood } from '../engine/protocol.ts';
import type { Edits } from './edits.ts';
import { errors } from './errors.ts';
import { inOp, limits, type Interpreter } from './interpreter.ts';
import type { Pauses } from './pauses.ts';
import type { Shown, Stack } from './stack.ts';
import { typed, type Typed } from './typed.ts';
import { Argument, type Remote } from './values.ts';
import type { Member, Variables } from './variables.ts';

const PATIENT = 10;

export class Evaluate {
  private readonly pauses: Pauses;
  private readonly stack: Stack;
  private readonly variables: Variables;
  private readonly interpreter: Interpreter;
  private readonly edits: Edits;

  constructor(
    pauses: Pauses,
    stack: Stack,
    variables: Variables,
    interpreter: Interpreter,
    edits: Edits,
  ) {
    this.pauses = pauses;
    this.stack = stack;
    this.variables = variables;
    this.interpreter = interpreter;
    this.edits = edits;
  }

  async evaluate({
    expression,
    frameId,
    context = 'repl',
  }: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse['body']> {
    this.pauses.now();
    const text = typed(expression);
    const shown = await this.stack.frame(frameId);
    if (context === 'clipboard') {
      const value = await this.value(shown, text, 'quiet', PATIENT);
      const seconds = this.limit(context);
      const asked = new Argument(value);
      const whole = await this.interpreter.ask(shown, 'quiet', seconds, 'whole', asked, []);
      return { result: String(whole.value), variablesReference: 0 };
    }
    const { variable } = await this.answer(shown, text, context);
    const { value, type, variablesReference, presentationHint, namedVariables, indexedVariables } =
      variable;
    return {
      result: value,
      variablesReference,
      ...(type !== undefined && { type }),
      ...(presentationHint && { presentationHint }),
      ...(namedVariables !== undefined && { namedVariables }),
      ...(indexedVariables !== undefined && { indexedVariables }),
    };
  }

  private async answer(shown: Shown, text: Typed, context: string): Promise<Member> {
    // The past does not change: what is typed there only looks.
    const { past } = this.pauses;
    if (past && text.assignment) throw errors.past();
    // A call may be the program's own; who only looks does not make it.
    if (past || (context !== 'repl' && (text.assignment?.call ?? true))) {
      const value = await this.value(shown, text, 'quiet', this.limit(context));
      return this.variables.result(value, text.expression);
    }
    const edited = text.assignment && (await this.edits.typed(shown, text.assignment));
    if (edited) return edited;
    try {
      const value = await this.value(shown, text, 'live', this.limit(context));
      return await this.variables.result(value, text.assignment?.target ?? text.expression);
    } finally {
      this.edits.changed('all');
    }
  }

  private limit(context: string): number {
    return limits[context] ?? PATIENT;
  }

  /**
   * What the editor asks by itself speaks of the user's code: there `x` is the
   * user's, and the op's `x` only where the user has none. Who types at an op
   * speaks of the op.
   */
  private async value(shown: Shown, text: Typed, mood: Mood, seconds: number): Promise<Remote> {
    const ofOp = () => this.interpreter.run(shown, inOp(shown, text), mood, seconds);
    if (!shown.op || mood === 'live') return ofOp();
    return this.interpreter.run(shown, text.code, mood, seconds).catch((failure: unknown) => {
      if (/ is not defined/.test(String(failure))) return ofOp();
      throw failure;
    });
  }
}
