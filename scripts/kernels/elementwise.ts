import type { MapFormula, ZipFormula } from '../../engine/formulas.ts';
import { call, isDefined, load } from './constants.ts';
import { bool, f32, f64, i32, lines, type Element } from './element.ts';

/** A formula over the vectors `x` and `y`, in the vector instructions of one element type. */
type Spelling = (simd: string) => string;
type Zips = { readonly [F in ZipFormula]?: Spelling };
/** A formula over the vector `x` and the constants `p` and `q`. */
type Maps = { readonly [F in MapFormula]?: Spelling };

/** Formulas of two arguments whose result has their type. */
const arithmetic: Zips = {
  add: (t) => `${t}.add(x, y)`,
  sub: (t) => `${t}.sub(x, y)`,
  mul: (t) => `${t}.mul(x, y)`,
  squaredDifference: (t) => `squareOf_${t}(${t}.sub(x, y))`,
};
const fractions: Zips = {
  div: (t) => `${t}.div(x, y)`,
  maximum: (t) => `${t}.max(x, y)`,
  minimum: (t) => `${t}.min(x, y)`,
  reluGrad: (t) => `v128.andnot(x, ${t}.le(y, ${t}.splat(0)))`,
};
const integers: Zips = {
  maximum: (t) => `${t}.max_s(x, y)`,
  minimum: (t) => `${t}.min_s(x, y)`,
};
const logic: Zips = {
  logicalAnd: () => 'v128.and(x, y)',
  logicalOr: () => 'v128.or(x, y)',
  logicalXor: () => 'v128.xor(x, y)',
};
const zips: ReadonlyMap<Element, Zips> = new Map<Element, Zips>([
  [f32, { ...arithmetic, ...fractions }],
  [f64, { ...arithmetic, ...fractions }],
  [i32, { ...arithmetic, ...integers }],
  [bool, logic],
]);

/** Comparisons: two arguments, a bool result. */
const order = (signed: '' | '_s'): Zips => ({
  equal: (t) => `${t}.eq(x, y)`,
  notEqual: (t) => `${t}.ne(x, y)`,
  less: (t) => `${t}.lt${signed}(x, y)`,
  lessEqual: (t) => `${t}.le${signed}(x, y)`,
  greater: (t) => `${t}.gt${signed}(x, y)`,
  greaterEqual: (t) => `${t}.ge${signed}(x, y)`,
});
const comparisons: ReadonlyMap<Element, Zips> = new Map<Element, Zips>([
  [f32, order('')],
  // WebAssembly says of integers whether they have a sign.
  [i32, order('_s')],
]);

/** Formulas of one argument whose result has its type. */
const signs: Maps = {
  neg: (t) => `${t}.neg(x)`,
  abs: (t) => `${t}.abs(x)`,
  square: (t) => `${t}.mul(x, x)`,
};
const floats: Maps = {
  ...signs,
  sqrt: (t) => `${t}.sqrt(x)`,
  rsqrt: (t) => `${t}.div(${t}.splat(1), ${t}.sqrt(x))`,
  reciprocal: (t) => `${t}.div(${t}.splat(1), x)`,
  floor: (t) => `${t}.floor(x)`,
  ceil: (t) => `${t}.ceil(x)`,
  // Keeps NaN, and costs one instruction where `max` costs several.
  relu: (t) => `${t}.pmax(x, ${t}.splat(0))`,
  round: (t) => `${t}.nearest(x)`,
  step: (t) =>
    `v128.bitselect(${t}.splat(1), v128.bitselect(p, x, ${t}.le(x, ${t}.splat(0))), ${t}.gt(x, ${t}.splat(0)))`,
  clip: (t) => `${t}.pmin(${t}.pmax(x, p), q)`,
  keep: (t) => `v128.and(${t}.ge(x, p), q)`,
};
/** How many additions a function of many steps takes the time of. */
const STEPS = 6;
/** Formulas that read the constants p and q. */
const constants: ReadonlySet<string> = new Set<MapFormula>(['step', 'clip', 'keep']);
const maps: ReadonlyMap<Element, Maps> = new Map<Element, Maps>([
  [
    f32,
    {
      ...floats,
      exp: () => call('exp', 'x'),
      log: () => call('log', 'x'),
      tanh: () => call('tanh', 'x'),
      sigmoid: () => call('sigmoid', 'x'),
      silu: () => call('silu', 'x'),
      erf: () => call('erf', 'x'),
      gelu: () => call('gelu', 'x'),
      geluTanh: () => call('geluTanh', 'x'),
      log1p: () => call('log1p', 'x'),
      softplus: () => call('softplus', 'x'),
    },
  ],
  [f64, floats],
  [i32, { ...signs, relu: () => 'i32x4.max_s(x, i32x4.splat(0))' }],
  [bool, { logicalNot: () => 'v128.xor(x, i8x16.splat(1))' }],
]);

