/** What the editor shows of a stopped program: frames, scopes, variables, and changes made in them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Client } from './dap.ts';

type Variable = DebugProtocol.Variable;

/** The frames as `name:line`, top first. */
export async function frames(client: Client): Promise<string[]> {
  return (await client.stack()).map(({ name, line }) => `${name}:${line}`);
}

/** The scopes of a frame (the top one unless another is given) by their names. */
export async function scopes(
  client: Client,
  frame = 0,
): Promise<Record<string, DebugProtocol.Scope>> {
  const { id } = (await client.stack())[frame]!;
  const body = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: id,
  });
  return Object.fromEntries(body.scopes.map((scope) => [scope.name, scope]));
}

export async function children(
  client: Client,
  { variablesReference }: { readonly variablesReference: number },
  page: Partial<DebugProtocol.VariablesArguments> = {},
): Promise<Variable[]> {
  const body = await client.request<DebugProtocol.VariablesResponse['body']>('variables', {
    variablesReference,
    ...page,
  });
  return body.variables;
}

/** The variables of a scope, by their names. */
export async function scope(
  client: Client,
  name: string,
  frame = 0,
): Promise<Record<string, Variable>> {
  const found = (await scopes(client, frame))[name];
  if (!found) throw new Error(`no scope is called ${name}`);
  const variables = await children(client, found);
  return Object.fromEntries(variables.map((variable) => [variable.name, variable]));
}

/** Types a new value beside a variable of a scope, and gives what is shown then. */
export async function set(
  client: Client,
  scopeName: string,
  name: string,
  value: string,
): Promise<string> {
  const container = (await scopes(client))[scopeName]!;
  await children(client, container);
  return setIn(client, container, name, value);
}

export async function setIn(
  client: Client,
  { variablesReference }: { readonly variablesReference: number },
  name: string,
  value: string,
): Promise<string> {
  const body = await client.request<DebugProtocol.SetVariableResponse['body']>('setVariable', {
    variablesReference,
    name,
    value,
  });
  return body.value;
}

/** Op breakpoints, instead of those there were. */
export async function opBreakpoints(
  client: Client,
  ...wanted: (string | DebugProtocol.FunctionBreakpoint)[]
): Promise<DebugProtocol.Breakpoint[]> {
  const breakpoints = wanted.map((each) => (typeof each === 'string' ? { name: each } : each));
  const body = await client.request<DebugProtocol.SetFunctionBreakpointsResponse['body']>(
    'setFunctionBreakpoints',
    { breakpoints },
  );
  return body.breakpoints;
}

/** Goes on and waits for the end; what the program printed. */
export async function finish(client: Client): Promise<string> {
  await client.request('continue', { threadId: 1 });
  await client.exited();
  return client.printed('stdout');
}
