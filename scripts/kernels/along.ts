/** A loop over a row in vectors, the rest in a part of one; pointers move along. */
export function along(n: string, pointers: readonly string[], body: (io: Io) => string): string {
  const whole: Io = {
    load: (p) => `v128.load(${p})`,
    store: (p, v) => `v128.store(${p}, ${v});`,
  };
  const part: Io = {
    load: (p) => `loadTail_4(${p}, left)`,
    store: (p, v) => `storeTail_4(${p}, left, ${v});`,
  };
  const own = pointers.map((p) => `${p}_ = ${p}`).join(', ');
  const inside = (io: Io) =>
    body({
      load: (p) => io.load(`${p}_`),
      store: (p, v) => io.store(`${p}_`, v),
    });
  return `{
    let left = ${n}, ${own};
    for (; left >= 4; left -= 4) {
      ${inside(whole)}
      ${pointers.map((p) => `${p}_ += 16;`).join(' ')}
    }
    if (left > 0) {
      ${inside(part)}
    }
  }`;
}

export interface Io {
  readonly load: (pointer: string) => string;
  readonly store: (pointer: string, value: string) => string;
}
