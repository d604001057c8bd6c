/**
 * Every kernel of the cpu against plain, on odd sizes, nothing at all, every
 * layout and values at which something ends; and bit-equal on teams that cut
 * all work into the smallest parts. The other files here look closer at each.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CpuKernels } from '../../../engine/devices/cpu/kernels.ts';
import type { Buf, Kernels } from '../../../engine/device.ts';
import { isFloat, type DType } from '../../../engine/dtype.ts';
import { reducedOf, resultOf } from '../../../engine/elementwise.ts';
import { maps, reductions, zips } from '../../../engine/formulas.ts';
import { sizeOf, type Shape } from '../../../engine/shape.ts';
import { kit, losing, type Kit } from '../../kit/cpu.ts';
import { agreement, ends, layouts, ordinary, ulps } from '../../kit/values.ts';

/** A result, or an operand: ordinary values with special ones among them. */
type Make = (k: Kit) => Buf;
interface Case {
  readonly what: string;
  readonly results: readonly Make[];
  readonly operands?: readonly Make[];
  readonly run: (kernels: Kernels, results: readonly Buf[], operands: readonly Buf[]) => void;
  /** By so many units in the last place, of `scale` where terms are larger than the result, may it differ from plain. */
  readonly ulps?: number;
  readonly scale?: number;
}

/** Teams of one and of three that cut everything into the smallest parts, and one that loses every job. */
const tiny = (threads: number) => kit(64, undefined, { threads, least: 1, grain: 1, alone: 0 });
const teams = [tiny(1), tiny(3), losing(64)];
const names = ['alone', 'three threads', 'threads that are lost'];

const dtypes = ['f32', 'f64', 'f16', 'i32', 'u8', 'i64', 'bool'] as const;
const shapes: readonly Shape[] = [
  [],
  [0],
  [1],
  [261],
  [33, 17],
  [2, 0, 3],
  [3, 5, 22],
  [1, 9, 1, 4],
];

/** Special values that sums in any order agree about but for rounding: nothing overflows. */
const gentle = [Number.NaN, Infinity, -Infinity, -0, 0, 1e-45, -1e-39, 1];
const drawn =
  (dtype: DType, seed: number, every = 7, special: readonly (number | bigint)[] = ends(dtype)) =>
  (): ((i: number) => number | bigint) => {
    const own = ordinary(dtype, seed);
    return (i) => (i % every === 3 ? special[((i / every) % special.length) | 0]! : own());
  };
const rounded = (dtype: DType) => drawn(dtype, 1, 29, isFloat(dtype) ? gentle : [0, 1]);
const input =
  (
    shape: Shape,
    dtype: DType = 'f32',
    strides?: readonly number[],
    values = drawn(dtype, 1),
  ): Make =>
  (k) =>
    k.make(shape, values(), dtype, strides);
const result =
  (shape: Shape, dtype: DType = 'f32', filled = 1): Make =>
  (k) =>
    k.make(shape, () => filled, dtype);
const indices = (shape: Shape, below: number): Make =>
  input(shape, 'i32', undefined, () => (i) => (i * 7) % below);

/** Every shape in every layout, for the dtypes. */
const everywhere = (
  some: readonly DType[],
  make: (
    shape: Shape,
    dtype: DType,
    strides: readonly number[] | undefined,
    what: string,
  ) => Case[],
): Case[] =>
  some.flatMap((dtype) =>
    shapes.flatMap((shape) =>
      (dtype === 'f32' ? layouts(shape) : layouts(shape).slice(0, 2)).flatMap((strides) =>
        make(shape, dtype, strides, `${dtype} [${shape}] (${strides})`),
      ),
    ),
  );
const fromNothing = (
  some: readonly DType[],
  run: (k: Kernels, out: Buf) => void,
  bound: Pick<Case, 'ulps' | 'scale'> = {},
): Case[] =>
  some.flatMap((dtype) =>
    shapes.map((shape) => ({
      what: `${dtype} [${shape}]`,
      results: [result(shape, dtype)],
      run: (k, [out]) => run(k, out!),
      ...bound,
    })),
  );

