import { along } from './along.ts';

/**
 * Norms in f32: of rows by themselves (layerNorm, rmsNorm), and of columns
 * (fusedBatchNorm, whose channels lie last). Addresses are 0 of what is not
 * given or not wanted. Sums over rows are made for blocks of so many of them,
 * to be added up: so they are the same for any number of threads.
 */
export function norms(): string {
  return [
    rowNorm('layerNorm', true),
    rowNorm('rmsNorm', false),
    rowNormGrad('layerNormGrad', true),
    rowNormGrad('rmsNormGrad', false),
    squaresAbout,
    slopes,
    normalize,
    batchNormSums,
    batchNormTerms,
    batchNormGrad,
  ].join('\n');
}

/** x / sqrt(mean(x^2) + epsilon), of x less its mean if `centred`; times scale, plus offset, for m rows of n. */
const rowNorm = (name: string, centred: boolean) => `
export function ${name}(out: usize, x: usize, scale: usize, offset: usize, m: i32, n: i32, epsilon: f32): void {
  for (; m > 0; m--) {
    ${
      centred
        ? `const mean = f32x4.splat(sumOf(x, n) / <f32>n);
    ${along('n', ['out', 'x'], ({ load, store }) => store('out', `f32x4.sub(${load('x')}, mean)`))}
    const from = out;`
        : 'const from = x;'
    }
    const by = f32x4.splat(1 / sqrt<f32>(squaresOf(from, n) / <f32>n + epsilon));
    if (scale == 0) ${along('n', ['out', 'from'], ({ load, store }) => store('out', `f32x4.mul(${load('from')}, by)`))}
    else if (offset == 0) ${along('n', ['out', 'from', 'scale'], ({ load, store }) => store('out', `f32x4.mul(f32x4.mul(${load('from')}, by), ${load('scale')})`))}
    else ${along('n', ['out', 'from', 'scale', 'offset'], ({ load, store }) => store('out', `f32x4.add(f32x4.mul(f32x4.mul(${load('from')}, by), ${load('scale')}), ${load('offset')})`))}
    x += n << 2; out += n << 2;
  }
}`;

/**
 * With y the norm, r what x was multiplied by and h = g scale:
 * dx = r (h - mean(h) - y mean(h y)), without mean(h) if not `centred`; for m
 * blocks of so many rows of n. sums gets, for each block, the sums of g y and
 * of g over its rows; work has room for 3 n.
 */
const rowNormGrad = (name: string, centred: boolean) => `
export function ${name}(dx: usize, g: usize, x: usize, scale: usize, sums: usize, m: i32, rows: i32, n: i32, epsilon: f32, work: usize): void {
  const y = work, h = work + (n << 2), hy = work + (n << 3);
  for (; m > 0; m--) {
    const plain = sums + (n << 2);
    if (sums != 0) memory.fill(sums, 0, n << 3);
    for (let row = rows; row > 0; row--) {
      ${
        centred
          ? `const mean = f32x4.splat(sumOf(x, n) / <f32>n);
      ${along('n', ['x', 'y'], ({ load, store }) => store('y', `f32x4.sub(${load('x')}, mean)`))}
      const from = y;`
          : 'const from = x;'
      }
      const r = f32x4.splat(1 / sqrt<f32>(squaresOf(from, n) / <f32>n + epsilon));
      ${along('n', ['y', 'from'], ({ load, store }) => store('y', `f32x4.mul(${load('from')}, r)`))}
      if (sums != 0) ${along('n', ['sums', 'plain', 'g', 'y'], ({ load, store }) => `const v = ${load('g')}; ${store('sums', `f32x4.add(${load('sums')}, f32x4.mul(v, ${load('y')}))`)} ${store('plain', `f32x4.add(${load('plain')}, v)`)}`)}
      if (dx != 0) {
        if (scale != 0) ${along('n', ['h', 'g', 'scale'], ({ load, store }) => store('h', `f32x4.mul(${load('g')}, ${load('scale')})`))}
        else memory.copy(h, g, n << 2);
        ${along('n', ['hy', 'h', 'y'], ({ load, store }) => store('hy', `f32x4.mul(${load('h')}, ${load('y')})`))}
        const b = f32x4.splat(sumOf(hy, n) / <f32>n);
        ${centred ? 'const a = f32x4.splat(sumOf(h, n) / <f32>n);' : ''}
        ${along('n', ['dx', 'h', 'y'], ({ load, store }) => store('dx', `f32x4.mul(f32x4.sub(${centred ? `f32x4.sub(${load('h')}, a)` : load('h')}, f32x4.mul(${load('y')}, b)), r)`))}
        dx += n << 2;
      }
      x += n << 2; g += n << 2;
    }
    if (sums != 0) sums += n << 3;
  }
}`;

