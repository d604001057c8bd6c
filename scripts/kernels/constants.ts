/**
 * Constants of vector functions. V8 makes a vector constant anew at every use,
 * in three to five instructions; so they lie in memory, a kernel loads those
 * it needs before its loop, and functions take them as arguments.
 */
const table: string[] = [];
const functions = new Map<string, ReadonlySet<number>>();

/** Writes a function of one vector; `k` gives the name of a constant, `call` a call of a function defined before. */
export function define(
  name: string,
  body: (k: (value: string) => string, call: (other: string, x: string) => string) => string,
): string {
  const used = new Set<number>();
  const k = (value: string): string => {
    let at = table.indexOf(value);
    if (at < 0) at = table.push(value) - 1;
    used.add(at);
    return `k${at}`;
  };
  const text = body(k, (other, x) => {
    for (const at of functions.get(other)!) used.add(at);
    return call(other, x);
  });
  functions.set(name, used);
  const parameters = [...used].map((at) => `, k${at}: v128`).join('');
  return `
// @ts-ignore: decorator
@inline function ${name}(x: v128${parameters}): v128 {${text}}`;
}

/** A call where the constants of the function are at hand. */
export function call(name: string, x: string): string {
  return `${name}(${[x, ...[...functions.get(name)!].map((at) => `k${at}`)].join(', ')})`;
}

/** Loads the constants of functions. */
export function load(...names: readonly string[]): string {
  const used = new Set(names.flatMap((name) => [...functions.get(name)!]));
  return [...used]
    .map((at) => `const k${at} = v128.load32_splat(constants + ${4 * at});`)
    .join('\n');
}

export function isDefined(name: string): boolean {
  return functions.has(name);
}

/** The table in memory. */
export function constants(): string {
  return `const constants = memory.data<f32>([${table.join(', ')}]);`;
}
