import { along } from './along.ts';
import { inChunks } from './planes.ts';

/**
 * Norms in f32 of groups of channels, each image by itself: m groups from the
 * `first` on, each of `per` channels of `space` elements. Addresses are 0 of
 * what is not given. A group is one thread's: so the sums are the same for any
 * number of them.
 */
export function groupNorms(): string {
  return [groupNorm, groupNormGrad].join('\n');
}

/** (x - mean) / sqrt(variance + epsilon), times the scale and plus the offset of the channel. */
const groupNorm = `
export function groupNorm(out: usize, x: usize, scale: usize, offset: usize, first: i32, m: i32, groups: i32, per: i32, space: i32, epsilon: f32): void {
  const n = per * space;
  for (; m > 0; m--, first++) {
    const mean = f32x4.splat(sumOf(x, n) / <f32>n);
    ${along('n', ['out', 'x'], ({ load, store }) => store('out', `f32x4.sub(${load('x')}, mean)`))}
    const by: f32 = 1 / sqrt<f32>(squaresOf(out, n) / <f32>n + epsilon);
    const from = (first % groups) * per;
    for (let c = from; c < from + per; c++) {
      const a = f32x4.splat(scale == 0 ? by : by * load<f32>(scale + (c << 2)));
      if (offset == 0) ${along('space', ['out'], ({ load, store }) => store('out', `f32x4.mul(${load('out')}, a)`))}
      else {
        const b = f32x4.splat(load<f32>(offset + (c << 2)));
        ${along('space', ['out'], ({ load, store }) => store('out', `f32x4.add(f32x4.mul(${load('out')}, a), b)`))}
      }
      out += space << 2;
    }
    x += n << 2;
  }
}`;

/**
 * With y the norm, r what x was multiplied by and h = g scale:
 * dx = r (h - mean(h) - y mean(h y)). sums gets, for each image, those of g y
 * over each channel, and behind them those of g.
 */
const groupNormGrad = `
export function groupNormGrad(dx: usize, g: usize, x: usize, scale: usize, sums: usize, first: i32, m: i32, groups: i32, per: i32, space: i32, epsilon: f32): void {
  const n = per * space, channels = groups * per;
  for (; m > 0; m--, first++) {
    const mean = f32x4.splat(sumOf(x, n) / <f32>n);
    ${along('n', ['dx', 'x'], ({ load, store }) => store('dx', `f32x4.sub(${load('x')}, mean)`))}
    const r = f32x4.splat(1 / sqrt<f32>(squaresOf(dx, n) / <f32>n + epsilon));
    const from = (first % groups) * per;
    let to = sums + ((first / groups * 2 * channels + from) << 2);
    let y = dx, h = g, all: f64 = 0, product: f64 = 0;
    for (let c = from; c < from + per; c++) {
      let p: f64 = 0, q: f64 = 0;
      ${inChunks(
        'space',
        ['y', 'h'],
        'let s = f32x4.splat(0), t = f32x4.splat(0);',
        ({ load, store }) => `
        const v = f32x4.mul(${load('y')}, r), w = ${load('h')};
        ${store('y', 'v')}
        s = f32x4.add(s, f32x4.mul(v, w));
        t = f32x4.add(t, w);`,
        'p += lanesOf(s); q += lanesOf(t);',
      )}
      store<f32>(to, <f32>p);
      store<f32>(to + (channels << 2), <f32>q);
      to += 4;
      const weight: f64 = scale == 0 ? 1 : <f64>load<f32>(scale + (c << 2));
      all += weight * q; product += weight * p;
    }
    const a = f32x4.splat(<f32>(all / <f64>n)), b = f32x4.splat(<f32>(product / <f64>n));
    for (let c = from; c < from + per; c++) {
      const weight = f32x4.splat(scale == 0 ? 1 : load<f32>(scale + (c << 2)));
      ${along('space', ['dx', 'g'], ({ load, store }) => store('dx', `f32x4.mul(f32x4.sub(f32x4.sub(f32x4.mul(${load('g')}, weight), a), f32x4.mul(${load('dx')}, b)), r)`))}
      dx += space << 2; g += space << 2;
    }
    x += n << 2;
  }
}`;
