/** What an op is made of fails under the name of that op. */
export function inTheNameOf<R>(op: string, f: () => R): R {
  try {
    return f();
  } catch (error) {
    throw new Error((error as Error).message.replace(/^\w+: /, `${op}: `), { cause: error });
  }
}