/** Every elementwise kernel. */
export function elementwise(): string {
  const kernels: string[] = [
    `
// @ts-ignore: decorator
@inline function squareOf_f32x4(x: v128): v128 { return f32x4.mul(x, x); }
// @ts-ignore: decorator
@inline function squareOf_f64x2(x: v128): v128 { return f64x2.mul(x, x); }
// @ts-ignore: decorator
@inline function squareOf_i32x4(x: v128): v128 { return i32x4.mul(x, x); }
function atLeast_f64(p: f64): f64 { return p; }
function atLeast_f32(p: f64): f32 {
  const near = <f32>p;
  return <f64>near >= p ? near : reinterpret<f32>(reinterpret<i32>(near) + (near < 0 ? -1 : 1));
}
/** To the next row of windows: returns by how many bytes x moves, and leaves y's at plan + 28. */
function advance(plan: usize): i32 {
  let dx = 0, dy = 0, axis = plan + 64;
  for (let left = load<i32>(plan, 24); left > 0; left--) {
    const at = load<i32>(axis, 4) + 1, sx = load<i32>(axis, 8), sy = load<i32>(axis, 12);
    dx += sx; dy += sy;
    if (at < load<i32>(axis)) { store<i32>(axis, at, 4); break; }
    store<i32>(axis, 0, 4);
    dx -= sx * at; dy -= sy * at;
    axis += 16;
  }
  store<i32>(plan, dy, 28);
  return dx;
}`,
  ];
  for (const [element, spellings] of maps)
    for (const [formula, spelling] of Object.entries(spellings))
      kernels.push(map(formula, element, spelling(element.simd)));
  for (const [element, spellings] of zips)
    for (const [formula, spelling] of Object.entries(spellings))
      kernels.push(zip(formula, element, spelling(element.simd)));
  for (const [element, spellings] of comparisons)
    for (const [formula, spelling] of Object.entries(spellings))
      kernels.push(compare(formula, element, spelling(element.simd)));
  return kernels.join('\n');
}

/** out = f(x) over n elements in a row; out may be x. */
function map(
  formula: string,
  { name, scalar, simd, bytes, lanes }: Element,
  spelled: string,
): string {
  // x >= p for a p that is no f32 means x is at least the next f32 above it.
  const first = formula === 'keep' ? `atLeast_${name}(first)` : `<${scalar}>first`;
  const more = constants.has(formula);
  const vector = (at: number) =>
    `{ const x = v128.load(from, ${at}); v128.store(o, ${spelled}, ${at}); }`;
  // A function of many steps keeps the processor busy with one vector; others take four at a time.
  return `
${isDefined(formula) ? `export const cost_map_${formula}_${name}: i32 = ${STEPS};` : ''}
export function map_${formula}_${name}(o: usize, from: usize, n: i32${more ? ', first: f64, second: f64' : ''}): void {
  ${more ? `const p = ${simd}.splat(${first}), q = ${simd}.splat(<${scalar}>second);` : ''}
  ${isDefined(formula) ? load(formula) : ''}
  ${
    isDefined(formula)
      ? ''
      : `for (; n >= ${4 * lanes}; n -= ${4 * lanes}) {
    ${lines(4, (i) => vector(16 * i))}
    o += 64; from += 64;
  }`
  }
  for (; n >= ${lanes}; n -= ${lanes}) {
    ${vector(0)}
    o += 16; from += 16;
  }
  if (n > 0) {
    const x = loadTail_${bytes}(from, n);
    storeTail_${bytes}(o, n, ${spelled});
  }
}`;
}

/**
 * out = f(x, y): `zip` where all three lie in a row, `zipn` over windows. A
 * plan says, in i32: how many elements a window's row has, how far x and y go
 * from one to the next (bytes), how many rows there are, how far x and y go
 * from row to row, how many more axes there are, room for a result, how many
 * windows there are; and at byte 64 for each further axis, the fastest first:
 * its length, the position in it, how far x and y go along it.
 */
