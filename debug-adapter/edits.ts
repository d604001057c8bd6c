/**
 * Changing values. A literal or an element changes a tensor in place and must
 * fit; an expression gives the name or the property another value, of any
 * shape, except on a constant, which is changed in place where that fits. What
 * does not fit is an error, and changes nothing.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DESK, type TensorId, type TensorRow } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { Declarations } from './declarations.ts';
import { errors } from './errors.ts';
import { inOp, limits, type Interpreter } from './interpreter.ts';
import { asFailure, firstLine, type Remote as Program } from './remote.ts';
import type { Pause } from './pauses.ts';
import type { Answer, Arguments } from './protocol.ts';
import type { Scopes } from './scopes.ts';
import type { Shown, Stack } from './stack.ts';
import { literalOf, typed, type Assignment, type Literal } from './typed.ts';
import { Argument, argumentOf, Ref, type Remote, type Values } from './values.ts';
import type { Container, Member, Variables } from './variables.ts';

export class Edits {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly program: Program;
  private readonly values: Values;
  private readonly variables: Variables;
  private readonly stack: Stack;
  private readonly scopes: Scopes;
  private readonly interpreter: Interpreter;
  private readonly declarations: Declarations;

  constructor(
    cdp: Cdp,
    client: Client,
    program: Program,
    values: Values,
    variables: Variables,
    stack: Stack,
    scopes: Scopes,
    interpreter: Interpreter,
  ) {
    this.cdp = cdp;
    this.client = client;
    this.program = program;
    this.values = values;
    this.variables = variables;
    this.stack = stack;
    this.scopes = scopes;
    this.interpreter = interpreter;
    this.declarations = new Declarations(cdp);
  }

  /** A new value for a line of Variables. */
  async setVariable({
    variablesReference,
    name,
    value,
  }: DebugProtocol.SetVariableArguments): Promise<DebugProtocol.SetVariableResponse['body']> {
    const member = await this.variables.member(variablesReference, name);
    const made = await this.set(member, name, value);
    this.changed(member.tensor ? [member.tensor.id] : 'all');
    return body(made);
  }

  /** A new value for what an expression names. */
  async setExpression({
    expression,
    value,
    frameId,
  }: DebugProtocol.SetExpressionArguments): Promise<DebugProtocol.SetExpressionResponse['body']> {
    const shown = await this.stack.frame(frameId);
    const { assignment, code } = typed(`${expression} = (${value}\n)`);
    if (!assignment) throw errors.fixed(expression);
    const literal = literalOf(value);
    const edited = await this.typed(shown, { ...assignment, value, literal });
    if (edited) return body(edited);
    const made = await this.live(shown, code);
    this.changed('all');
    return body(await this.variables.result(made, expression));
  }

  /** An assignment that is an edit in place; null for one that JavaScript does. */
  async typed(shown: Shown, assignment: Assignment): Promise<Member | null> {
    const { target, index, section, value, literal } = assignment;
    const row = (expression: string) => this.tensorOf(shown, expression);
    const attr = shown.op && /^op\.attrs\.([\w$]+)$/.exec(target);
    if (attr) return this.setAttr(shown, attr[1]!, value);
    const of = index ?? section;
    const part = of && (await row(of.of));
    if (part && of) {
      if (!literal && isElement(of.at, part))
        throw errors.failed(`An element takes a ${wants(part.dtype)}, not "${value}".`);
      await this.setPart(shown, part, of.at, value, literal);
      return this.done(part, of.of);
    }
    if (section && !assignment.call) throw errors.noTensor(section.of);
    const tensor = await row(target);
    if (!tensor) {
      if (await this.isConstant(shown, target)) throw errors.constant(target);
      return null;
    }
    if (literal && fits(literal, tensor)) await this.assignLiteral(tensor.id, literal);
    else if (shown.op && this.isOpName(shown, target)) {
      await this.assign(shown, tensor.id, await this.value(shown, value));
    } else if (await this.isConstant(shown, target)) {
      await this.assignConstant(shown, target, tensor.id, await this.value(shown, value));
    } else return null;
    return this.done(tensor, target);
  }

  /** The edits made in place; only a program that stands is asked. */
  async list(_: Pause): Promise<Answer<'tapedeck/edits'>> {
    return { edits: await this.program.ask('edits') };
  }

  async undo(_: Pause, { number }: Arguments<'tapedeck/undoEdit'>): Promise<{ id: TensorId }> {
    return this.turned(await this.program.ask('undo', number ?? 0));
  }

  async redo(_: Pause): Promise<{ id: TensorId }> {
    return this.turned(await this.program.ask('redo'));
  }

  private turned(id: TensorId): { id: TensorId } {
    this.changed([id]);
    return { id };
  }

  /** Values changed without a step: who shows them asks again. */
  changed(ids: readonly TensorId[] | 'all'): void {
    this.scopes.touched();
    this.stack.refresh();
    if (this.client.can.supportsInvalidatedEvent) {
      this.client.tell('invalidated', { areas: ['variables'] });
    }
    this.client.tell('tapedeck/changed', { ids });
  }

  private async set(member: Member, name: string, value: string): Promise<Member> {
    const { container, tensor, index, row } = member;
    if (container.kind === 'about') throw errors.fixed(name);
    const literal = literalOf(value);
    if (index && tensor) return this.setMember(member, value, literal);
    if (tensor && literal && fits(literal, tensor)) {
      await this.assignLiteral(tensor.id, literal);
      return this.again(tensor.id, member.variable.evaluateName ?? null);
    }
    if (container.kind === 'op') {
      const { shown } = container;
      if (!tensor) return this.setAttr(shown, name, value);
      await this.assign(shown, tensor.id, await this.value(shown, value));
      return this.again(tensor.id, member.variable.evaluateName ?? null);
    }
    if (!row) throw errors.fixed(name);
    if (container.kind === 'scope') return this.setBinding(container, member, name, value);
    if (container.kind !== 'value') throw errors.fixed(name);
    const shown = await this.stack.frame();
    const made = await this.value(shown, value);
    if (row.readOnly && tensor) {
      await this.assign(shown, tensor.id, made);
      return this.again(tensor.id, member.variable.evaluateName ?? null);
    }
    const path = [...container.path, row.key];
    const { root } = container;
    await this.interpreter.ask(shown, 'live', limits.edit!, 'set', root, path, new Argument(made));
    const now = await this.interpreter.ask(shown, 'quiet', limits.getter!, 'at', root, path);
    return this.variables.result(now, member.variable.evaluateName ?? null);
  }

  /** An element or a row, as Variables lists them. */
  private async setMember(
    { tensor, index, container }: Member,
    value: string,
    literal: Literal | null,
  ): Promise<Member> {
    await this.setPart(await this.stack.frame(), tensor!, index!, value, literal);
    const [now] = await this.variables.parts(
      { ...(container as Container & { kind: 'tensor' }), index: index!.slice(0, -1) },
      index!.at(-1)!,
      1,
    );
    return now!;
  }

  /** One element takes what was typed; more of them a literal, or what an expression gives. */
  private async setPart(
    shown: Shown,
    tensor: TensorRow,
    at: readonly number[] | string,
    value: string,
    literal: Literal | null,
  ): Promise<void> {
    const { id } = tensor;
    if (isElement(at, tensor)) {
      await this.program.ask('setElement', id, at as readonly number[], value);
      return;
    }
    const index = JSON.stringify(typeof at === 'string' ? at : at.join(', '));
    if (literal) return this.desk(`assignAt(${id}, ${index}, (${literal.code}\n))`);
    const made = new Argument(await this.value(shown, value));
    const text = JSON.parse(index) as string;
    await this.interpreter.ask(shown, 'live', limits.edit!, 'assignAt', id, text, made);
  }

  /** An attribute of the op that the program stands before. */
  private async setAttr(shown: Shown, name: string, value: string): Promise<Member> {
    const { op } = shown;
    const ops = await this.program.ask('opFrames');
    if (op?.depth !== ops[0]?.depth) throw errors.begun(op!.op, name);
    const made = new Argument(await this.value(shown, value));
    await this.interpreter.ask(shown, 'live', limits.edit!, 'setAttr', name, made);
    this.changed('all');
    const [now] = await this.program.ask('opFrames');
    return this.variables.attr(shown, name, now!.attrs[name]);
  }

  private async setBinding(
    { frame, index }: Container & { kind: 'scope' },
    { tensor }: Member,
    name: string,
    value: string,
  ): Promise<Member> {
    const shown: Shown = { callFrame: frame, op: null };
    if (name === 'this') throw errors.fixed(name);
    if (await this.isConstant(shown, name)) {
      if (!tensor) throw errors.constant(name);
      await this.assignConstant(shown, name, tensor.id, await this.value(shown, value));
      return this.variables.result(await this.quiet(shown, name), name);
    }
    const made = LOCAL.has(frame.scopeChain[index]!.type)
      ? await this.value(shown, value)
      : await this.live(shown, typed(`${name} = (${value}\n)`).code);
    if (LOCAL.has(frame.scopeChain[index]!.type)) {
      await this.cdp.send('Debugger.setVariableValue', {
        callFrameId: frame.callFrameId,
        scopeNumber: index,
        variableName: name,
        newValue: argumentOf(made),
      });
    }
    return this.variables.result(made, name);
  }

  /** By the source; and by assigning a name to itself, which changes nothing and fails for some constants. */
  private async isConstant(shown: Shown, target: string): Promise<boolean> {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(target)) return false;
    const { callFrame } = shown;
    if (callFrame && (await this.declarations.isConstant(callFrame, target))) return true;
    try {
      await this.quiet(shown, `${target} = ${target}`);
      return false;
    } catch (failure) {
      if (/constant variable/.test(asFailure(failure).message)) return true;
      throw failure;
    }
  }

  private isOpName({ op }: Shown, target: string): boolean {
    return [...(op?.inputs ?? []), ...(op?.outputs ?? [])].some(({ name }) => name === target);
  }

  /** The tensor an expression stands for; null where it stands for something else, or for nothing yet. */
  private async tensorOf(shown: Shown, expression: string): Promise<TensorRow | null> {
    const op = [...(shown.op?.inputs ?? []), ...(shown.op?.outputs ?? [])].find(
      ({ name }) => name === expression,
    );
    if (op) return op.tensor;
    try {
      const value = await this.quiet(shown, expression);
      if (!value.objectId) return null;
      return (await this.values.ask('row', new Ref(value.objectId), '')).tensor ?? null;
    } catch {
      return null;
    }
  }

  /** The literal is JavaScript of a kind that does nothing; JSON has no NaN. */
  private assignLiteral(id: TensorId, { code }: Literal): Promise<void> {
    return this.desk(`assign(${id}, (${code}\n))`);
  }

  private async desk(call: string): Promise<void> {
    const { exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(DESK)})].${call}`,
      silent: true,
    });
    if (exceptionDetails) throw errors.failed(firstLine(exceptionDetails.exception?.description));
  }

  private async assign(shown: Shown, id: TensorId, value: Remote): Promise<void> {
    await this.interpreter.ask(shown, 'live', limits.edit!, 'assign', id, new Argument(value));
  }

  private async assignConstant(
    shown: Shown,
    name: string,
    id: TensorId,
    value: Remote,
  ): Promise<void> {
    try {
      await this.assign(shown, id, value);
    } catch (failure) {
      throw errors.constantTensor(name, asFailure(failure).message);
    }
  }

  private value(shown: Shown, text: string): Promise<Remote> {
    const found = typed(text);
    if (found.expression === null) throw errors.syntax('a value is one expression');
    return this.live(shown, inOp(shown, found));
  }

  private live(shown: Shown, code: string): Promise<Remote> {
    return this.interpreter.run(shown, code, 'live', limits.edit!);
  }

  private quiet(shown: Shown, code: string): Promise<Remote> {
    return this.interpreter.run(shown, `"use strict"; (${code}\n)`, 'quiet', limits.edit!);
  }

  private done(tensor: TensorRow, expression: string): Promise<Member> {
    this.changed([tensor.id]);
    return this.again(tensor.id, expression);
  }

  private async again(id: TensorId, expression: string | null): Promise<Member> {
    const { result } = await this.cdp.send('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(DESK)})].handle(${id})`,
      objectGroup: this.values.group(),
    });
    return this.variables.result(result, expression);
  }
}

/** A tensor of numbers may give its name to a text, as to any other value; one of texts says what it takes. */
const fits = ({ of }: Literal, { dtype }: TensorRow) => of === 'numbers' || dtype === 'string';
/** Negative positions are counted by the engine. */
const isElement = (at: readonly number[] | string, { shape }: TensorRow): boolean =>
  typeof at !== 'string' && at.length === shape.length && at.every((each) => each >= 0);
const wants = (dtype: string) => (dtype === 'string' ? 'text' : 'number');

/** Scopes whose variables V8 can set by their place, whatever stands before them. */
const LOCAL = new Set(['local', 'closure', 'block', 'catch']);

function body({ variable }: Member): DebugProtocol.SetVariableResponse['body'] {
  const { value, type, variablesReference, namedVariables, indexedVariables } = variable;
  return {
    value,
    variablesReference,
    ...(type !== undefined && { type }),
    ...(namedVariables !== undefined && { namedVariables }),
    ...(indexedVariables !== undefined && { indexedVariables }),
  };
}
