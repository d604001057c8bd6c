/** Random ops against SciPy's distribution functions, and against themselves: the same bits on every device. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { exp, ln } from '../../../engine/distributions.ts';
import { functions as tf } from '../../../engine/functions.ts';
import { setDevice } from '../../../engine/placement.ts';
import type { Tensor } from '../../../engine/tensor.ts';
import { devices } from '../../kit/samples.ts';

interface Known {
  readonly op: string;
  readonly parameters: readonly number[];
  readonly at: readonly number[];
  readonly below: readonly number[];
}
const known = JSON.parse(
  readFileSync(new URL('quantiles.json', import.meta.url), 'utf8'),
) as readonly Known[];

const N = 20000;
/** The one-in-a-thousand bound of Kolmogorov and Smirnov for so many numbers. */
const FAR = 1.95 / Math.sqrt(N);

function draw({ op, parameters }: Known, seed: number, dtype = 'f64'): Tensor {
  if (op === 'poisson') return tf.poisson(tf.full([N], parameters[0]!, 'f64'), seed);
  type Draw = (...args: unknown[]) => Tensor;
  return (tf as unknown as { [op: string]: Draw })[op]!([N], ...parameters, dtype, seed);
}

for (const given of known) {
  test(`${given.op}(${given.parameters.join(', ')}) is distributed as SciPy says`, () => {
    setDevice('plain');
    const values = draw(given, 2018).data() as Float64Array;
    given.at.forEach((place, i) => {
      const share = values.filter((value) => value <= place).length / N;
      const gap = Math.abs(share - given.below[i]!);
      assert.ok(gap < FAR, `${share} of the numbers up to ${place}, not ${given.below[i]}`);
    });
  });
}

for (const { name, skip } of devices.filter(({ name }) => name !== 'plain')) {
  suite(`draws on ${name}`, { skip }, () => {
    for (const given of known) {
      test(`${given.op}(${given.parameters.join(', ')}) has the bits of plain`, () => {
        for (const dtype of ['f32', 'f16']) {
          const [here, there] = ([name, 'plain'] as const).map((device) => {
            setDevice(device);
            return draw(given, 7, dtype).data();
          });
          assert.deepEqual(here, there);
        }
      });
    }
  });
}

test('counts, classes and orders', () => {
  setDevice('plain');
  const mean = (x: Tensor) => Number(x.cast('f64').mean().item());
  const near = (found: number, wanted: number, deviation: number) =>
    assert.ok(Math.abs(found - wanted) < (4 * deviation) / Math.sqrt(N), `${found}, not ${wanted}`);
  near(mean(tf.bernoulli(tf.full([N], 0.3), 1)), 0.3, Math.sqrt(0.21));
  near(mean(tf.randomUniformInt([N], -3, 5, 1)), 0.5, Math.sqrt(63 / 12));
  const classes = tf.categorical([[0, Math.log(2), Math.log(5)]], N, 3);
  assert.deepEqual(classes.shape, [1, N]);
  [1 / 8, 2 / 8, 5 / 8].forEach((p, i) => near(mean(classes.equal(i)), p, Math.sqrt(p * (1 - p))));
  const shares = tf.multinomial([0.1, 0.6, 0.3], N, 3, true);
  [0.1, 0.6, 0.3].forEach((p, i) => near(mean(shares.equal(i)), p, Math.sqrt(p * (1 - p))));
  // Variance a (s - a) / s^2 (s + 1).
  const dirichlet = tf.randomDirichlet(tf.tile(tf.full([1, 3], 1).mul([[0.5, 1, 2.5]]), [N, 1]), 5);
  near(mean(dirichlet.slice([0, 2], [N, 1])), 2.5 / 4, Math.sqrt((2.5 * 1.5) / 16 / 5));
  near(mean(dirichlet.sum(1)), 1, 1e-3);
  // Every place is as likely for every number.
  const places = Array.from({ length: 2000 }, (_, seed) =>
    (tf.permutation(5, seed).array() as number[]).indexOf(0),
  );
  for (let place = 0; place < 5; place++) {
    const share = places.filter((p) => p === place).length / places.length;
    assert.ok(Math.abs(share - 0.2) < 0.036, `${share} in place ${place}`);
  }
  const order = tf.permutation(100, 4);
  assert.deepEqual(order.sort().array(), tf.range(0, 100, 1, 'i32').array());
  const rows = tf.range(0, 12).reshape([6, 2]);
  assert.deepEqual(rows.shuffle(0, 9).sort(0).array(), rows.array());
  assert.notDeepEqual(rows.shuffle(0, 9).array(), rows.array());
});

test('what the draws are made of is right to fifteen digits', () => {
  for (let i = -3000; i < 3000; i++) {
    const x = i / 4.3;
    assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-14 || Math.exp(x) < 1e-300, `exp(${x})`);
    const y = 10 ** (i / 10);
    if (y > 0 && y < Infinity) {
      assert.ok(
        Math.abs(ln(y) - Math.log(y)) < 1e-15 * Math.max(1, Math.abs(ln(y))) * 4,
        `ln(${y})`,
      );
    }
  }
  assert.deepEqual([exp(800), exp(-800), exp(NaN), exp(0)], [Infinity, 0, NaN, 1]);
});
