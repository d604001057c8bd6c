import { call, isDefined, load } from './constants.ts';
import { f32, lines, words, type Element } from './element.ts';
import { comparisons, constants, maps, operators, steps, tests, zips } from './formulas.ts';

/** Every elementwise kernel, from a spelling and one of these templates. */
export function elementwise(): string {
  const kernels: string[] = [common, ...words.map(windows)];
  const each = (
    list: readonly (readonly [
      Element,
      { readonly [formula: string]: ((simd: string) => string) | undefined },
    ])[],
    kernel: (formula: string, element: Element, spelled: string) => string,
  ) => {
    for (const [element, spellings] of list)
      for (const [formula, spelling] of Object.entries(spellings))
        kernels.push(kernel(formula, element, spelling!(element.simd)));
  };
  each(maps, map);
  each(tests, (formula, element, spelled) =>
    truths(`map_${formula}_${element.name}`, formula, element, spelled, 1),
  );
  each(zips, zip);
  each(comparisons, (formula, element, spelled) => {
    const name = `zip_${formula}_${element.name}`;
    return truths(name, formula, element, spelled, 2) + throughRows(formula, element, 1);
  });
  return kernels.join('\n');
}

const common = `
${['f32x4', 'f64x2', 'i16x8', 'i32x4', 'i64x2']
  .map(
    (t) => `
// @ts-ignore: decorator
@inline function square_${t}(x: v128): v128 { return ${t}.mul(x, x); }`,
  )
  .join('')}
// @ts-ignore: decorator
@inline function square_i8x16(x: v128): v128 { return mul_i8x16(x, x); }
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
}`;

