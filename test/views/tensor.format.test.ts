import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Num, Stats } from '../../debug-adapter/protocol.ts';
import { exactText, formatOf, partsOf } from '../../views/tensor/format.ts';
import { heat, heatReach, SCALES, type Rgb, type Theme } from '../../views/tensor/heat.ts';

const between = (min: Num, max: Num, about: Partial<Stats> = {}): Stats => ({
  count: 10,
  mean: 0,
  sd: 1,
  min,
  max,
  nan: 0,
  inf: 0,
  zeros: 0,
  sampled: false,
  ...about,
});

test('five digits of the largest, so that points stand in a column', () => {
  const { show } = formatOf('f32', between(-1.98, 1.7));
  assert.deepEqual([1.97, -0.5, 0, -0, 1e-9].map(show), ['1.9700', '-0.5000', '0', '-0', '1.0e-9']);
  const large = formatOf('f32', between(0, 31416));
  assert.deepEqual([31416, 2.5].map(large.show), ['31416', '3']);
  const small = formatOf('f32', between(-5e-9, 4e-9));
  assert.deepEqual([-5e-9, 0].map(small.show), ['-5.000e-9', '0']);
});

test('what is not finite is written as what it is', () => {
  const { show } = formatOf('f32', between('NaN', 'NaN'));
  assert.deepEqual([NaN, Infinity, -Infinity].map(show), ['NaN', '∞', '-∞']);
});

test('what is larger than the statistics say is written with an exponent', () => {
  const { show, width } = formatOf('f32', between('-Infinity', 'Infinity', { inf: 2 }));
  const shown = [1e30, -1.5e-30, -123456, 1.5].map(show);
  assert.deepEqual(shown, ['1.0e30', '-1.5e-30', '-1.2e5', '1.5000']);
  assert.ok(shown.every((text) => text.length <= width));
  assert.equal(formatOf('f32', between(-1, 1, { sampled: true })).show(1234567), '1.2e6');
});

test('integers and booleans are whole', () => {
  assert.equal(formatOf('i32', between(-3, 128)).show(128), '128');
  assert.equal(formatOf('bool').show(1), 'true');
  assert.equal(formatOf('i64', between(0, 1)).show('9007199254740993'), '9007199254740993');
});

test('no value is wider than the format says', () => {
  const value = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: -30, max: 30 }), value, (power, part) => {
      const reach = 10 ** power;
      const { show, width } = formatOf('f64', between(-reach, reach));
      const text = show(part * reach);
      assert.ok(text.length <= width, `${text} in ${width}`);
    }),
  );
});

test('an edit begins with the digits that tell a value from its neighbours', () => {
  assert.equal(exactText('f32', Math.fround(0.1)), '0.1');
  assert.equal(exactText('f32', 16777216), '16777216');
  assert.equal(exactText('f64', 0.1 + 0.2), '0.30000000000000004');
  assert.equal(exactText('bool', 1), 'true');
  assert.equal(exactText('f32', NaN), 'NaN');
  assert.equal(exactText('f32', -Infinity), '-Infinity');
});

test('an f32 written so reads back as the same bits', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      assert.ok(Object.is(Math.fround(Number(exactText('f32', value))), value));
    }),
  );
});

test('colours part at nought and are fuller further off', () => {
  assert.equal(heat('dark', 0, 1), '');
  assert.equal(heat('dark', NaN, 1), '');
  assert.equal(heat('dark', 1, 0), '');
  assert.equal(heat('dark', -1, 1), `rgb(${SCALES.dark.below.join(' ')} / 0.660)`);
  assert.equal(heat('dark', 0.5, 1), `rgb(${SCALES.dark.above.join(' ')} / 0.330)`);
  assert.equal(heat('dark', 90, 1), heat('dark', 1, 1));
});

test('one far value does not bleach the rest', () => {
  assert.equal(heatReach(between(-1, 1000, { mean: 0, sd: 1 })), 3);
  assert.equal(heatReach(between(-2, 2, { mean: 0, sd: 1 })), 2);
});

/** Contrast of text on a colour, as WCAG 2 defines it; 4.5 is its least for text. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (color: Rgb) => {
    const [red, green, blue] = color.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

test('numbers stay readable on the fullest colour of every theme', () => {
  const themes: { [T in Theme]: [text: Rgb, back: Rgb] } = {
    dark: [
      [204, 204, 204],
      [31, 31, 31],
    ],
    light: [
      [59, 59, 59],
      [255, 255, 255],
    ],
    'hc-dark': [
      [255, 255, 255],
      [0, 0, 0],
    ],
    'hc-light': [
      [41, 41, 41],
      [255, 255, 255],
    ],
  };
  for (const [theme, [text, back]] of Object.entries(themes) as [Theme, [Rgb, Rgb]][]) {
    const { below, above, most } = SCALES[theme];
    for (const color of [below, above]) {
      const mixed = color.map((channel, at) => channel * most + back[at]! * (1 - most));
      const seen = contrast(text, mixed as unknown as Rgb);
      assert.ok(seen >= 4.5, `${theme}: ${seen.toFixed(2)}`);
    }
  }
});

test('both parts of a complex number have the digits of the largest; a cell holds them', () => {
  const { show, width } = formatOf('c64', between(0, 1.98));
  assert.equal(show('-0.12345678-0.9876543j'), '-0.1235-0.9877j');
  assert.equal(show('1e-7+0.25j'), '1.0e-7+0.2500j');
  assert.equal(show('NaN-Infinityj'), `${formatOf('f32').show(NaN)}-∞j`);
  assert.deepEqual(partsOf('-2.5e-7-1e+21j'), [-2.5e-7, -1e21]);
  const widest = show('-1.5000001-1.23456789j');
  assert.ok(widest.length <= width && width < 20, `${widest} in ${width}`);
  const small = formatOf('c128', between(0, 4e-9));
  assert.ok(small.show('-3.123456789e-9-2.5e-9j').length <= small.width);
});
