import { readFileSync } from 'node:fs';
import { onnxModel } from './onnx.ts';

/** Imports a package from where the peers are installed. */
export type Load = (name: string) => Promise<any>;

interface Peer {
  readonly version: string;
  /** The names its scripts know; `rand(shape)` makes its tensor of random numbers in every one. */
  readonly scope: object;
  /** Before a set-up, and when what it made is to be freed. */
  open(): void;
  close(): void | Promise<void>;
}

const tensorFlow = async (load: Load, backend: string): Promise<Peer> => {
  const tf = await load('@tensorflow/tfjs');
  if (backend === 'wasm') await load('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend(backend))) throw new Error(`no backend '${backend}'`);
  return {
    version: versionOf('@tensorflow/tfjs'),
    scope: { tf, rand: (shape: readonly number[]) => tf.randomUniform(shape) },
    open: () => tf.engine().startScope(),
    close() {
      tf.engine().endScope();
      tf.disposeVariables();
    },
  };
};

export const libraries = {
  'tfjs-cpu': (load: Load) => tensorFlow(load, 'cpu'),
  'tfjs-wasm': (load: Load) => tensorFlow(load, 'wasm'),

  'jax-js': async (load: Load): Promise<Peer> => {
    const jax = await load('@jax-js/jax');
    await jax.init('wasm');
    jax.defaultDevice('wasm');
    const made: any[] = [];
    return {
      version: versionOf('@jax-js/jax'),
      scope: {
        jax,
        np: jax.numpy,
        nn: jax.nn,
        rand(shape: readonly number[]) {
          made.push(jax.random.uniform(jax.random.key(0), shape));
          return made.at(-1);
        },
        /** Its arrays are computed when they are asked for, and freed when nobody counts on them. */
        async done(y: any) {
          await y.blockUntilReady();
          y.dispose();
        },
      },
      open() {},
      close() {
        for (const array of made.splice(0)) array.dispose();
      },
    };
  },

  onnxruntime: async (load: Load): Promise<Peer> => {
    const ort = await load('onnxruntime-node');
    const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    const sessions: any[] = [];
    const list = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    return {
      version: versionOf('onnxruntime-node'),
      scope: {
        rand: (shape: readonly number[]) =>
          new ort.Tensor('float32', Float32Array.from({ length: list(shape) }, Math.random), shape),
        ints(shape: readonly number[], below: number) {
          const data = Int32Array.from({ length: list(shape) }, () => Math.random() * below);
          return new ort.Tensor('int32', data, shape);
        },
        /** One op as a model of its own: a function that runs it. */
        async model(op: string, inputs: any[], attributes = {}, opset = 17) {
          const bytes = onnxModel(op, inputs, attributes, opset);
          const session = await ort.InferenceSession.create(bytes, threads);
          sessions.push(session);
          const feeds = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]));
          return () => session.run(feeds);
        },
      },
      open() {},
      async close() {
        for (const session of sessions.splice(0)) await session.release();
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
