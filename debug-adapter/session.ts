/** One debug session: what each request of DAP, and each of ours, is answered by. No logic here. */
import { setTimeout as wait } from 'node:timers/promises';
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { OpStep, TensorId, Travel } from '../engine/protocol.ts';
import { checked, misread } from './arguments.ts';
import { Breakpoints } from './breakpoints.ts';
import { CallSites } from './call-sites.ts';
import { capabilities } from './capabilities.ts';
import { Cdp } from './cdp.ts';
import { THREAD, type Client, type Told } from './client.ts';
import { Completions } from './completions.ts';
import { DataBreakpoints } from './data-breakpoints.ts';
import { Disassembly } from './disassembly.ts';
import { errors } from './errors.ts';
import { Edits } from './edits.ts';
import { Evaluate } from './evaluate.ts';
import { Exceptions } from './exceptions.ts';
import { Filters } from './filters.ts';
import { InstructionBreakpoints } from './instruction-breakpoints.ts';
import { Interpreter } from './interpreter.ts';
import { Lifecycle } from './lifecycle.ts';
import { Ops } from './ops.ts';
import { Output } from './output.ts';
import { Past } from './past.ts';
import { Pauses, type Pause } from './pauses.ts';
import { Profile } from './profile.ts';
import type { Arguments, Name } from './protocol.ts';
import { Reference } from './reference.ts';
import { asFailure, Remote } from './remote.ts';
import { Scopes } from './scopes.ts';
import { Sources } from './sources.ts';
import { Stack } from './stack.ts';
import { Stepping } from './stepping.ts';
import { Syntax } from './syntax.ts';
import { Target, type Lendings } from './targets.ts';
import { Tapes } from './tapes.ts';
import { Tensors } from './tensors.ts';
import { Values } from './values.ts';
import { Variables } from './variables.ts';

/** Answers first and works then: the editor must know that a step began before it hears that it ended. */
class Then {
  readonly work: () => Promise<void>;
  readonly body: object | undefined;
  constructor(work: () => Promise<void>, body?: object) {
    this.work = work;
    this.body = body;
  }
}
type Step = { readonly granularity?: DebugProtocol.SteppingGranularity };
/** An editor that steps by instruction steps by op: the ops are what we disassemble into. */
const byOp = ({ granularity }: Step): boolean => granularity === 'instruction';
type Handler = (args: never) => unknown;
/** The editor and our views print these failures beside what was asked; a notification would say it twice. */
const shownWhereAsked = (command: string): boolean =>
  /^(evaluate|setVariable|setExpression|completions|variables|scopes|tapedeck\/.*)$/.test(command);

export class Session extends DebugSession implements Client {
  can: DebugProtocol.InitializeRequestArguments = { adapterID: '' };
  private readonly requests: Readonly<Record<string, Handler>>;
  private readonly target: Target;