/** out = f(x) over n elements in a row; out may be x. */
function map(
  formula: string,
  { name, scalar, simd, bytes, lanes }: Element,
  spelled: string,
): string {
  // x >= p for a p that is no f32 means x is at least the next f32 above it.
  const first = formula === 'keep' ? `atLeast_${name}(first)` : `<${scalar}>first`;
  const more = constants.has(formula);
  const cost = name === 'f32' ? steps[formula as 'exp'] : undefined;
  const vector = (at: number) =>
    `{ const x = v128.load(from, ${at}); v128.store(o, ${spelled}, ${at}); }`;
  // A function of many steps keeps the processor busy with one vector; others take four at a time.
  return `
${cost === undefined ? '' : `export const cost_map_${formula}_${name}: i32 = ${cost};`}
export function map_${formula}_${name}(o: usize, from: usize, n: i32${more ? ', first: f64, second: f64' : ''}): void {
  ${more ? `const p = ${simd}.splat(${first}), q = ${simd}.splat(<${scalar}>second);` : ''}
  ${isDefined(formula) && name === 'f32' ? load(formula) : ''}
  ${
    cost !== undefined
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
function zip(formula: string, element: Element, spelled: string): string {
  const { name, bytes, lanes } = element;
  const f = `f_zip_${formula}_${name}`;
  const many = isDefined(formula) && element === f32;
  const of = (x: string, y: string) => (many ? call(formula, x, y) : `${f}(${x}, ${y})`);
  return `
${
  many
    ? ''
    : `// @ts-ignore: decorator
@inline function ${f}(x: v128, y: v128): v128 { return ${spelled}; }`
}
export function zip_${formula}_${name}(o: usize, x: usize, y: usize, n: i32): void {
  ${
    many
      ? load(formula)
      : `for (; n >= ${4 * lanes}; n -= ${4 * lanes}) {
    ${lines(4, (i) => `v128.store(o, ${f}(v128.load(x, ${16 * i}), v128.load(y, ${16 * i})), ${16 * i});`)}
    o += 64; x += 64; y += 64;
  }`
  }
  for (; n >= ${lanes}; n -= ${lanes}) {
    v128.store(o, ${of('v128.load(x)', 'v128.load(y)')});
    o += 16; x += 16; y += 16;
  }
  if (n > 0) storeTail_${bytes}(o, n, ${of(`loadTail_${bytes}(x, n)`, `loadTail_${bytes}(y, n)`)});
}
${element === f32 && !many ? throughVectors(formula, element, f) : throughRows(formula, element, bytes)}`;
}

/** Over windows, gathered in vectors: the way of f32, whose rows are often short. */
function throughVectors(formula: string, { name, bytes, lanes }: Element, f: string): string {
  const mixed = (x: string, y: string, xTail: string, yTail: string, step: string) => `
      let k = n;
      for (; k >= ${lanes}; k -= ${lanes}) { v128.store(o, ${f}(${x}, ${y})); o += 16; ${step} }
      if (k > 0) { storeTail_${bytes}(o, k, ${f}(${xTail}, ${yTail})); o += k * ${bytes}; }`;
  return `
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

/** Over windows, through the kernel of elements in a row, whose result has so many bytes an element. */
function throughRows(formula: string, { name, bytes }: Element, to: number): string {
  return `
export function zipn_${formula}_${name}(o: usize, x: usize, y: usize, plan: usize): void {
  windows_${bytes}(o, x, y, plan, ${to}, load<u32>(changetype<usize>(zip_${formula}_${name})));
}`;
}

/** Where a plan ends, operands that do not lie in a row are brought into one, so many bytes at a time. */
export const TILE_AT = 1024;
export const TILE = 512;

/** Calls a kernel of elements in a row for windows; an operand that is not in a row becomes one, piece by piece. */
function windows({ bytes }: Element): string {
  const most = TILE / bytes;
  const piece = (p: string, step: string, tile: string) =>
    `let ${p}From = ${p};
        if (${step} != ${bytes}) {
          if (${step} != 0) lineUp_${bytes}(${tile}, ${p}, ${step}, k);
          ${p}From = ${tile};
        }`;
  return `
function lineUp_${bytes}(o: usize, x: usize, s: usize, n: i32): void {
  for (; n >= ${16 / bytes}; n -= ${16 / bytes}) { v128.store(o, gather_${bytes}(x, s)); o += 16; x += s * ${16 / bytes}; }
  if (n > 0) storeTail_${bytes}(o, n, gatherTail_${bytes}(x, s, n));
}
function windows_${bytes}(o: usize, x: usize, y: usize, plan: usize, to: i32, kernel: u32): void {
  const n = load<i32>(plan), sx = load<i32>(plan, 4), sy = load<i32>(plan, 8), m = load<i32>(plan, 12);
  const rx = load<i32>(plan, 16), ry = load<i32>(plan, 20);
  const left = plan + ${TILE_AT}, right = plan + ${TILE_AT + TILE};
  for (let window = load<i32>(plan, 32); window > 0; window--) {
    let p = x, q = y;
    for (let row = m; row > 0; row--) {
      if (sx == ${bytes} && sy == ${bytes}) {
        call_indirect<void>(kernel, o, p, q, n);
        o += n * to;
      } else {
        let a = p, b = q;
        if (sx == 0) fill_${bytes}(left, a, min(n, ${most}));
        if (sy == 0) fill_${bytes}(right, b, min(n, ${most}));
        for (let todo = n; todo > 0; todo -= ${most}) {
          const k = min(todo, ${most});
          ${piece('a', 'sx', 'left')}
          ${piece('b', 'sy', 'right')}
          call_indirect<void>(kernel, o, aFrom, bFrom, k);
          o += k * to; a += sx * ${most}; b += sy * ${most};
        }
      }
      p += rx; q += ry;
    }
    x += advance(plan); y += load<i32>(plan, 28);
  }
}`;
}

/** A byte of 0 or 1 for every element of one operand in a row, or of two. */
function truths(
  name: string,
  formula: string,
  { scalar, bytes }: Element,
  spelled: string,
  operands: 1 | 2,
): string {
  const f = `f_${name}`;
  const two = operands === 2;
  const mask = (i: number) =>
    two
      ? `${f}(v128.load(x, ${16 * i}), v128.load(y, ${16 * i}))`
      : `${f}(v128.load(x, ${16 * i}))`;
  const words = (i: number) =>
    bytes === 8 ? `i32x4.shuffle(${mask(2 * i)}, ${mask(2 * i + 1)}, 0, 2, 4, 6)` : mask(i);
  const shorts = (i: number) =>
    bytes === 2 ? mask(i) : `i16x8.narrow_i32x4_s(${words(2 * i)}, ${words(2 * i + 1)})`;
  const all = bytes === 1 ? mask(0) : `i8x16.narrow_i16x8_s(${shorts(0)}, ${shorts(1)})`;
  const next = (n: number) => `o += ${n}; x += ${n * bytes};${two ? ` y += ${n * bytes};` : ''}`;
  const four = `for (; n >= 4; n -= 4) {
    const m = i16x8.narrow_i32x4_s(${mask(0)}, i32x4.splat(0));
    v128.store32_lane(o, v128.and(i8x16.narrow_i16x8_s(m, m), i8x16.splat(1)), 0);
    ${next(4)}
  }`;
  return `
// @ts-ignore: decorator
@inline function ${f}(x: v128${two ? ', y: v128' : ''}): v128 { return ${spelled}; }
// @ts-ignore: decorator
@inline function e_${name}(x: ${scalar}${two ? `, y: ${scalar}` : ''}): bool { return ${operators[formula as 'equal']!}; }
export function ${name}(o: usize, x: usize, ${two ? 'y: usize, ' : ''}n: i32): void {
  for (; n >= 16; n -= 16) {
    v128.store(o, v128.and(${all}, i8x16.splat(1)));
    ${next(16)}
  }
  ${bytes === 4 ? four : ''}
  for (; n > 0; n--) {
    store<u8>(o, e_${name}(load<${scalar}>(x)${two ? `, load<${scalar}>(y)` : ''}));
    ${next(1)}
  }
}`;
}
