import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Blas, Sgemm } from '../devices/cpu/turbo.ts';

/** A library with C's cblas_sgemm. */
interface Library {
  readonly name: string;
  /** Names the system's loader knows, or whole paths, by platform; the first that is there is taken. */
  readonly files: { readonly [platform: string]: readonly string[] };
  /** What keeps it from starting threads of its own while it is loaded, in the environment. */
  readonly quiet: readonly string[];
  /** The functions, with their arguments, that switch its threads off and the like, in each thread; those it has not are left out. */
  readonly calls: readonly (readonly [declaration: string, ...args: number[]])[];
  /** A function that says its version and kernels. */
  readonly says?: string;
  /** A function that says 0 where the library was built for callers of a single thread. */
  readonly parallel?: string;
}

const openBlasLibrary: Library = {
  name: 'OpenBLAS',
  files: {
    linux: ['libopenblas.so.0', 'libopenblas.so', 'libopenblasp.so.0', 'libopenblaso.so.0'],
    darwin: [
      '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
      '/usr/local/opt/openblas/lib/libopenblas.dylib',
    ],
    win32: ['libopenblas.dll', 'openblas.dll'],
  },
  quiet: ['OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS'],
  calls: [['void openblas_set_num_threads(int)', 1]],
  says: 'const char* openblas_get_config()',
  parallel: 'int openblas_get_parallel()',
};
const accelerate: Library = {
  name: 'Accelerate',
  files: { darwin: ['/System/Library/Frameworks/Accelerate.framework/Accelerate'] },
  quiet: ['VECLIB_MAXIMUM_THREADS'],
  // BLAS_THREADING_SINGLE_THREADED; from macOS 15 on.
  calls: [['int BLASSetThreading(int)', 1]],
};
const mkl: Library = {
  name: 'MKL',
  files: {
    linux: ['libmkl_rt.so.2', 'libmkl_rt.so.1', 'libmkl_rt.so'],
    win32: ['mkl_rt.2.dll', 'mkl_rt.1.dll', 'mkl_rt.dll'],
  },
  quiet: ['MKL_NUM_THREADS', 'OMP_NUM_THREADS'],
  calls: [
    // MKL_THREADING_SEQUENTIAL; and MKL_CBWR_AUTO with MKL_CBWR_STRICT, so that bits do not depend on where a matrix lies.
    ['int MKL_Set_Threading_Layer(int)', 1],
    ['int MKL_CBWR_Set(int)', 2 | 0x10000],
    ['void MKL_Set_Num_Threads(int)', 1],
  ],
};
/** In the order they are tried. */
const libraries: readonly Library[] = [accelerate, openBlasLibrary, mkl];

/** As much of koffi as is used here. */
export interface Koffi {
  load(file: string): { func(declaration: string): (...args: unknown[]) => unknown };
  address(of: object): bigint;
}

/** Where to look; tests set it otherwise. */
export interface Surroundings {
  readonly platform: string;
  readonly env: NodeJS.ProcessEnv;
  /** koffi, and where it lies. Throws where it is not installed. */
  koffi(): { readonly koffi: Koffi; readonly file: string };
}

/** What another thread needs to open the same library. */
interface Opening {
  readonly koffi: string;
  readonly file: string;
  readonly calls: Library['calls'];
}

/** The system's BLAS over that memory; an error that says why where there is none. */
export function openBlas(
  memory: WebAssembly.Memory,
  around: Surroundings = { platform: process.platform, env: process.env, koffi: findKoffi },
): Blas {
  const { koffi, file: from } = around.koffi();
  const known = libraries.filter(({ files }) => around.platform in files);
  const unfit: string[] = [];
  for (const { name, files, quiet, calls, says, parallel } of known) {
    for (const file of files[around.platform]!) {
      const library = whileQuiet(around.env, quiet, () => {
        try {
          return koffi.load(file);
        } catch {
          return null;
        }
      });
      if (library === null) continue;
      try {
        const data: Opening = { koffi: from, file, calls };
        return {
          sgemm: bind(() => koffi, data),
          about: says === undefined ? name : String(library.func(says)()).trim(),
          base: Number(koffi.address(new Uint8Array(memory.buffer))),
          reentrant: parallel === undefined || library.func(parallel)() !== 0,
          source: bind.toString(),
          data,
        };
      } catch (error) {
        unfit.push(`${file} is there but does not serve: ${(error as Error).message}`);
      }
    }
  }
  if (unfit.length > 0) throw new Error(unfit.join('; '));
  const names = known.map(({ name }) => name).join(' or ') || 'BLAS';
  throw new Error(
    `there is no ${names} that ${around.platform}'s loader finds` +
      (around.platform === 'linux' ? '; the package libopenblas0 (Debian, Ubuntu) brings one' : ''),
  );
}

/**
 * A library's sgemm, with the threads of the library switched off. The source
 * of this function is what a worker runs, too: it names nothing from outside.
 */
function bind(require: (name: string) => unknown, { koffi, file, calls }: Opening): Sgemm {
  const library = (require(koffi) as Koffi).load(file);
  for (const [declaration, ...args] of calls) {
    let call;
    try {
      call = library.func(declaration);
    } catch {
      continue;
    }
    call(...args);
  }
  // Addresses are numbers: koffi would make a pointer out of a typed array in five times the time.
  return library.func(
    'void cblas_sgemm(int, int, int, int, int, int, float, intptr_t, int, intptr_t, int, float, intptr_t, int)',
  ) as Sgemm;
}

/** Runs it with those variables at 1, where nobody has said a number. */
function whileQuiet<R>(env: NodeJS.ProcessEnv, names: readonly string[], run: () => R): R {
  const mine = names.filter((name) => env[name] === undefined);
  for (const name of mine) env[name] = '1';
  try {
    return run();
  } finally {
    for (const name of mine) delete env[name];
  }
}

/** koffi from where the engine is installed, or, where the engine is lent, from where the program is. */
function findKoffi(): { koffi: Koffi; file: string } {
  const program = process.argv[1] ?? path.join(process.cwd(), 'program.js');
  for (const place of [import.meta.url, pathToFileURL(program)]) {
    const from = createRequire(place);
    let file: string;
    try {
      file = from.resolve('koffi');
    } catch {
      continue;
    }
    try {
      return { koffi: from(file) as Koffi, file };
    } catch (error) {
      throw new Error(`koffi is installed, but does not load: ${(error as Error).message}`);
    }
  }
  throw new Error("the package koffi is not installed; 'npm install koffi' brings it");
}
