/**
 * Builds the CPU's kernels: writes their AssemblyScript, compiles it and puts
 * the binaries, as text, into engine/devices/cpu/wasm.generated.ts. Skipped
 * when nothing they are made from has changed; `--keep` leaves the sources in
 * .cache for a look.
 */
import asc from 'assemblyscript/asc';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { assembly, runsAssembly, wideAssembly } from './kernels/index.ts';

const target = new URL('../engine/devices/cpu/wasm.generated.ts', import.meta.url);
const sources = {
  fused: assembly({ fused: true }),
  separate: assembly({ fused: false }),
  wide: wideAssembly(),
  runs: runsAssembly(),
};
const options = [
  'kernels.ts',
  '--outFile=kernels.wasm',
  '-O3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--sharedMemory',
  // Their constants lie between two things that are reserved (engine/devices/cpu/room.ts).
  '--memoryBase=1024',
  // The least a memory must have to run them, and the most one may have.
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=threads',
  '--enable=simd',
  '--enable=relaxed-simd',
];
const hash = createHash('sha256')
  .update(JSON.stringify([sources, options, asc.version]))
  .digest('hex');

if (process.argv.includes('--keep')) {
  const cache = new URL('../.cache/', import.meta.url);
  mkdirSync(cache, { recursive: true });
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(new URL(`kernels-${name}.ts`, cache), source);
  }
}
if (existsSync(target) && readFileSync(target, 'utf8').includes(hash)) {
  console.log('kernels: nothing to do');
} else {
  const texts: string[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const binary = await compile(source);
    texts.push(`export const ${name} =\n  '${Buffer.from(binary).toString('base64')}';\n`);
    console.log(`kernels: ${binary.length} bytes, ${name}`);
  }
  const origin = `/** Made by scripts/kernels.ts from sources whose hash is ${hash}. */\n`;
  writeFileSync(target, origin + texts.join(''));
}

async function compile(source: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`kernels: ${stderr.toString()}`);
  return binary;
}
