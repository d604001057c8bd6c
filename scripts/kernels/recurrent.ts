import { along } from './along.ts';
import { call, load } from './constants.ts';
import { lines } from './element.ts';

/**
 * What the cells of recurrent networks do beside their matrix products, in f32,
 * for m rows of `units`. Gates lie side by side in a row; so do the values that
 * a gradient reads, at \`kept\`, which is 0 where nobody does. A bias is 0 where
 * there is none.
 */
export function recurrent(): string {
  return [lstmCell(), lstmCellGrad, gruCell(), gruCellGrad].join('\n');
}

/** Where the parts of a row begin, each a row of units. */
function parts(name: string, count: number, from = name): string {
  return lines(count, (i) => `const ${name}${i} = ${from} + ${i} * wide;`);
}

/** With i, f, g, o the parts of a + b + bias: next = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(next). a is written over. */
const lstmCell = () => `
export function lstmCell(h: usize, next: usize, kept: usize, a: usize, b: usize, bias: usize, c: usize, m: i32, units: i32): void {
  ${load('sigmoid', 'tanh')}
  const wide = units << 2;
  for (; m > 0; m--) {
    ${parts('a', 4)}
    ${along('4 * units', ['a', 'b'], ({ load, store }) => store('a', `f32x4.add(${load('a')}, ${load('b')})`))}
    if (bias != 0) ${along('4 * units', ['a', 'bias'], ({ load, store }) => store('a', `f32x4.add(${load('a')}, ${load('bias')})`))}
    const gate = kept == 0 ? a : kept;
    ${parts('gate', 4)}
    const gate4 = kept == 0 ? b : kept + 4 * wide;
    ${along(
      'units',
      ['a0', 'a1', 'a2', 'a3', 'gate0', 'gate1', 'gate2', 'gate3', 'gate4', 'c', 'next', 'h'],
      ({ load, store }) => `
      let x = ${load('a0')};
      const i = ${call('sigmoid', 'x')};
      x = ${load('a1')};
      const f = ${call('sigmoid', 'x')};
      x = ${load('a2')};
      const g = ${call('tanh', 'x')};
      x = ${load('a3')};
      const o = ${call('sigmoid', 'x')};
      x = f32x4.add(f32x4.mul(f, ${load('c')}), f32x4.mul(i, g));
      ${store('next', 'x')}
      const t = ${call('tanh', 'x')};
      ${store('h', 'f32x4.mul(o, t)')}
      ${store('gate0', 'i')} ${store('gate1', 'f')} ${store('gate2', 'g')} ${store('gate3', 'o')} ${store('gate4', 't')}`,
    )}
    if (kept != 0) kept += 5 * wide;
    a += 4 * wide; b += 4 * wide; c += wide; next += wide; h += wide;
  }
}`;

/** d gets the gradients of the four sums, dc that of c; gh and gNext are 0 where nothing arrived. */
const lstmCellGrad = `
export function lstmCellGrad(d: usize, dc: usize, gh: usize, gNext: usize, kept: usize, c: usize, m: i32, units: i32): void {
  const one = f32x4.splat(1);
  const wide = units << 2;
  for (; m > 0; m--) {
    ${parts('gate', 5, 'kept')}
    ${parts('d', 4)}
    const u = gh == 0 ? kept : gh, v = gNext == 0 ? kept : gNext;
    ${along(
      'units',
      ['gate0', 'gate1', 'gate2', 'gate3', 'gate4', 'd0', 'd1', 'd2', 'd3', 'c', 'dc', 'u', 'v'],
      ({ load, store }) => `
      const i = ${load('gate0')}, f = ${load('gate1')}, g = ${load('gate2')}, o = ${load('gate3')}, t = ${load('gate4')};
      const a = gh == 0 ? f32x4.splat(0) : ${load('u')};
      let n = gNext == 0 ? f32x4.splat(0) : ${load('v')};
      n = f32x4.add(n, f32x4.mul(f32x4.mul(a, o), f32x4.sub(one, f32x4.mul(t, t))));
      ${store('d0', 'f32x4.mul(f32x4.mul(n, g), f32x4.sub(i, f32x4.mul(i, i)))')}
      ${store('d1', `f32x4.mul(f32x4.mul(n, ${load('c')}), f32x4.sub(f, f32x4.mul(f, f)))`)}
      ${store('d2', 'f32x4.mul(f32x4.mul(n, i), f32x4.sub(one, f32x4.mul(g, g)))')}
      ${store('d3', 'f32x4.mul(f32x4.mul(a, t), f32x4.sub(o, f32x4.mul(o, o)))')}
      ${store('dc', 'f32x4.mul(n, f)')}`,
    )}
    kept += 5 * wide; d += 4 * wide; c += wide; dc += wide;
    if (gh != 0) gh += wide;
    if (gNext != 0) gNext += wide;
  }
}`;

