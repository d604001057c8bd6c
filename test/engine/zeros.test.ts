/** Products with zeros among their factors: first and second derivatives, which differences give exactly, as every factor comes in once. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tensor } from '../../engine/creation.ts';
import { setDevice } from '../../engine/placement.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { grad } from '../../engine/transforms.ts';
import { devices, difference } from '../kit/samples.ts';

const factors = [
  [2, 3, -1.5, 0.5],
  [2, 0, -1.5, 0.5],
  [0, 3, 0, 0.5],
  [0, 0, 0, 2],
];
const products: { readonly [name: string]: (x: Tensor) => Tensor } = {
  prod: (x) => x.prod(),
  cumprod: (x) => x.cumprod(),
  'cumprod of those before': (x) => x.cumprod(0, true),
  'cumprod from the end': (x) => x.cumprod(0, false, true),
  unsortedSegmentProd: (x) => x.unsortedSegmentProd([0, 1, 0, 0], 2),
};

for (const { name: device, skip } of devices) {
  suite(`products with zeros, on ${device}`, { skip }, () => {
    for (const [name, product] of Object.entries(products)) {
      test(name, () => {
        setDevice(device);
        for (const values of factors) {
          const f = (x: Tensor) => {
            const out = product(x);
            const weights = Array.from({ length: out.size }, (_, i) => 1 + i / 3);
            return out.mul(tensor(weights, out.shape, 'f64')).sum();
          };
          const along = tensor([1, -2, 0.5, 3], [4], 'f64');
          const slope = (x: Tensor) => grad(f)(x).mul(along).sum();
          check(`${name} of ${values}`, f, values);
          check(`${name} of ${values}, its gradient`, slope, values);
        }
      });
    }
  });
}

function check(where: string, f: (x: Tensor) => Tensor, values: readonly number[]): void {
  const at = (i: number, by: number) =>
    Number(
      f(
        tensor(
          values.map((value, k) => (k === i ? value + by : value)),
          [values.length],
          'f64',
        ),
      ).item(),
    );
  const quotients = values.map((_, i) => at(i, 0.5) - at(i, -0.5));
  const found = grad(f)(tensor([...values], [values.length], 'f64')).data();
  assert.equal(difference(found as Float64Array, quotients, 1e-12), null, where);
}
