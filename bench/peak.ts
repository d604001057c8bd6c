import asc from 'assemblyscript/asc';
import { median } from './outcome.ts';
import { time } from './subject.ts';

/** Fused multiply-adds of six rows by two vectors from a panel that stays in the first cache: the shape of the product's own block. */
const registers = Array.from({ length: 12 }, (_, i) => `r${i}`);
const SOURCE = `
export function loop(n: i32): f32 {
  ${registers.map((r) => `let ${r} = f32x4.splat(0);`).join('\n')}
  for (let i = 0; i < n; i++) {
    let x: usize = 0, y: usize = 4096;
    for (let k = 0; k < 128; k++) {
      const y0 = v128.load(y), y1 = v128.load(y, 16);
      ${[0, 1, 2, 3, 4, 5].map((i) => `const x${i} = v128.load32_splat(x, ${4 * i});`).join('\n')}
      ${registers.map((r, i) => `${r} = f32x4.relaxed_madd(x${i >> 1}, y${i % 2}, ${r});`).join('\n')}
      x += 24; y += 32;
    }
  }
  return f32x4.extract_lane(${registers.reduce((sum, r) => `f32x4.add(${sum}, ${r})`)}, 0);
}`;
/** Operations in one run of the inner loop. */
const FLOPS = 128 * 12 * 4 * 2;

const loop = await compile();
const REPEATS = 2000;
// Compiled in the background while it runs for the first time.
for (let i = 0; i < 20; i++) loop(REPEATS);

/** The most operations per second that 128-bit multiply-adds reach here now: what no matMul of the simd tier can pass. */
export function peak(quick: boolean): number {
  const seconds = [0, 1, 2].map(() => time(() => loop(REPEATS), REPEATS, quick));
  return FLOPS / median(seconds);
}

async function compile(): Promise<(n: number) => number> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'peak.ts',
      '--outFile=peak.wasm',
      '-O3',
      '--noAssert',
      '--runtime=stub',
      '--initialMemory=1',
      '--enable=simd',
      '--enable=relaxed-simd',
    ],
    {
      readFile: (name) => (name === 'peak.ts' ? SOURCE : null),
      writeFile: (name, contents) => {
        if (name === 'peak.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`bench: ${stderr.toString()}`);
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>, {
    env: { abort: () => {} },
  });
  return instance.exports.loop as (n: number) => number;
}