/** With z, r, n the parts: z = sigmoid(a + b), r too, n = tanh(a + r b), to = n + z (h - n). The biases belong to a and b; both are given, or none. */
const gruCell = () => `
export function gruCell(to: usize, kept: usize, a: usize, b: usize, biasA: usize, biasB: usize, h: usize, m: i32, units: i32): void {
  ${load('sigmoid', 'tanh')}
  const wide = units << 2;
  for (; m > 0; m--) {
    ${parts('a', 3)}
    ${parts('b', 3)}
    if (biasA != 0) {
      ${along('3 * units', ['a', 'biasA'], ({ load, store }) => store('a', `f32x4.add(${load('a')}, ${load('biasA')})`))}
      ${along('3 * units', ['b', 'biasB'], ({ load, store }) => store('b', `f32x4.add(${load('b')}, ${load('biasB')})`))}
    }
    const gate = kept == 0 ? a : kept;
    ${parts('gate', 3)}
    const gate3 = kept == 0 ? b : kept + 3 * wide;
    ${along(
      'units',
      ['a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'gate0', 'gate1', 'gate2', 'gate3', 'h', 'to'],
      ({ load, store }) => `
      let x = f32x4.add(${load('a0')}, ${load('b0')});
      const z = ${call('sigmoid', 'x')};
      x = f32x4.add(${load('a1')}, ${load('b1')});
      const r = ${call('sigmoid', 'x')};
      const s = ${load('b2')};
      x = f32x4.add(${load('a2')}, f32x4.mul(r, s));
      const n = ${call('tanh', 'x')};
      ${store('to', `f32x4.add(n, f32x4.mul(z, f32x4.sub(${load('h')}, n)))`)}
      ${store('gate0', 'z')} ${store('gate1', 'r')} ${store('gate2', 'n')} ${store('gate3', 's')}`,
    )}
    if (kept != 0) kept += 4 * wide;
    a += 3 * wide; b += 3 * wide; h += wide; to += wide;
  }
}`;

/** da and db get the gradients of the parts of a and b, dh what goes straight to h. */
const gruCellGrad = `
export function gruCellGrad(da: usize, db: usize, dh: usize, g: usize, kept: usize, h: usize, m: i32, units: i32): void {
  const one = f32x4.splat(1);
  const wide = units << 2;
  for (; m > 0; m--) {
    ${parts('gate', 4, 'kept')}
    ${parts('da', 3)}
    ${parts('db', 3)}
    ${along(
      'units',
      [
        'gate0',
        'gate1',
        'gate2',
        'gate3',
        'da0',
        'da1',
        'da2',
        'db0',
        'db1',
        'db2',
        'dh',
        'g',
        'h',
      ],
      ({ load, store }) => `
      const z = ${load('gate0')}, r = ${load('gate1')}, n = ${load('gate2')}, s = ${load('gate3')}, u = ${load('g')};
      const dn = f32x4.mul(f32x4.mul(u, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
      const dz = f32x4.mul(f32x4.mul(u, f32x4.sub(${load('h')}, n)), f32x4.sub(z, f32x4.mul(z, z)));
      const dr = f32x4.mul(f32x4.mul(dn, s), f32x4.sub(r, f32x4.mul(r, r)));
      ${store('da0', 'dz')} ${store('db0', 'dz')} ${store('da1', 'dr')} ${store('db1', 'dr')}
      ${store('da2', 'dn')} ${store('db2', 'f32x4.mul(dn, r)')}
      ${store('dh', 'f32x4.mul(u, z)')}`,
    )}
    kept += 4 * wide; da += 3 * wide; db += 3 * wide; dh += wide; g += wide; h += wide;
  }
}`;
