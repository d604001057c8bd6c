import { readFileSync } from 'node:fs';
import { onnxModel } from './onnx.ts';

/** Imports a package from where the peers are installed. */
export type Load = (name: string) => Promise<any>;

interface Peer {
  readonly version: string;
  /** The names its scripts know; `rand(shape)` makes its tensor of random numbers in every one. */
  readonly scope: object;
}

const tensorFlow = async (load: Load, backend: string): Promise<Peer> => {
  const tf = await load('@tensorflow/tfjs-core');
  await load(`@tensorflow/tfjs-backend-${backend}`);
  if (!(await tf.setBackend(backend))) throw new Error(`no backend '${backend}'`);
  return {
    version: versionOf('@tensorflow/tfjs-core'),
    scope: { tf, rand: (shape: readonly number[]) => tf.randomUniform(shape) },
  };
};

export const libraries = {
  'tfjs-cpu': (load: Load) => tensorFlow(load, 'cpu'),
  'tfjs-wasm': (load: Load) => tensorFlow(load, 'wasm'),

  'jax-js': async (load: Load): Promise<Peer> => {
    const jax = await load('@jax-js/jax');
    await jax.init('wasm');
    jax.defaultDevice('wasm');
    return {
      version: versionOf('@jax-js/jax'),
      scope: {
        jax,
        np: jax.numpy,
        nn: jax.nn,
        lax: jax.lax,
        rand: (shape: readonly number[]) => jax.random.uniform(jax.random.key(0), shape),
        /** Its arrays are computed when they are asked for, and freed when nobody counts on them. */
        done: async (y: any) => {
          await y.blockUntilReady();
          y.dispose();
        },
      },
    };
  },

  onnxruntime: async (load: Load): Promise<Peer> => {
    const ort = await load('onnxruntime-node');
    const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    const float = (shape: readonly number[]) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.random());
    return {
      version: versionOf('onnxruntime-node'),
      scope: {
        rand: (shape: readonly number[]) => new ort.Tensor('float32', float(shape), shape),
        ints: (length: number, below: number) =>
          new ort.Tensor(
            'int32',
            Int32Array.from({ length }, () => Math.random() * below),
            [length],
          ),
        /** One op as a model of its own: a function that runs it. */
        model: async (op: string, inputs: any[], attributes = {}, opset = 17) => {
          const bytes = onnxModel(op, inputs, attributes, opset);
          const session = await ort.InferenceSession.create(bytes, threads);
          const feeds = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]));
          return () => session.run(feeds);
        },
      },
    };
  },
} satisfies { readonly [name: string]: (load: Load) => Promise<Peer> };

export type Library = keyof typeof libraries;

/** The version that is installed: packages are pinned, and the process runs in their folder. */
function versionOf(name: string): string {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: { readonly [name: string]: string };
  };
  return dependencies[name]!;
}
