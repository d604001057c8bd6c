/** What can be typed next in the console: names in sight, and members behind a dot. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Interpreter } from './interpreter.ts';
import type { Pauses } from './pauses.ts';
import type { Scopes } from './scopes.ts';
import type { Stack } from './stack.ts';
import { typed } from './typed.ts';
import { Argument, type Values } from './values.ts';

type Item = DebugProtocol.CompletionItem;

/** How long the text before the dot may take to evaluate, in seconds. */
const PATIENT = 1;

export class Completions {
  private readonly pauses: Pauses;
  private readonly stack: Stack;
  private readonly scopes: Scopes;
  private readonly values: Values;
  private readonly interpreter: Interpreter;

  constructor(
    pauses: Pauses,
    stack: Stack,
    scopes: Scopes,
    values: Values,
    interpreter: Interpreter,
  ) {
    this.pauses = pauses;
    this.stack = stack;
    this.scopes = scopes;
    this.values = values;
    this.interpreter = interpreter;
  }

  async complete({
    text,
    column,
    line = 1,
    frameId,
  }: DebugProtocol.CompletionsArguments): Promise<DebugProtocol.CompletionsResponse['body']> {
    if (!this.pauses.current) return { targets: [] };
    const before = (text.split('\n')[line - 1] ?? '').slice(0, column - 1);
    const [, owner, begun = ''] = CHAIN.exec(before) ?? [];
    const found =
      owner === undefined ? await this.names(frameId) : await this.members(owner, frameId);
    return {
      targets: found
        .filter(({ label }) => label.startsWith(begun))
        .map((item) => ({ ...item, start: before.length - begun.length, length: begun.length })),
    };
  }

  private async members(owner: string, frameId: number | undefined): Promise<Item[]> {
    const shown = await this.stack.frame(frameId);
    try {
      const value = await this.interpreter.run(shown, typed(owner).code, 'quiet', PATIENT);
      const members = await this.values.ask('members', new Argument(value));
      return members.map(({ name, kind }) => ({ label: name, type: kind as 'property' }));
    } catch {
      return [];
    }
  }

  private async names(frameId: number | undefined): Promise<Item[]> {
    const { callFrame, op } = await this.stack.frame(frameId);
    const inOp = [...(op?.inputs ?? []), ...(op?.outputs ?? [])].map(({ name }) => name);
    const chain = callFrame?.scopeChain ?? [];
    const names = await Promise.all(
      chain.map(async (_, index) =>
        this.values.ask('names', await this.scopes.object({ frame: callFrame!, index })),
      ),
    );
    return [...new Set([...inOp, ...names.flat()])].map((label) => ({ label, type: 'variable' }));
  }
}

/** A chain of names and indexes that can be evaluated without calling anything, a dot, and what is begun. */
const CHAIN =
  /(?:([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\])*)\.)?([\p{ID_Continue}$]*)$/u;
