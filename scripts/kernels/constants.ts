/**
 * Constants of vector functions. V8 makes a vector constant anew at every use,
 * in three to five instructions; so they lie in memory, a kernel loads those
 * it needs before its loop, and functions take them as arguments.
 */
const table: { readonly [size in 'k' | 'd']: string[] } = { k: [], d: [] };
const functions = new Map<string, ReadonlySet<string>>();

/** Gives the name of a constant. */
export type Name = (value: string | number) => string;

/**
 * Writes a function of vectors; `k` gives the name of an f32 in all lanes, `d`
 * that of an f64, `call` a call of a function defined before.
 */
export function define(
  name: string,
  body: (k: Name, call: (other: string, ...of: string[]) => string, d: Name) => string,
  parameters: readonly string[] = ['x'],
): string {
  const used = new Set<string>();
  const constant =
    (size: 'k' | 'd'): Name =>
    (value) => {
      let at = table[size].indexOf(String(value));
      if (at < 0) at = table[size].push(String(value)) - 1;
      used.add(`${size}${at}`);
      return `${size}${at}`;
    };
  const calling = (other: string, ...of: string[]): string => {
    for (const constant of functions.get(other)!) used.add(constant);
    return call(other, ...of);
  };
  const text = body(constant('k'), calling, constant('d'));
  functions.set(name, used);
  const all = [...parameters, ...used].map((parameter) => `${parameter}: v128`).join(', ');
  return `
// @ts-ignore: decorator
@inline function ${name}(${all}): v128 {${text}}`;
}

/** A call where the constants of the function are at hand. */
export function call(name: string, ...of: string[]): string {
  return `${name}(${[...of, ...functions.get(name)!].join(', ')})`;
}

/** Loads the constants of functions. */
export function load(...names: readonly string[]): string {
  const used = new Set(names.flatMap((name) => [...functions.get(name)!]));
  return [...used]
    .map((name) => {
      const at = Number(name.slice(1));
      return name.startsWith('k')
        ? `const ${name} = v128.load32_splat(constants + ${4 * at});`
        : `const ${name} = v128.load64_splat(doubles + ${8 * at});`;
    })
    .join('\n');
}

export function isDefined(name: string): boolean {
  return functions.has(name);
}

/** The tables in memory. */
export function constants(): string {
  return `const constants = memory.data<f32>([${table.k.join(', ')}]);
const doubles = memory.data<f64>([${table.d.join(', ')}]);`;
}
