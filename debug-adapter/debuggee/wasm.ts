/**
 * WebAssembly at full speed under the debugger. V8 compiles what a debugged
 * thread makes with its slowest compiler (a loop took 2.8 times as long), but
 * a module that comes from another thread keeps its fast code. So modules are
 * compiled in the relay's thread and handed over while this one waits.
 */
import {
  MessageChannel,
  receiveMessageOnPort,
  type MessagePort,
  type Worker,
} from 'node:worker_threads';

/** Longer than any module should take; then it is compiled here after all. */
const PATIENCE = 10_000;

export interface Order {
  readonly bytes: Uint8Array;
  readonly port: MessagePort;
  readonly done: SharedArrayBuffer;
}

/** As much of it as we touch; Node's types leave it to the browser's. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array, options?: object) => object };
};

export function compileElsewhere(relay: Worker): void {
  const { Module } = WebAssembly;
  const elsewhere = (bytes: Uint8Array): object | undefined => {
    const { port1, port2 } = new MessageChannel();
    const done = new Int32Array(new SharedArrayBuffer(4));
    const order: Order = { bytes, port: port2, done: done.buffer };
    relay.postMessage(order, [port2]);
    Atomics.wait(done, 0, 0, PATIENCE);
    const answer = receiveMessageOnPort(port1)?.message as object | undefined;
    port1.close();
    return answer;
  };
  WebAssembly.Module = new Proxy(Module, {
    // What does not compile is compiled here again, for its error.
    construct: (target, [bytes, ...rest], self) =>
      (self === WebAssembly.Module && elsewhere(bytes as Uint8Array)) ||
      (Reflect.construct(target, [bytes, ...rest], self) as object),
  });
}

/** The relay's half. */
export function compileHere({ bytes, port, done }: Order): void {
  try {
    port.postMessage(new WebAssembly.Module(bytes));
  } catch {
    port.postMessage(undefined);
  }
  const flag = new Int32Array(done);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
