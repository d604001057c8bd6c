import { along, type Io } from './along.ts';

/**
 * The batch norm of images whose channels come second, in f32: m planes of n
 * elements from the `first` on, each of the channel that is its number modulo
 * `channels`. What norms.ts has for channels that come last.
 */
export function planes(): string {
  return [lanes, squares, normalize, sums, gradient].join('\n');
}

const lanes = `
function lanesOf(v: v128): f64 {
  return (<f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1)) + (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3));
}`;

/** So many elements are added up in f32, and their sums in f64. */
const CHUNK = 256;

/** Visits n elements in such chunks; what `after` says is done behind each. */
export function inChunks(
  n: string,
  pointers: readonly string[],
  before: string,
  body: (io: Io) => string,
  after: string,
): string {
  return `for (let todo = ${n}; todo > 0; todo -= ${CHUNK}) {
    const some = min(todo, ${CHUNK});
    ${before}
    ${along('some', pointers, body)}
    ${after}
    ${pointers.map((p) => `${p} += some << 2;`).join(' ')}
  }`;
}

const of = (list: string) => `f32x4.splat(load<f32>(${list} + (c << 2)))`;

/** For each plane: the sum of (x - mean)^2. What is missing from the last vector is no part of it. */
const squares = `
export function planeSquares(to: usize, x: usize, mean: usize, first: i32, m: i32, channels: i32, n: i32, work: usize): void {
  for (; m > 0; m--, first++) {
    const c = first % channels, center = ${of('mean')};
    let all: f64 = 0;
    for (let todo = n; todo > 0; todo -= ${CHUNK}) {
      const some = min(todo, ${CHUNK});
      ${along('some', ['x', 'work'], ({ load, store }) => store('work', `f32x4.sub(${load('x')}, center)`))}
      all += <f64>squaresOf(work, some);
      x += some << 2;
    }
    store<f32>(to, <f32>all);
    to += 4;
  }
}`;

/** (x - mean) by + offset. */
const normalize = `
export function planeNorm(out: usize, x: usize, mean: usize, by: usize, offset: usize, first: i32, m: i32, channels: i32, n: i32): void {
  for (; m > 0; m--, first++) {
    const c = first % channels, center = ${of('mean')}, times = ${of('by')};
    if (offset == 0) ${along('n', ['out', 'x'], ({ load, store }) => store('out', `f32x4.mul(f32x4.sub(${load('x')}, center), times)`))}
    else {
      const plus = ${of('offset')};
      ${along('n', ['out', 'x'], ({ load, store }) => store('out', `f32x4.add(f32x4.mul(f32x4.sub(${load('x')}, center), times), plus)`))}
    }
    out += n << 2; x += n << 2;
  }
}`;

/** For each image, over the planes of its channels: the sums of g (x - mean), and behind them those of g. */
const sums = `
export function planeSums(to: usize, g: usize, x: usize, mean: usize, first: i32, m: i32, channels: i32, n: i32): void {
  for (; m > 0; m--, first++) {
    const c = first % channels, center = ${of('mean')};
    let p: f64 = 0, q: f64 = 0;
    ${inChunks(
      'n',
      ['g', 'x'],
      'let s = f32x4.splat(0), t = f32x4.splat(0);',
      ({ load }) => `
      const v = ${load('g')};
      s = f32x4.add(s, f32x4.mul(v, f32x4.sub(${load('x')}, center)));
      t = f32x4.add(t, v);`,
      'p += lanesOf(s); q += lanesOf(t);',
    )}
    const at = to + ((first / channels * 2 * channels + c) << 2);
    store<f32>(at, <f32>p);
    store<f32>(at + (channels << 2), <f32>q);
  }
}`;

/** (g - q - (x - mean) p) by. */
const gradient = `
export function planeGrad(dx: usize, g: usize, x: usize, mean: usize, by: usize, p: usize, q: usize, first: i32, m: i32, channels: i32, n: i32): void {
  for (; m > 0; m--, first++) {
    const c = first % channels, center = ${of('mean')}, times = ${of('by')}, slope = ${of('p')}, less = ${of('q')};
    ${along('n', ['dx', 'g', 'x'], ({ load, store }) => store('dx', `f32x4.mul(f32x4.sub(f32x4.sub(${load('g')}, less), f32x4.mul(f32x4.sub(${load('x')}, center), slope)), times)`))}
    dx += n << 2; g += n << 2; x += n << 2;
  }
}`;