  constructor(lent: Lendings) {
    super();
    this.passOverUnreadable();
    const cdp = new Cdp();
    // Before the domains are on: V8 then tells of the scripts there are, the pause point among them.
    const sources = new Sources(cdp);
    cdp.onStart(() => Lifecycle.enable(cdp));
    const target = (this.target = new Target(cdp, this, lent));
    const syntax = new Syntax(cdp);
    const stepping = new Stepping(cdp, sources, syntax);
    const program = new Remote(cdp);
    const filters = new Filters(cdp, program, sources);
    const exceptions = new Exceptions(cdp, this, sources, syntax, program, filters);
    const callSites = new CallSites(cdp);
    const breakpoints = new Breakpoints(cdp, this, sources, callSites);
    const pauses = new Pauses(cdp, this, sources, stepping, exceptions, breakpoints);
    const values = new Values(cdp);
    const interpreter = new Interpreter(cdp, values, pauses);
    const stack = new Stack(pauses, sources, program);
    const chain = new Scopes(cdp, values, pauses, interpreter);
    const variables = new Variables(program, values, pauses, stack, chain, interpreter);
    const edits = new Edits(cdp, this, program, values, variables, stack, chain, interpreter);
    const evaluate = new Evaluate(pauses, stack, variables, interpreter, edits);
    const past = new Past(cdp, this, pauses, values, filters);
    const ops = new Ops(cdp, this, program, pauses, stepping, sources, callSites);
    const tensors = new Tensors(
      cdp,
      pauses,
      sources,
      program,
      values,
      variables,
      stack,
      interpreter,
      edits,
      past,
    );
    const data = new DataBreakpoints(cdp, this, program, tensors);
    const disassembly = new Disassembly(program, pauses, stack, sources, past);
    const instructions = new InstructionBreakpoints(cdp, this, program, sources, callSites);
    const completions = new Completions(pauses, stack, chain, values, interpreter);
    const tapes = new Tapes(cdp, pauses, program, sources, past);
    const profile = new Profile(cdp, this, program, sources);
    const reference = new Reference(cdp, this, sources);
    new Output(cdp, this, sources, variables, target);
    const life = new Lifecycle(this, lent, target, sources, breakpoints, profile, past);

    /** A step from where the program stands; what was found there is let go while it still stands. */
    const from = (step: (pause: Pause) => Promise<void>, body?: object): Then => {
      const pause = pauses.now();
      return new Then(() => (values.letGo(pause), step(pause)), body);
    };
    /** Over the op log; the program stands. */
    const travel = async (how: Travel, id?: TensorId, before = async () => {}): Promise<Then> => {
      const stop = await past.travel(how, id);
      return new Then(async () => {
        await before();
        this.tell('stopped', stop);
      });
    };
    /** VS Code takes what came before out of its title only a moment after it heard, and a stop in that moment as well. */
    const leaves = (): Promise<void> => (goesOn(), wait(50));
    /** To an op: over the op log while the past is shown, else the program goes there. */
    const toOp = (how: OpStep): Then | Promise<Then> =>
      pauses.past ? travel(how === 'finish' ? 'next' : how) : from((pause) => ops.step(how, pause));
    /** An editor knows of its own requests that the program runs after them; of ours it must be told. */
    const goesOn = (): void =>
      this.tell('continued', { threadId: THREAD, allThreadsContinued: true });
    const ours = (step: (pause: Pause) => Promise<void>): Then =>
      from((pause) => (goesOn(), step(pause)));
    const fromOp = (how: OpStep): Then | Promise<Then> =>
      pauses.past
        ? travel(how === 'finish' ? 'next' : how, undefined, leaves)
        : ours((pause) => ops.step(how, pause));

    this.requests = {
      initialize: (a: DebugProtocol.InitializeRequestArguments) => ((this.can = a), capabilities),
      launch: (a: Record<string, unknown>) => life.start(a),
      configurationDone: () => new Then(() => life.release()),
      restart: (a: DebugProtocol.RestartArguments) => life.restart(a),
      terminate: () => life.terminate(),
      disconnect: (a: DebugProtocol.DisconnectArguments) => life.disconnect(a),

      setBreakpoints: (a: DebugProtocol.SetBreakpointsArguments) => breakpoints.set(a),
      breakpointLocations: (a: DebugProtocol.BreakpointLocationsArguments) =>
        breakpoints.locations(a),
      setExceptionBreakpoints: (a: DebugProtocol.SetExceptionBreakpointsArguments) =>
        exceptions.setFilters(a).finally(() => past.armed()),
      setFunctionBreakpoints: (a: DebugProtocol.SetFunctionBreakpointsArguments) =>
        ops.setBreakpoints(a),
      dataBreakpointInfo: (a: DebugProtocol.DataBreakpointInfoArguments) => data.info(a),
      setDataBreakpoints: (a: DebugProtocol.SetDataBreakpointsArguments) => data.set(a),
      setInstructionBreakpoints: (a: DebugProtocol.SetInstructionBreakpointsArguments) =>
        instructions.set(a),
      exceptionInfo: () => exceptions.info(pauses.now()),

      threads: () => ({ threads: [{ id: THREAD, name: 'main' }] }),
      stackTrace: (a: DebugProtocol.StackTraceArguments) => stack.trace(a),
      disassemble: (a: DebugProtocol.DisassembleArguments) => disassembly.rows(a),
      scopes: (a: DebugProtocol.ScopesArguments) => variables.scopes(a),
      variables: (a: DebugProtocol.VariablesArguments) => variables.children(a),
      setVariable: (a: DebugProtocol.SetVariableArguments) => edits.setVariable(a),
      setExpression: (a: DebugProtocol.SetExpressionArguments) => edits.setExpression(a),
      completions: (a: DebugProtocol.CompletionsArguments) => completions.complete(a),
      evaluate: (a: DebugProtocol.EvaluateArguments) => evaluate.evaluate(a),

      continue: () =>
        from(async () => void (await Promise.all([callSites.runs(), stepping.continue()])), {
          allThreadsContinued: true,
        }),
      next: (a: Step) => (byOp(a) ? toOp('next') : from((p) => stepping.over(p))),
      stepIn: (a: Step) => (byOp(a) ? toOp('into') : from((p) => stepping.into(p))),
      stepOut: (a: Step) => (byOp(a) ? toOp('out') : from((p) => stepping.out(p))),
      stepBack: () => travel('back'),
      reverseContinue: () => travel('reverse'),
      'tapedeck/travel': (a: Arguments<'tapedeck/travel'>) => travel(a.how, a.id, leaves),
      'tapedeck/state': () => ops.state(pauses.current, profile.on, past.look),
      'tapedeck/tensors': (a: Arguments<'tapedeck/tensors'>) => tensors.all(a),
      'tapedeck/tensor': (a: Arguments<'tapedeck/tensor'>) => tensors.one(a),
      'tapedeck/tensorOf': (a: Arguments<'tapedeck/tensorOf'>) => tensors.of(a),
      'tapedeck/stats': (a: Arguments<'tapedeck/stats'>) => program.ask('stats', a.id, a.exact),
      'tapedeck/window': (a: Arguments<'tapedeck/window'>) => program.ask('window', a.id, a.window),
      'tapedeck/origin': (a: Arguments<'tapedeck/origin'>) => tensors.origin(a),
      'tapedeck/hold': (a: Arguments<'tapedeck/hold'>) => tensors.hold(a),
      'tapedeck/setElement': (a: Arguments<'tapedeck/setElement'>) => tensors.setElement(a),
      'tapedeck/edits': () => edits.list(pauses.now()),
      'tapedeck/undoEdit': (a: Arguments<'tapedeck/undoEdit'>) => edits.undo(pauses.now(), a),
      'tapedeck/redoEdit': () => edits.redo(pauses.now()),
      'tapedeck/tapes': () => tapes.list(),
      'tapedeck/tape': (a: Arguments<'tapedeck/tape'>) => tapes.nodes(a),
      'tapedeck/profile': (a: Arguments<'tapedeck/profile'>) => profile.turn(a),
      'tapedeck/profiled': (a: Arguments<'tapedeck/profiled'>) => profile.part(a),
      'tapedeck/comparison': () => reference.comparison(),
      'tapedeck/nextOp': () => fromOp('next'),
      'tapedeck/finishOp': () => fromOp('finish'),
      'tapedeck/intoOp': () => fromOp('into'),
      'tapedeck/outOfOp': () => fromOp('out'),
      'tapedeck/runTo': async (a: Arguments<'tapedeck/runTo'>) => {
        await ops.aim(a, pauses.now());
        return ours(() => stepping.continue());
      },
      pause: () => new Then(() => stepping.pause()),
    } satisfies { readonly [N in Name]: Handler } & Readonly<Record<string, Handler>>;
  }

