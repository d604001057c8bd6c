/** Vector operations on integers that WebAssembly leaves out. */
export function integers(): string {
  const flipped = (v: string) => `v128.xor(${v}, i64x2.splat(i64.MIN_VALUE))`;
  const order = ['lt', 'le', 'gt', 'ge']
    .map(
      (by) => `
// @ts-ignore: decorator
@inline function ${by}_u_i64x2(x: v128, y: v128): v128 { return i64x2.${by}_s(${flipped('x')}, ${flipped('y')}); }`,
    )
    .join('');
  const extreme = (name: string, sign: 's' | 'u', by: string) => `
// @ts-ignore: decorator
@inline function ${name}_${sign}_i64x2(x: v128, y: v128): v128 { return v128.bitselect(x, y, ${by}(x, y)); }`;
  return `${order}
${extreme('max', 's', 'i64x2.gt_s')}
${extreme('min', 's', 'i64x2.lt_s')}
${extreme('max', 'u', 'gt_u_i64x2')}
${extreme('min', 'u', 'lt_u_i64x2')}
/** Bytes in even places and in odd ones, multiplied as words of sixteen bits whose upper half is not looked at. */
// @ts-ignore: decorator
@inline function mul_i8x16(x: v128, y: v128): v128 {
  const even = v128.and(i16x8.mul(x, y), i16x8.splat(0xff));
  const odd = i16x8.shl(i16x8.mul(i16x8.shr_u(x, 8), i16x8.shr_u(y, 8)), 8);
  return v128.or(even, odd);
}`;
}

/** The name of an operation in the vector instructions of an integer type. */
export function integer(simd: string, operation: string): string {
  const own =
    (simd === 'i8x16' && operation === 'mul') ||
    (simd === 'i64x2' && (/^(max|min)_/.test(operation) || operation.endsWith('_u')));
  return own ? `${operation}_${simd}` : `${simd}.${operation}`;
}
