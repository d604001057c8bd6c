/** Which calls a line of a program makes, read from its text: where V8 says that it stops before one. */
export interface NamedCall {
  /** The name that is called, the last of a chain. */
  readonly name: string;
  /** The whole chain, `tf.matMul`, where it is one of plain names; null where something is called on the way. */
  readonly callee: string | null;
}

/** The call whose name begins at a column (from 1). V8 speaks of a call by that place. */
export function callAt(line: string, column: number): NamedCall | null {
  const [, name] = CALL.exec(line.slice(column - 1)) ?? [];
  if (name === undefined || NO_CALL.test(name)) return null;
  const before = line.slice(0, column - 1);
  if (/[\p{ID_Continue}$#]$/u.test(before)) return null;
  const [chain] = CHAIN.exec(before)!;
  const rest = before.slice(0, before.length - chain.length);
  const plain = !/[.\p{ID_Continue}$#]\s*$|\.\s*$/u.test(rest) && !chain.startsWith('super');
  const after = /\b(return|await|yield|typeof|void|case|throw|of|in|else|do)\s*$/.test(rest);
  return { name, callee: plain || after ? `${chain}${name}` : null };
}

/** A name, type arguments perhaps, and a parenthesis. */
const CALL = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:\?\.\s*)?(?:<[^()]*>\s*)?\(/u;
const NO_CALL = /^(if|for|while|switch|catch|function|return|typeof|await|super|import|with)$/;
const CHAIN = /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\.\s*)*$/u;
