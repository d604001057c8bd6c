import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../../bench/outcome.ts';
import { benchmarksPage } from '../../scripts/docs/benchmarks.ts';
import { chartOf, colours, INK } from '../../scripts/docs/chart.ts';

const results: Results = {
  sums: {
    title: 'Sums & means',
    machine: { processor: 'one', load: 0.5 },
    outcomes: [
      {
        case: 'sum',
        unit: 'us',
        product: 2e-6,
        peers: [
          { name: 'NumPy', time: 4e-6, ratio: 2, spread: [1.5, 2.5] },
          { name: 'TF.js', time: 4e-4, ratio: 200, spread: [150, 250] },
        ],
        absent: [],
        goals: [
          { peer: 'NumPy', least: 3, met: false },
          { peer: 'TF.js', most: 1.05, met: true },
        ],
      },
      {
        case: 'mean',
        unit: 'us',
        product: 1e-6,
        flops: 1000,
        peers: [{ name: 'NumPy', time: 1e-6, ratio: 1, spread: [1, 1] }],
        absent: ['TF.js'],
      },
    ],
  },
};

test('the page has every number, and the goals in front', () => {
  const page = benchmarksPage(results);
  for (const line of [
    '| sum | NumPy takes at least 3 times as long | **2.00** (1.50–2.50) | no |',
    '| sum | at most 1.05 of TF.js | **0.01** (0.00–0.01) | yes |',
    '## Sums & means',
    '| | Tapedeck | NumPy | TF.js |',
    '| sum | 2.00 us | **2.00** (1.50–2.50) | **200** (150–250) |',
    '| mean | 1.0 GFLOP/s | **1.00** (1.00–1.00) |  |',
    '_processor one, load 0.5_',
  ]) {
    assert.ok(page.split('\n').includes(line), `${line}\n${page}`);
  }
});

test('a chart has a dot for every ratio, those of more time further right', () => {
  const chart = chartOf(results.sums!);
  const dots = [...chart.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }));
  const [, , numpy, tensorFlow, mean] = dots;
  // Two in the legend, three in the rows.
  assert.equal(dots.length, 5);
  assert.equal(numpy!.y, tensorFlow!.y);
  assert.ok(mean!.y > numpy!.y);
  assert.ok(mean!.x < numpy!.x && numpy!.x < tensorFlow!.x);
  assert.match(chart, /<title>Sums &amp; means/);
  assert.ok(dots.every(({ x }) => x > 0 && x < 760));
});

test('charts can be read on GitHub’s light page and on its dark one', () => {
  for (const page of ['#ffffff', '#0d1117']) {
    assert.ok(contrast(INK, page) > 4, `${INK} on ${page}`);
    for (const colour of colours) assert.ok(contrast(colour, page) > 3, `${colour} on ${page}`);
  }
});

/** Of the Web Content Accessibility Guidelines 2.1. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
