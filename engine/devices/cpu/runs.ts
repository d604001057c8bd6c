import type { Runs, Workspace } from '../../linalg/workspace.ts';
import { runs as code } from './wasm.generated.ts';

/** 128 MiB: three matrices of 2000 rows and columns, with what is between. */
const PAGES = 2 ** 11;

/** The memory of decompositions, and what is compiled over it; null where the system does not give as much. */
export function openWorkspace(): Workspace | null {
  try {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { buffer: memory.buffer, runs: exports as unknown as Runs };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
