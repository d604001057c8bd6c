/** The names that a line of TypeScript or JavaScript reads or writes, for values beside the code. No parser: a name too many costs nothing, for it has no value. */

export interface Name {
  readonly name: string;
  /** Where it begins in the line, from 0. */
  readonly at: number;
}

/** Comments, strings and properties are matched so that names in them are passed over; what is called is no name either, nor are classes, types and `this`, which is long. */
const TOKEN =
  /\/\/.*|\/\*.*?(?:\*\/|$)|^\s*\*.*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\.\s*[\w$]+|\$\{|\b(?:class|new|extends)\s+[\w$.]+|:\s*[A-Z][\w$]*|([A-Za-z_$][\w$]*)(?![\w$]|\s*\()/g;

/** What has a value and needs none beside it; that of `this` is long, and those of the language's and Node's own objects say nothing. */
const SAYS_ITSELF = new Set([
  ...'this true false null undefined NaN Infinity'.split(' '),
  ...'globalThis global console process Math JSON Object Array Number Reflect Atomics'.split(' '),
]);

/** Each name once, at its first place. */
export function namesIn(line: string): Name[] {
  const found = new Map<string, Name>();
  for (const match of line.matchAll(TOKEN)) {
    const name = match[1];
    if (name && !SAYS_ITSELF.has(name) && !found.has(name))
      found.set(name, { name, at: match.index });
  }
  return [...found.values()];
}
