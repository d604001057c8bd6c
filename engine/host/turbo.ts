import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import type { Turbo } from '../devices/cpu/turbo.ts';
import { openBlas } from './blas.ts';

/** What Node has to multiply matrices faster. */
export const turbo: Turbo = {
  wanted: process.env.TAPEDECK_TIER,
  compileWide,
  openBlas: (memory) => openBlas(memory),
};

/**
 * What V8 must be told, and what takes it back. Revectorization is a matter of
 * the optimizing compiler alone, and of the moment it compiles: so all of the
 * module is compiled by it, at once.
 */
const flags = ['experimental-wasm-revectorize', 'no-liftoff', 'no-wasm-lazy-compilation'] as const;

/** Compiles a module with V8's revectorization, which is on for this module and no longer. */
function compileWide(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const missing = lacking();
  if (missing !== null) throw new Error(missing);
  // What somebody set on the command line stays.
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? '']
    .join(' ')
    .replaceAll('_', '-');
  const mine = flags.filter((flag) => !given.includes(flag.replace(/^no-/, '')));
  for (const flag of mine) setFlagsFromString(`--${flag}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of mine) setFlagsFromString(`--${opposite(flag)}`);
  }
}

function opposite(flag: string): string {
  return flag.startsWith('no-') ? flag.slice(3) : `no-${flag}`;
}

/** What decides whether V8 can. */
export interface Runtime {
  readonly arch: string;
  readonly version: string;
  readonly config: { readonly variables: object };
  /** The processor's features; null where the system does not list them. */
  readonly features: string | null;
}

/** Why V8 does not revectorize here; null where it does. A V8 that does not know the flag must not be given it. */
export function lacking({ arch, version, config, features }: Runtime = here()): string | null {
  if (arch !== 'x64') return `V8 has registers of 256 bits on x64, not on ${arch}`;
  const { v8_enable_wasm_simd256_revec: built } = config.variables as { [name: string]: unknown };
  if (Number(built) !== 1)
    return `the V8 of Node ${version} was built without revectorization; that of Node 24 has it`;
  if (features !== null && !(/\bavx2\b/.test(features) && /\bfma\b/.test(features)))
    return 'this processor has no AVX2 with FMA';
  return null;
}

function here(): Runtime {
  const { arch, version, config } = process;
  const list = '/proc/cpuinfo';
  return { arch, version, config, features: existsSync(list) ? readFileSync(list, 'utf8') : null };
}
