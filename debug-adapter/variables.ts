/** Scopes and values: JavaScript's, tensors with their rows and elements, and what an op works on. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Child, TensorRow } from '../engine/protocol.ts';
import { PRINTS } from './debuggee/words.ts';
import { errors } from './errors.ts';
import { about, facts } from './facts.ts';
import { Handles } from './handles.ts';
import { limits, type Interpreter } from './interpreter.ts';
import type { Pauses } from './pauses.ts';
import type { Remote as Program } from './remote.ts';
import { PAGE, type Place, type Scopes } from './scopes.ts';
import { opTitle, type Shown, type Stack } from './stack.ts';
import {
  Argument,
  Print,
  Ref,
  type Filter,
  type Path,
  type Remote,
  type Row,
  type Values,
} from './values.ts';

/** What a number stands for that the editor may open. */
export type Container =
  | ({ readonly kind: 'scope' } & Place)
  /** What lies at a path of an object; `expression` reaches it, where one does. */
  | {
      readonly kind: 'value' | 'getter';
      readonly root: Ref | Print;
      readonly path: Path;
      readonly expression: string | null;
    }
  /** A tensor, or what lies at an index of it. */
  | {
      readonly kind: 'tensor';
      readonly tensor: TensorRow;
      readonly index: readonly number[];
      readonly from: Printed;
    }
  | { readonly kind: 'about'; readonly tensor: TensorRow; readonly from: Printed }
  /** The line of the console that printed something. */
  | { readonly kind: 'print'; readonly root: Print; readonly text: string; readonly rows: number }
  | { readonly kind: 'op'; readonly shown: Shown };

/** Where in a print a tensor is: it may be asked for long after; null where it is in none. */
type Printed = { readonly root: Print; readonly path: Path } | null;

/** A variable of a container, with what is needed to change it. */
export interface Member {
  readonly container: Container;
  readonly variable: DebugProtocol.Variable;
  readonly row: Row | null;
  readonly tensor: TensorRow | null;
  /** The element or row of a tensor it is. */
  readonly index: readonly number[] | null;
}

export class Variables {
  private readonly program: Program;
  private readonly values: Values;
  private readonly pauses: Pauses;
  private readonly stack: Stack;
  private readonly chain: Scopes;
  private readonly interpreter: Interpreter;
  private readonly containers = new Handles<Container>();
  /** What the console printed outlives a pause. */
  private readonly prints = new Handles<Container>(2 ** 30, 10 * PRINTS);
  private readonly members = new Map<number, Map<string, Member>>();

  constructor(
    program: Program,
    values: Values,
    pauses: Pauses,
    stack: Stack,
    chain: Scopes,
    interpreter: Interpreter,
  ) {
    this.program = program;
    this.values = values;
    this.pauses = pauses;
    this.stack = stack;
    this.chain = chain;
    this.interpreter = interpreter;
    pauses.onTurn(() => {
      this.containers.forget();
      this.members.clear();
    });
  }

  async scopes({
    frameId,
  }: DebugProtocol.ScopesArguments): Promise<DebugProtocol.ScopesResponse['body']> {
    const shown = await this.stack.frame(frameId);
    const { op, callFrame } = shown;
    const scopes: DebugProtocol.Scope[] = [];
    if (op) {
      scopes.push({
        name: `Op ${opTitle(op)}`,
        presentationHint: 'arguments',
        variablesReference: this.containers.create({ kind: 'op', shown }),
        expensive: false,
      });
    }
    callFrame?.scopeChain.forEach(({ type, name }, index) =>
      scopes.push({
        name: `${type[0]!.toUpperCase()}${type.slice(1)}${type === 'closure' && name ? ` (${name})` : ''}`,
        ...(type === 'local' && { presentationHint: 'locals' }),
        variablesReference: this.containers.create({ kind: 'scope', frame: callFrame, index }),
        expensive: type === 'global',
      }),
    );
    return { scopes };
  }

  async children({
    variablesReference,
    filter,
    start,
    count,
  }: DebugProtocol.VariablesArguments): Promise<DebugProtocol.VariablesResponse['body']> {
    const container = this.handles(variablesReference).get(variablesReference);
    const found = await this.list(container, filter ?? 'all', start ?? 0, count || PAGE);
    // Nothing else would let go of it before the next pause.
    if (!this.pauses.current) this.values.letGo(null);
    const known = this.members.get(variablesReference) ?? new Map<string, Member>();
    for (const member of found) known.set(member.variable.name, member);
    this.members.set(variablesReference, known);
    return { variables: found.map(({ variable }) => variable) };
  }

