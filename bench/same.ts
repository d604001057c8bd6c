import type { Peer } from './subject.ts';

export interface Shapes {
  readonly [name: string]: readonly number[];
}

/**
 * What the peers run for the same op on random f32 tensors of these shapes, an
 * expression each; those left out do not have it. That of onnxruntime is the
 * name of its op, the inputs and the attributes: what its `model` takes.
 */
export interface Same {
  readonly torch?: string;
  readonly numpy?: string;
  readonly tfjs?: string;
  /** TensorFlow.js without WebAssembly is slow enough to be left out of what is big. */
  readonly small?: boolean;
  readonly jax?: string;
  readonly onnx?: string;
}

export function same(shapes: Shapes, { torch, numpy, tfjs, small, jax, onnx }: Same) {
  const made = (rand: (shape: readonly number[]) => string, keyword = '') =>
    Object.entries(shapes)
      .map(([name, shape]) => `${keyword}${name} = ${rand(shape)}`)
      .join('\n');
  const scripted = made((shape) => `rand([${shape.join()}])`, 'const ');
  const peers: { [name: string]: Peer } = {};
  if (torch !== undefined) {
    const setup = `import torch\n${made((shape) => `torch.rand(${shape.join()})`)}`;
    peers.PyTorch = { module: 'torch', setup, run: torch };
  }
  if (numpy !== undefined) {
    const array = (shape: readonly number[]) =>
      `np.random.rand(${shape.join()}).astype(np.float32)`;
    peers.NumPy = { module: 'numpy', setup: `import numpy as np\n${made(array)}`, run: numpy };
  }
  if (tfjs !== undefined) {
    const run = `tf.tidy(() => void ${tfjs});`;
    peers['TF.js wasm'] = { module: 'tfjs-wasm', setup: scripted, run };
    if (small) peers['TF.js cpu'] = { module: 'tfjs-cpu', setup: scripted, run };
  }
  if (jax !== undefined) {
    peers['jax-js'] = { module: 'jax-js', setup: scripted, run: `await done(${jax});` };
  }
  if (onnx !== undefined) {
    const setup = `${scripted}\nconst session = await model(${onnx});`;
    peers.onnxruntime = { module: 'onnxruntime', setup, run: 'await session();' };
  }
  return peers;
}
