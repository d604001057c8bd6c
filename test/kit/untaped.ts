import { tensor } from '../../engine/creation.ts';
import { functions } from '../../engine/functions.ts';
import type { Tensor } from '../../engine/tensor.ts';

/** Those that are taken where no tape records, or have no gradient of their own. */
export const untaped: { readonly [op: string]: readonly ((x: Tensor) => Tensor)[] } = {
  ...Object.fromEntries(
    (['fft', 'ifft', 'fft2d', 'ifft2d', 'fft3d', 'ifft3d'] as const).map((op) => [
      op,
      [
        (x) => numbersIn(x[op]()),
        (x) => numbersIn(x.transpose().cast('f64')[op]()),
        (x) => numbersIn(functions.complex(x, x.square()).reshape([2, 6, -1])[op]()),
        (x) => numbersIn(x.reshape([3, 2, 5, 14]).cast('c128')[op]()),
        (x) => numbersIn(x.mul(10).cast('i32')[op]()),
      ] satisfies ((x: Tensor) => Tensor)[],
    ]),
  ),
  rfft: [4, 5, 10, 13, 46, 88].flatMap((n) => [
    (x: Tensor) => numbersIn(x.reshape([42, 10]).rfft(n)),
    (x: Tensor) => numbersIn(x.reshape([10, 42]).transpose().cast('f64').rfft(n)),
  ]),
  irfft: [4, 5, 10, 13, 46, 88].flatMap((n) => [
    (x: Tensor) => x.reshape([42, 10]).irfft(n),
    (x: Tensor) => functions.complex(x, x.square()).reshape([10, 42]).transpose().irfft(n),
    (x: Tensor) => x.cast('c128').mul(functions.complex(1, 2)).reshape([20, 21]).irfft(n),
  ]),
  searchSorted: (['f32', 'f64', 'i32', 'i64', 'u32', 'u64', 'bf16', 'u8'] as const).flatMap(
    (dtype) => {
      const wide = (x: Tensor) => x.sub(0.3).mul(100).abs().cast(dtype);
      return (['left', 'right'] as const).flatMap((side) => [
        ...[1, 2, 3, 50].map((n) => (x: Tensor) => {
          const row = wide(x).flatten().slice([0], [n]).sort();
          return functions.searchSorted(row, wide(x).transpose(), side);
        }),
        (x: Tensor) =>
          functions.searchSorted(wide(x).sort(), wide(x).slice([0, 0, 0, 1], [2, 7, 6, 3]), side),
      ]);
    },
  ),
  lowerBound: [(x) => functions.lowerBound(odd(x).sort(), odd(x))],
  upperBound: [
    (x) => functions.upperBound(odd(x).sort(), odd(x)),
    (x) => functions.upperBound(odd(x).cast('f64').sort(), odd(x).cast('f64')),
  ],
  batchNorm: [
    (x) => x.batchNorm(vector(5, 0), vector(5, 1)),
    (x) => x.batchNorm(vector(5, 0), vector(5, 1), vector(5, 2), vector(5, 3)),
    (x) => x.batchNorm(vector(5, 0), vector(5, 1), vector(5, 2)),
    (x) => x.transpose().batchNorm(vector(2, 0), vector(2, 1), vector(2, 2), vector(2, 3), 0.1),
    (x) => x.batchNorm(0.5, vector(5, 1), vector(5, 2), vector(5, 3)),
    (x) => x.slice([0, 0, 0, 0], [0, 7, 6, 5]).batchNorm(vector(5, 0), vector(5, 1)),
  ],
  maxPool: [
    (x) => x.maxPool(2),
    (x) => x.maxPool([3, 2], [2, 1], 'same', 'floor', 'NHWC', 2),
    (x) => x.maxPool(2, 1, 0, 'floor', 'NCHW'),
    (x) => x.transpose().maxPool(3, 2, 1, 'ceil'),
    (x) => x.reshape([7, 6, -1]).maxPool(2),
    (x) => x.cast('f64').maxPool(2),
    (x) => x.slice([0, 0, 0, 0], [0, 7, 6, 5]).maxPool(2),
  ],
};

/** Real and imaginary parts. */
function numbersIn(x: Tensor): Tensor {
  return functions.stack([x.real(), x.imag()]);
}

/** Among numbers both zeros, infinite ones, equal ones and none. */
function odd(x: Tensor): Tensor {
  return x.flatten().concat(tensor([0, -0, 0, Infinity, -Infinity, NaN, NaN, -1, 1e-40]), 0);
}

function vector(size: number, from: number): Tensor {
  return tensor(Array.from({ length: size }, (_, i) => 0.5 + ((i + from) % 3)));
}
