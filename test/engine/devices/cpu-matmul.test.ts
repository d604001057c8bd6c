import { test } from 'node:test';
import { broadcast, denseStrides, type Shape } from '../../../engine/shape.ts';
import { builds, type Build } from '../../../engine/devices/cpu/wasm.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, ordinary } from '../../kit/values.ts';

for (const build of Object.keys(builds) as Build[]) {
  const k = kit(64, build);
  const agree = agreement(k);

  test(`matMul agrees with plain around every block, with any operand on its side (${build})`, () => {
    const sizes = [1, 2, 3, 5, 6, 8, 15, 16, 17, 33, 97];
    const check = (
      m: number,
      n: number,
      inner: number,
      xStrides?: readonly number[],
      yStrides?: readonly number[],
    ) => {
      k.reset();
      const x = k.make([m, inner], ordinary('f32', 1), 'f32', xStrides);
      const y = k.make([inner, n], ordinary('f32', 2), 'f32', yStrides);
      const [got, want] = [k.make([m, n], () => 7), k.make([m, n], () => 8)];
      k.cpu.matMul(got, x, y);
      k.plain.matMul(want, x, y);
      agree(got, want, 4, `[${m},${inner}] (${xStrides}) @ [${inner},${n}] (${yStrides})`, inner);
    };
    for (const m of sizes)
      for (const n of sizes)
        for (const inner of [0, 1, 4, 7, 18]) {
          check(m, n, inner);
          check(m, n, inner, [1, m]);
          check(m, n, inner, undefined, [1, inner]);
          check(m, n, inner, [1, m], [1, inner]);
        }
    for (const inner of [255, 256, 257, 600]) check(9, 21, inner);
    check(3, 2070, 5);
    check(1, 2070, 301);
    check(2070, 1, 301);
    check(200, 18, 300);
    check(5, 6, 7, [0, 1], [-6, -1]);
    check(5, 6, 7, [21, 3], [12, 2]);
    check(1, 6, 7, [21, 3], [12, 2]);
    check(0, 3, 4);
    check(4, 0, 3);
  });

  test(`matMul broadcasts leading axes (${build})`, () => {
    const cases: readonly (readonly [Shape, Shape])[] = [
      [
        [4, 5, 6],
        [4, 6, 7],
      ],
      [
        [4, 5, 6],
        [6, 7],
      ],
      [
        [5, 6],
        [4, 6, 7],
      ],
      [
        [2, 3, 5, 6],
        [2, 3, 6, 7],
      ],
      [
        [2, 1, 5, 6],
        [3, 6, 7],
      ],
      [
        [2, 3, 1, 6],
        [2, 1, 6, 7],
      ],
      [
        [2, 3, 1, 5, 6],
        [3, 4, 6, 1],
      ],
      [
        [0, 5, 6],
        [6, 7],
      ],
    ];
    for (const [s, u] of cases) {
      const shape = [...broadcast('matMul', s.slice(0, -2), u.slice(0, -2)), s.at(-2)!, u.at(-1)!];
      for (const xs of [undefined, denseStrides(s.toReversed()).toReversed()]) {
        k.reset();
        const x = k.make(s, ordinary('f32', 1), 'f32', xs);
        const y = k.make(u, ordinary('f32', 2));
        const [got, want] = [k.make(shape, () => 7), k.make(shape, () => 8)];
        k.cpu.matMul(got, x, y);
        k.plain.matMul(want, x, y);
        agree(got, want, 4, `[${s}] (${xs}) @ [${u}]`, 4);
      }
    }
  });

  test(`matMul carries not-a-number and infinities (${build})`, () => {
    for (const [m, n] of [
      [1, 20],
      [20, 1],
      [5, 20],
    ] as const) {
      k.reset();
      const x = k.make([m, 9], (i) => (i === 4 ? Number.NaN : i === 7 ? Infinity : 1));
      const y = k.make([9, n], (i) => (i === n ? -Infinity : 1));
      const [got, want] = [k.make([m, n]), k.make([m, n])];
      k.cpu.matMul(got, x, y);
      k.plain.matMul(want, x, y);
      agree(got, want, 0, `${m} by ${n}`);
    }
  });
}