/** For each of m blocks of so many rows of n: the sums of (x - mean)^2 over its rows. */
const squaresAbout = `
export function squaresAbout(sums: usize, x: usize, mean: usize, m: i32, rows: i32, n: i32): void {
  for (; m > 0; m--) {
    memory.fill(sums, 0, n << 2);
    for (let row = rows; row > 0; row--) {
      ${along('n', ['sums', 'x', 'mean'], ({ load, store }) => `const d = f32x4.sub(${load('x')}, ${load('mean')}); ${store('sums', `f32x4.add(${load('sums')}, f32x4.mul(d, d))`)}`)}
      x += n << 2;
    }
    sums += n << 2;
  }
}`;

/** by = scale / sqrt(variance + epsilon), for n channels. */
const slopes = `
export function slopes(by: usize, variance: usize, scale: usize, n: i32, epsilonOf: f32): void {
  const epsilon = f32x4.splat(epsilonOf), one = f32x4.splat(1);
  ${along('n', ['by', 'variance'], ({ load, store }) => store('by', `f32x4.div(one, f32x4.sqrt(f32x4.add(${load('variance')}, epsilon)))`))}
  if (scale != 0) ${along('n', ['by', 'scale'], ({ load, store }) => store('by', `f32x4.mul(${load('by')}, ${load('scale')})`))}
}`;

/** (x - mean) by + offset, for m rows of n. */
const normalize = `
export function normalize(out: usize, x: usize, mean: usize, by: usize, offset: usize, m: i32, n: i32): void {
  for (; m > 0; m--) {
    if (offset == 0) ${along('n', ['out', 'x', 'mean', 'by'], ({ load, store }) => store('out', `f32x4.mul(f32x4.sub(${load('x')}, ${load('mean')}), ${load('by')})`))}
    else ${along('n', ['out', 'x', 'mean', 'by', 'offset'], ({ load, store }) => store('out', `f32x4.add(f32x4.mul(f32x4.sub(${load('x')}, ${load('mean')}), ${load('by')}), ${load('offset')})`))}
    x += n << 2; out += n << 2;
  }
}`;

/** For each of m blocks of so many rows of n: the sums of g (x - mean), and of g, over its rows. */
const batchNormSums = `
export function batchNormSums(sums: usize, g: usize, x: usize, mean: usize, m: i32, rows: i32, n: i32): void {
  for (; m > 0; m--) {
    const plain = sums + (n << 2);
    memory.fill(sums, 0, n << 3);
    for (let row = rows; row > 0; row--) {
      ${along('n', ['sums', 'plain', 'g', 'x', 'mean'], ({ load, store }) => `const v = ${load('g')}; ${store('sums', `f32x4.add(${load('sums')}, f32x4.mul(v, f32x4.sub(${load('x')}, ${load('mean')})))`)} ${store('plain', `f32x4.add(${load('plain')}, v)`)}`)}
      x += n << 2; g += n << 2;
    }
    sums += n << 3;
  }
}`;

/**
 * Of these sums over all `count` rows, p and q, for n channels, with
 * r = 1 / sqrt(variance + epsilon): dScale = p r; and p becomes r^2 p / count,
 * q becomes q / count, by what the gradient of a row is made.
 */
const batchNormTerms = `
export function batchNormTerms(p: usize, q: usize, dScale: usize, variance: usize, n: i32, count: f32, epsilonOf: f32): void {
  const epsilon = f32x4.splat(epsilonOf), one = f32x4.splat(1), all = f32x4.splat(count);
  const to = dScale == 0 ? p : dScale;
  ${along(
    'n',
    ['p', 'q', 'to', 'variance'],
    ({ load, store }) => `
    const r = f32x4.div(one, f32x4.sqrt(f32x4.add(${load('variance')}, epsilon)));
    const s = f32x4.mul(${load('p')}, r);
    ${store('to', 's')}
    ${store('p', 'f32x4.div(f32x4.mul(s, r), all)')}
    ${store('q', `f32x4.div(${load('q')}, all)`)}`,
  )}
}`;

/** (g - q - (x - mean) p) by, for m rows of n. */
const batchNormGrad = `
export function batchNormGrad(dx: usize, g: usize, x: usize, mean: usize, by: usize, p: usize, q: usize, m: i32, n: i32): void {
  for (; m > 0; m--) {
    ${along('n', ['dx', 'g', 'x', 'mean', 'by', 'p', 'q'], ({ load, store }) => store('dx', `f32x4.mul(f32x4.sub(f32x4.sub(${load('g')}, ${load('q')}), f32x4.mul(f32x4.sub(${load('x')}, ${load('mean')}), ${load('p')})), ${load('by')})`))}
    dx += n << 2; g += n << 2; x += n << 2;
  }
}`;