function zip(formula: string, { name, bytes, lanes }: Element, spelled: string): string {
  const f = `f_zip_${formula}_${name}`;
  const mixed = (x: string, y: string, xTail: string, yTail: string, step: string) => `
      let k = n;
      for (; k >= ${lanes}; k -= ${lanes}) { v128.store(o, ${f}(${x}, ${y})); o += 16; ${step} }
      if (k > 0) { storeTail_${bytes}(o, k, ${f}(${xTail}, ${yTail})); o += k * ${bytes}; }`;
  return `
// @ts-ignore: decorator
@inline function ${f}(x: v128, y: v128): v128 { return ${spelled}; }
export function zip_${formula}_${name}(o: usize, x: usize, y: usize, n: i32): void {
  for (; n >= ${4 * lanes}; n -= ${4 * lanes}) {
    ${lines(4, (i) => `v128.store(o, ${f}(v128.load(x, ${16 * i}), v128.load(y, ${16 * i})), ${16 * i});`)}
    o += 64; x += 64; y += 64;
  }
  for (; n >= ${lanes}; n -= ${lanes}) {
    v128.store(o, ${f}(v128.load(x), v128.load(y)));
    o += 16; x += 16; y += 16;
  }
  if (n > 0) storeTail_${bytes}(o, n, ${f}(loadTail_${bytes}(x, n), loadTail_${bytes}(y, n)));
}
export function zipn_${formula}_${name}(o: usize, x: usize, y: usize, plan: usize): void {
  const n = load<i32>(plan), sx = load<i32>(plan, 4), sy = load<i32>(plan, 8), m = load<i32>(plan, 12);
  const rx = load<i32>(plan, 16), ry = load<i32>(plan, 20);
  for (let window = load<i32>(plan, 32); window > 0; window--) {
    let p = x, q = y;
    for (let row = m; row > 0; row--) {
      let a = p, b = q;
      if (sx == ${bytes} && sy == ${bytes}) {
        zip_${formula}_${name}(o, a, b, n);
        o += n * ${bytes};
      } else if (sx == ${bytes} && sy == 0) {
        const v = v128.load${bytes * 8}_splat(b);${mixed('v128.load(a)', 'v', `loadTail_${bytes}(a, k)`, 'v', 'a += 16;')}
      } else if (sx == 0 && sy == ${bytes}) {
        const v = v128.load${bytes * 8}_splat(a);${mixed('v', 'v128.load(b)', 'v', `loadTail_${bytes}(b, k)`, 'b += 16;')}
      } else {${mixed(`gather_${bytes}(a, sx)`, `gather_${bytes}(b, sy)`, `gatherTail_${bytes}(a, sx, k)`, `gatherTail_${bytes}(b, sy, k)`, `a += ${lanes} * sx; b += ${lanes} * sy;`)}
      }
      p += rx; q += ry;
    }
    x += advance(plan); y += load<i32>(plan, 28);
  }
}`;
}

/** As zip, with a byte of 0 or 1 for every element. */
function compare(formula: string, { name, bytes }: Element, spelled: string): string {
  const f = `f_compare_${formula}_${name}`;
  const narrow = (mask: (i: number) => string) =>
    `v128.and(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(${mask(0)}, ${mask(1)}), i16x8.narrow_i32x4_s(${mask(2)}, ${mask(3)})), i8x16.splat(1))`;
  const few = (mask: string) => narrow(() => mask);
  const mixed = (x: string, y: string, xTail: string, yTail: string, step: string) => `
      let k = n;
      for (; k >= 4; k -= 4) { v128.store32_lane(o, ${few(`${f}(${x}, ${y})`)}, 0); o += 4; ${step} }
      if (k > 0) { storeTail_1(o, k, ${few(`${f}(${xTail}, ${yTail})`)}); o += k; }`;
  return `
// @ts-ignore: decorator
@inline function ${f}(x: v128, y: v128): v128 { return ${spelled}; }
export function zip_${formula}_${name}(o: usize, x: usize, y: usize, n: i32): void {
  for (; n >= 16; n -= 16) {
    v128.store(o, ${narrow((i) => `${f}(v128.load(x, ${16 * i}), v128.load(y, ${16 * i}))`)});
    o += 16; x += 64; y += 64;
  }
  for (; n >= 4; n -= 4) {
    v128.store32_lane(o, ${few(`${f}(v128.load(x), v128.load(y))`)}, 0);
    o += 4; x += 16; y += 16;
  }
  if (n > 0) storeTail_1(o, n, ${few(`${f}(loadTail_4(x, n), loadTail_4(y, n))`)});
}
export function zipn_${formula}_${name}(o: usize, x: usize, y: usize, plan: usize): void {
  const n = load<i32>(plan), sx = load<i32>(plan, 4), sy = load<i32>(plan, 8), m = load<i32>(plan, 12);
  const rx = load<i32>(plan, 16), ry = load<i32>(plan, 20);
  for (let window = load<i32>(plan, 32); window > 0; window--) {
    let p = x, q = y;
    for (let row = m; row > 0; row--) {
      let a = p, b = q;
      if (sx == ${bytes} && sy == ${bytes}) {
        zip_${formula}_${name}(o, a, b, n);
        o += n;
      } else if (sx == ${bytes} && sy == 0) {
        const v = v128.load32_splat(b);${mixed('v128.load(a)', 'v', 'loadTail_4(a, k)', 'v', 'a += 16;')}
      } else {${mixed('gather_4(a, sx)', 'gather_4(b, sy)', 'gatherTail_4(a, sx, k)', 'gatherTail_4(b, sy, k)', 'a += 4 * sx; b += 4 * sy;')}
      }
      p += rx; q += ry;
    }
    x += advance(plan); y += load<i32>(plan, 28);
  }
}`;
}