  /** A variable by its container's number and its name. */
  async member(variablesReference: number, name: string): Promise<Member> {
    const known = () => this.members.get(variablesReference)?.get(name);
    if (!known()) await this.children({ variablesReference });
    const member = known();
    if (!member) throw errors.noVariable(name);
    return member;
  }

  /** What came of an evaluation, as the editor shows it. */
  async result(value: Remote, expression: string | null): Promise<Member> {
    return this.named(
      expression,
      await this.values.ask('row', new Argument(value), expression ?? ''),
      value,
    );
  }

  /** A number for what can be opened in a print. */
  printed(text: string, id: number, rows: number): number {
    return this.open({ kind: 'print', root: new Print(id), text, rows });
  }

  /** Rows or elements of a tensor. */
  async parts(
    container: Container & { kind: 'tensor' },
    start: number,
    count: number,
  ): Promise<Member[]> {
    const { tensor, index } = container;
    await this.found(container);
    const children = await this.program.ask('children', tensor.id, index, start, count);
    return children.map((child) => this.part(child, container));
  }

  private handles(variablesReference: number): Handles<Container> {
    return this.prints.has(variablesReference) ? this.prints : this.containers;
  }

  private open(container: Container): number {
    const print =
      ('root' in container && container.root instanceof Print) ||
      ('from' in container && container.from !== null);
    return (print ? this.prints : this.containers).create(container);
  }

  /** What a print printed, where that is one tensor. */
  private async whole(root: Print): Promise<Container | null> {
    const { tensor } = await this.values.ask('rowAt', root, []);
    return tensor ? { kind: 'tensor', tensor, index: [], from: { root, path: [] } } : null;
  }

  /** The engine answers questions about a tensor that was found since the program last went on. */
  private async found({ from }: { readonly from: Printed }): Promise<void> {
    if (from) await this.values.ask('rowAt', from.root, from.path);
  }

  private async list(
    container: Container,
    filter: Filter,
    start: number,
    count: number,
  ): Promise<Member[]> {
    switch (container.kind) {
      case 'scope': {
        const { root, self, rows } = await this.chain.look(container, filter, start, count);
        const own = rows.map((row) => this.shown(row, container, [], root));
        return self ? [this.named('this', self, container.frame.this), ...own] : own;
      }
      case 'value': {
        const { root, path } = container;
        const printed = root instanceof Print && !path.length && (await this.whole(root));
        if (printed) return this.list(printed, filter, start, count);
        const rows = await this.values.ask('children', root, path, filter, start, count, false);
        return rows.map((row) => this.shown(row, container, path));
      }
      case 'print': {
        const { root, text, rows } = container;
        const inside = { kind: 'value', root, path: [], expression: null } as const;
        const member = this.plain(container, '', text.trimEnd());
        const more = { variablesReference: this.open(inside), indexedVariables: rows };
        return [{ ...member, variable: { ...member.variable, ...more, namedVariables: 1 } }];
      }
      case 'getter': {
        const { root, path } = container;
        const shown = await this.stack.frame();
        const value = await this.interpreter.ask(shown, 'quiet', limits.getter!, 'at', root, path);
        return [await this.result(value, container.expression)];
      }
      case 'tensor': {
        const { tensor, index } = container;
        const top = filter !== 'indexed' && index.length === 0;
        const none = filter === 'named' || tensor.shape.length === index.length;
        return [
          ...(top ? [this.about(container)] : []),
          ...(none ? [] : await this.parts(container, start, count)),
        ];
      }
      case 'about': {
        await this.found(container);
        const stats = await this.program.ask('stats', container.tensor.id, true);
        return facts(container.tensor, stats).map((variable) =>
          this.plain(container, variable.name, variable.value),
        );
      }
      case 'op':
        return this.opMembers(container);
    }
  }

  /** A value that an expression reaches, or nothing does. */
  private named(expression: string | null, row: Row, { objectId }: Remote): Member {
    const root = objectId === undefined ? null : new Ref(objectId);
    const container = { kind: 'value', root: root!, path: [], expression } as const;
    return this.shown({ ...row, access: '' }, container, []);
  }