const how = { strides: [1, 2], dilations: [1, 1], padding: [[1, 1] as const, [0, 1] as const] };
/** A convolution's y, x and filter, in groups. */
const convolved = { y: [2, 7, 4, 6], x: [2, 7, 8, 4], filter: [3, 2, 2, 6] } as const;

/** The table: what each kernel is tried on. A new kernel is a compile error here until it has a row. */
const table: { readonly [K in keyof CpuKernels]: () => readonly Case[] } = {
  fill: () => fromNothing(dtypes, (k, out) => k.fill(out, out.dtype === 'i64' ? 5n : 1)),

  range: () => fromNothing(['f32', 'f64', 'i32', 'u8'], (k, out) => k.range(out, 3, 2)),

  map: () =>
    (Object.keys(maps) as (keyof typeof maps)[]).flatMap((f) =>
      maps[f].to === 'bits'
        ? []
        : everywhere(['f32'], (shape, dtype, strides, what) => [
            {
              what: `${f} of ${what}`,
              results: [result(shape, resultOf(f, maps[f], dtype))],
              operands: [input(shape, dtype, strides)],
              run: (k, [out], [x]) => k.map(f, out!, x!, -0.25, 0.75),
              ulps: ulps[f] ?? 0,
              scale: ['gelu', 'geluTanh', 'silu'].includes(f) ? 1 : 0,
            },
          ]),
    ),

  zip: () =>
    (Object.keys(zips) as (keyof typeof zips)[]).flatMap((f) =>
      zips[f].to === 'bits'
        ? []
        : everywhere(['f32'], (shape, dtype, strides, what) =>
            [shape, shape.slice(-1), []].map((other): Case => ({
              what: `${f} of ${what} and [${other}]`,
              results: [result(shape, resultOf(f, zips[f], dtype))],
              operands: [
                input(shape, dtype, strides),
                input(other, dtype, undefined, drawn(dtype, 2, 5)),
              ],
              run: (k, [out], [x, y]) => k.zip(f, out!, x!, y!),
              ulps: ulps[f] ?? 0,
              scale: f === 'logAddExp' ? 1 : 0,
            })),
          ),
    ),

  select: () =>
    everywhere(dtypes, (shape, dtype, strides, what) => [
      {
        what,
        results: [result(shape, dtype)],
        operands: [
          input(shape, 'bool', strides),
          input(shape, dtype, strides),
          input(shape.slice(-1), dtype, undefined, drawn(dtype, 2)),
        ],
        run: (k, [out], [test, x, y]) => k.select(out!, test!, x!, y!),
      },
    ]),

  reduce: () =>
    (Object.keys(reductions) as (keyof typeof reductions)[]).flatMap((f) =>
      everywhere(dtypes, (shape, dtype, strides, what) => {
        const extreme = f === 'max' || f === 'min';
        // Extremes of nothing are an error of the op; products of many do not stay in range.
        if ((extreme && sizeOf(shape) === 0) || (f === 'prod' && isFloat(dtype))) return [];
        const to = reducedOf(f, f, dtype);
        const rounds = isFloat(to) && !extreme;
        const values = rounds ? rounded(dtype) : drawn(dtype, 1);
        return [[0], [shape.length - 1], shape.map((_, i) => i)].flatMap((axes): Case | [] =>
          shape.length === 0
            ? []
            : {
                what: `${f} of ${what} over ${axes}`,
                results: [
                  result(
                    shape.filter((_, i) => !axes.includes(i)),
                    to,
                  ),
                ],
                operands: [input(shape, dtype, strides, values)],
                run: (k, [out], [x]) => k.reduce(f, out!, x!, axes),
                ulps: rounds ? 8 : 0,
                scale: 40 * (isFloat(dtype) ? 1 : 1000),
              },
        );
      }),
    ),

  argReduce: () =>
    (['argMax', 'argMin'] as const).flatMap((f) =>
      everywhere(dtypes, (shape, dtype, strides, what) =>
        sizeOf(shape) === 0
          ? []
          : shape.map((_, axis): Case => ({
              what: `${f} of ${what} along ${axis}`,
              results: [result(shape.toSpliced(axis, 1), 'i32')],
              operands: [input(shape, dtype, strides)],
              run: (k, [out], [x]) => k.argReduce(f, out!, x!, axis),
            })),
      ),
    ),

  matMul: () =>
    (['f32', 'f64', 'i32'] as const).flatMap((dtype) =>
      [
        [1, 1, 1],
        [3, 0, 5],
        [0, 3, 2],
        [1, 70, 33],
        [33, 17, 1],
        [7, 65, 21],
        [34, 260, 35],
      ].flatMap(([m, inner, n]) =>
        [false, true].map((turned): Case => {
          const values = isFloat(dtype) ? drawn(dtype, 1, 997, gentle) : drawn(dtype, 1);
          const [a, b] = [
            [m!, inner!],
            [inner!, n!],
          ];
          return {
            what: `${dtype} [${a}] @ [${b}], turned: ${turned}`,
            results: [result([m!, n!], dtype)],
            operands: [
              input(a, dtype, turned ? [1, m!] : undefined, values),
              input(b, dtype, turned ? [1, inner!] : undefined, values),
            ],
            run: (k, [out], [x, y]) => k.matMul(out!, x!, y!),
            ulps: isFloat(dtype) ? 8 : 0,
            scale: 100,
          };
        }),
      ),
    ),

  conv: () =>
    (['f32', 'f64', 'i32'] as const).flatMap((dtype) =>
      (['y', 'x', 'filter'] as const).map((side): Case => {
        const [a, b] = (['x', 'y', 'filter'] as const).filter((one) => one !== side);
        const order = side === 'x' ? (['y', 'filter'] as const) : ([a!, b!] as const);
        return {
          what: `${side} of ${dtype}`,
          results: [result(convolved[side], dtype)],
          operands: order.map((one, i) =>
            input(convolved[one], dtype, undefined, () => ordinary(dtype, i)),
          ),
          run: (k, [out], [x, y]) => k.conv(side, out!, x!, y!, { ...how, groups: 2 }),
          ulps: isFloat(dtype) ? 8 : 0,
          scale: 40,
        };
      }),
    ),

  maxPool: () =>
    (['f32', 'f64', 'u8'] as const).flatMap((dtype) =>
      [false, true].map((inBatch): Case => ({
        what: `${dtype}, places in the batch: ${inBatch}`,
        results: [result([2, 7, 4, 5], dtype), result([2, 7, 4, 5], 'i32')],
        operands: [input([2, 7, 8, 5], dtype)],
        run: (k, [out, places], [x]) => k.maxPool(out!, places!, x!, [3, 2], how, inBatch),
      })),
    ),

  place: () =>
    everywhere(dtypes, (shape, dtype, strides, what) =>
      [1, 2, -1].map((step): Case => ({
        what: `${what} in steps of ${step}`,
        results: [
          result(
            shape.map((n) => 2 * n + 1),
            dtype,
          ),
        ],
        operands: [input(shape, dtype, strides)],
        run: (k, [out], [x]) =>
          k.place(
            out!,
            x!,
            shape.map((n) => (step < 0 ? Math.max(n - 1, 0) : 1)),
            shape.map(() => step),
          ),
      })),
    ),

  gather: () =>
    everywhere(dtypes, (shape, dtype, strides, what) =>
      sizeOf(shape) === 0
        ? []
        : shape.map((n, axis): Case => ({
            what: `${what} along ${axis}`,
            results: [result(shape.toSpliced(axis, 1, 13), dtype)],
            operands: [input(shape, dtype, strides), indices([13], n)],
            run: (k, [out], [x, at]) => k.gather(out!, x!, at!, axis, 0),
          })),
    ),

  scatterAdd: () =>
    everywhere(dtypes, (shape, dtype, strides, what) =>
      sizeOf(shape) === 0 || dtype === 'bool'
        ? []
        : shape.map((n, axis): Case => ({
            what: `${what} along ${axis}`,
            // Sums begin at zero.
            results: [result(shape.with(axis, 5), dtype, 0)],
            operands: [input(shape, dtype, strides, rounded(dtype)), indices([n], 5)],
            run: (k, [out], [x, at]) => k.scatterAdd(out!, x!, at!, axis, 0),
            // The cpu rounds these once, plain each time.
            ...(dtype === 'f16' && { ulps: 8, scale: 16 }),
          })),
    ),

  oneHot: () =>
    everywhere(dtypes, (shape, dtype, strides, what) => [
      {
        what,
        results: [result([...shape, 6], dtype)],
        operands: [input(shape, 'i32', strides, () => (i) => ((i * 5) % 8) - 1)],
        run: (k, [out], [at]) => k.oneHot(out!, at!, 3, 1),
      },
    ]),

  sort: () =>
    everywhere(dtypes, (shape, dtype, strides, what) =>
      shape.flatMap((_, axis) =>
        [false, true].map((falling): Case => ({
          what: `${what} along ${axis}, falling: ${falling}`,
          results: [result(shape, dtype), result(shape, 'i32')],
          operands: [input(shape, dtype, strides)],
          run: (k, [values, places], [x]) => k.sort(values!, places!, x!, axis, falling),
        })),
      ),
    ),

  scan: () =>
    (['sum', 'prod', 'max', 'min'] as const).flatMap((f) =>
      everywhere(['f32', 'f64', 'i32', 'u8', 'i64'], (shape, dtype, strides, what) =>
        shape.flatMap((_, axis) => {
          const extreme = f === 'max' || f === 'min';
          const to = extreme ? dtype : reducedOf(f, f, dtype);
          const values = extreme || !isFloat(dtype) ? drawn(dtype, 1) : rounded(dtype);
          return [false, true].map((reverse): Case => ({
            what: `${f} of ${what} along ${axis}, reverse: ${reverse}`,
            results: [result(shape, to), ...(extreme ? [result(shape, 'i32')] : [])],
            operands: [input(shape, dtype, strides, values)],
            run: (k, [out, places], [x]) =>
              k.scan(f, out!, places ?? null, x!, axis, reverse && !extreme, reverse),
          }));
        }),
      ),
    ),

  random: () =>
    (['uniform', 'normal'] as const).flatMap((f) =>
      fromNothing(
        ['f32', 'f64', 'f16', 'i32', 'u8'],
        (k, out) => k.random(f, out, [3, 4], 0, 50),
        // Of the logarithm's roundings.
        f === 'normal' ? { ulps: 4, scale: 50 } : {},
      ),
    ),

  calculate: () =>
    everywhere(dtypes, (shape, dtype, strides, what) => [
      {
        what,
        results: [result(shape, dtype)],
        operands: [input(shape, dtype, strides)],
        run: (k, [out], [x]) =>
          k.calculate([out!], [x!], ([to], [from]) => from!.forEach((v, i) => (to![i] = v))),
      },
    ]),
};

test('every kernel of the cpu has a row', () => {
  assert.deepEqual(Object.keys(table).sort(), Object.keys(teams[0]!.cpu).sort());
});

for (const [kernel, cases] of Object.entries(table))
  test(`${kernel} agrees with plain, on any number of threads`, () => {
    for (const { what, results, operands = [], run, ulps = 0, scale = 0 } of cases()) {
      const say = `${kernel}: ${what}`;
      const made = teams.map((k) => {
        k.reset();
        const given = operands.map((make) => make(k));
        const got = results.map((make) => make(k));
        run(k.cpu, got, given);
        if (k === teams[0]) {
          const want = results.map((make) => make(k));
          run(k.plain, want, given);
          got.forEach((out, i) => agree(out, want[i]!, ulps, say, scale));
        }
        // As numbers, because V8 gives not-a-number now one sign, now the other.
        return got.map((out) => (isFloat(out.dtype) ? k.read(out) : k.bits(out)));
      });
      made.slice(1).forEach((own, i) => assert.deepEqual(own, made[0], `${say}, ${names[i + 1]}`));
    }
  });
const agree = agreement(teams[0]!);
