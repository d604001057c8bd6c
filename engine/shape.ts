/** Shapes, strides and axes: arithmetic on lists of numbers. */
export type Shape = readonly number[];

/** The shape two tensors broadcast to; throws naming the op where they do not. */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new Error(`${op}: [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}