  private shown(row: Row, container: Container, path: Path, root?: Ref | Print): Member {
    const base = container.kind === 'value' ? container : null;
    const expression =
      row.access === undefined || (base && base.expression === null)
        ? null
        : `${base?.expression ?? ''}${row.access}`;
    const at = row.access === '' && base ? path : [...path, row.key];
    const open = (): number =>
      this.open({
        kind: row.lazy ? 'getter' : 'value',
        root: root ?? base!.root,
        path: at,
        expression,
      });
    const variable: DebugProtocol.Variable = row.tensor
      ? this.tensor(row.name, row.tensor, expression, printed(root ?? base?.root, at))
      : {
          name: row.name,
          value: row.text,
          type: row.type,
          variablesReference: row.named || row.indexed ? open() : 0,
          ...(row.indexed ? { indexedVariables: row.indexed, namedVariables: row.named } : {}),
          ...(expression ? { evaluateName: expression } : {}),
          ...hints(row),
        };
    return { container, variable, row, tensor: row.tensor ?? null, index: null };
  }

  private tensor(
    name: string,
    tensor: TensorRow,
    expression: string | null,
    from: Printed = null,
  ): DebugProtocol.Variable {
    return {
      name,
      value: tensor.text,
      type: tensor.variable ? 'Variable' : 'Tensor',
      variablesReference: this.open({ kind: 'tensor', tensor, index: [], from }),
      namedVariables: 1,
      indexedVariables: tensor.shape[0] ?? 0,
      ...(expression ? { evaluateName: expression } : {}),
      ...(tensor.readOnly && { presentationHint: { attributes: ['readOnly'] } }),
      ...CONTEXT,
    };
  }

  /** A row or an element of a tensor. */
  private part(child: Child, container: Container & { kind: 'tensor' }): Member {
    const { tensor, from } = container;
    const variable: DebugProtocol.Variable = {
      name: child.name,
      value: child.text,
      type: child.count ? 'Tensor' : tensor.dtype,
      variablesReference: child.count
        ? this.open({ kind: 'tensor', tensor, index: child.index, from })
        : 0,
      ...(child.count ? { indexedVariables: child.count } : {}),
    };
    return { container, variable, row: null, tensor, index: child.index };
  }

  private about(container: Container & { kind: 'tensor' }): Member {
    const { tensor, from } = container;
    const member = this.plain(container, 'about', about(tensor));
    const variablesReference = this.open({ kind: 'about', tensor, from });
    return { ...member, variable: { ...member.variable, variablesReference } };
  }

  private plain(container: Container, name: string, value: string): Member {
    const variable: DebugProtocol.Variable = {
      name,
      value,
      variablesReference: 0,
      presentationHint: { kind: 'virtual', attributes: ['readOnly'] },
    };
    return { container, variable, row: null, tensor: null, index: null };
  }

  /** Inputs and attributes; behind the op its output before them, which is what one stops there for, and panes are short. */
  private async opMembers(container: Container & { kind: 'op' }): Promise<Member[]> {
    const { inputs, attrs, outputs } = await this.stack.op(container.shown);
    const tensors = (list: typeof inputs) =>
      list.map(({ name, tensor }) => ({
        container,
        variable: this.tensor(name, tensor, /[[\]]/.test(name) ? null : name),
        row: null,
        tensor,
        index: null,
      }));
    return [
      ...tensors(outputs),
      ...tensors(inputs),
      ...Object.entries(attrs).map(([name, value]) => this.attr(container.shown, name, value)),
    ];
  }

  /** An attribute of an op, to be changed while the program stands before it. */
  attr(shown: Shown, name: string, given: unknown): Member {
    const value = JSON.stringify(given);
    const { phase, past } = { phase: shown.op?.phase, past: shown.past };
    const container = { kind: 'op', shown } as const;
    if (phase !== 'before' || past) return this.plain(container, name, value);
    const evaluateName = `op.attrs.${name}`;
    const variable = { name, value, evaluateName, variablesReference: 0 };
    return { container, variable, row: null, tensor: null, index: null };
  }
}

function printed(root: Ref | Print | undefined, path: Path): Printed {
  return root instanceof Print ? { root, path } : null;
}

/** By this the editor's menu knows a tensor: `debugProtocolVariableMenuContext == tensor`. */
const CONTEXT = { __vscodeVariableMenuContext: 'tensor' };

function hints({ lazy, readOnly, hint }: Row): Partial<DebugProtocol.Variable> {
  const presentationHint = {
    ...(hint ? { kind: hint } : {}),
    ...(lazy ? { lazy } : {}),
    ...(readOnly ? { attributes: ['readOnly'] } : {}),
  };
  return Object.keys(presentationHint).length ? { presentationHint } : {};
}