  tell<E extends keyof Told>(event: E, body: Told[E]): void {
    this.sendEvent(new Event(event, body));
  }

  runInTerminal(
    args: DebugProtocol.RunInTerminalRequestArguments,
  ): Promise<DebugProtocol.RunInTerminalResponse['body']> {
    return new Promise((resolve, reject) =>
      this.runInTerminalRequest(args, 30_000, (answer) =>
        answer.success ? resolve(answer.body) : reject(new Error(answer.message)),
      ),
    );
  }

  /** The editor has ended the session without a word. */
  override dispose(): void {
    this.target.abandon();
  }

  /** One message that is no JSON would end the adapter; only what is wrong with the streams does. */
  private passOverUnreadable(): void {
    const [ends] = this.rawListeners('error') as ((event: DebugProtocol.Event) => void)[];
    this.removeAllListeners('error').on('error', (event: DebugProtocol.Event) => {
      if (!/^Error handling data/.test(String(event.body))) ends?.(event);
    });
  }

  /** What is no message at all is passed over: an answer would have nobody to go to. */
  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    if (typeof message === 'object' && message !== null) super.handleMessage(message);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response = new Response(request) as DebugProtocol.Response;
    try {
      const { command } = request;
      if (typeof command !== 'string') throw errors.noMessage();
      if (!Object.hasOwn(this.requests, command)) throw errors.unknownRequest(command);
      const body = await this.requests[command]!(checked(command, request.arguments) as never);
      response.body = body instanceof Then ? body.body : body;
      this.sendResponse(response);
      if (body instanceof Then) await body.work();
    } catch (failure) {
      // A program that ends while it is asked has answered by ending.
      if (response.seq === 0) this.fail(response, misread(failure, request.command));
    }
  }

  private fail(response: DebugProtocol.Response, failure: unknown): void {
    const { number, message } = asFailure(failure);
    this.sendErrorResponse(response, {
      id: number,
      format: '{message}',
      showUser: !shownWhereAsked(response.command),
      variables: { message },
    });
  }
}
