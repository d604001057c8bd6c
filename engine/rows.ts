import { brief } from './brief.ts';
import { dtypes, isComplex } from './dtype.ts';
import { reader, show } from './element.ts';
import type { Stats, TensorInfo, TensorRow } from './protocol.ts';
import { denseStrides, stridesOf } from './shape.ts';
import { place } from './sites.ts';
import { statsOf } from './stats.ts';
import { opLog } from './op-log/log.ts';
import { ended, gone, isNone, unmade, unsaved } from './storage.ts';
import type { Storage } from './storage.ts';
import { describe, GONE, Tensor } from './tensor.ts';
import { Variable } from './variable.ts';

/** How a debugger's row speaks of a tensor: `f32[32,784] cpu  mean 0.131  sd 0.309`. */

/** The prototypes of subclasses inherit from tensors as well, and are none. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor && Object.hasOwn(value, 'storage');
}

/** With statistics where they are known or `wanted`; a row without them is at once there. */
export function rowOf(tensor: Tensor, wanted = true): TensorRow {
  const info = infoOf(tensor);
  const stats = wanted || cache.get(tensor)?.version === info.version ? known(tensor) : undefined;
  return { ...info, text: textOf(tensor, stats), ...(stats ? { stats } : {}) };
}

/** Statistics, cached until the storage is written to; exact ones above ten million elements only when asked for. */
export function statistics(tensor: Tensor, exact: boolean): Stats {
  const { version } = tensor.storage;
  const old = cache.get(tensor);
  if (old && old.version === version && old.bytes === tensor.storage.bytes) {
    if (!old.stats.sampled || !exact) return old.stats;
  }
  const stats = statsOf(tensor, exact);
  cache.set(tensor, { version, bytes: tensor.storage.bytes, stats });
  return stats;
}

/** A result that is called as what it came from, `variable` of an optimizer's step, is `newVariable` in a frame, where both are spoken of by name. */
export function apart<Named extends { readonly name: string }>(
  inputs: readonly Named[],
  outputs: readonly Named[],
): readonly Named[] {
  const taken = new Set(inputs.map(({ name }) => name));
  return outputs.map((output) =>
    taken.has(output.name)
      ? { ...output, name: `new${output.name[0]!.toUpperCase()}${output.name.slice(1)}` }
      : output,
  );
}

export function infoOf(tensor: Tensor): TensorInfo {
  const { id, shape, dtype, storage, origin, offset, strides, size } = tensor;
  const none = isNone(storage);
  const variable = tensor instanceof Variable;
  const site = origin ? place(origin.site) : undefined;
  return {
    id,
    storage: storage.id,
    shape,
    dtype,
    device: none ? '' : storage.bytes.device.name,
    bytes: none ? 0 : storage.bytes.length,
    view:
      !none &&
      (strides !== null || offset > 0 || size * dtypes[dtype].bytes < storage.bytes.length),
    variable,
    ...(variable && tensor.name ? { name: tensor.name } : {}),
    ...(origin ? { op: origin.op, path: origin.path } : {}),
    ...(site ? { site } : {}),
    version: storage.version,
    disposed: none && storage !== gone,
    saved: !none && storage.bytes.pins > (opLog.values.holds(storage.bytes) ? 1 : 0),
    readOnly: none,
  };
}

/** What it costs to hold on to a tensor, and how many rows it has. */
export function extentOf({ shape, storage }: Tensor): { bytes: number; rows: number } {
  const none = isNone(storage);
  return { bytes: none ? 0 : storage.bytes.length, rows: shape[0] ?? 0 };
}

interface Known {
  readonly version: number;
  readonly bytes: Storage['bytes'];
  readonly stats: Stats;
}
const cache = new WeakMap<Tensor, Known>();

function known(tensor: Tensor): Stats | undefined {
  const { storage, size } = tensor;
  return isNone(storage) || size === 0 ? undefined : statistics(tensor, false);
}

/** The first texts, as many as a row has room for. */
function beginning(tensor: Tensor): string {
  const { shape, offset, size } = tensor;
  const [read, dense, strides] = [reader(tensor), denseStrides(shape), stridesOf(tensor)];
  const words: string[] = [];
  for (let i = 0, room = 50; i < size && room > 0; i++) {
    const at = shape.reduce((sum, n, axis) => {
      return sum + (Math.floor(i / dense[axis]!) % n) * strides[axis]!;
    }, offset);
    const word = show(read(at), 'string');
    words.push(word.length > room ? `${word.slice(0, room)}…` : word);
    room -= word.length + 2;
  }
  return [...words, ...(words.length < size ? ['…'] : [])].join(', ');
}

function textOf(tensor: Tensor, stats: Stats | undefined): string {
  const head = describe(tensor);
  if (tensor.storage === ended) return `${head} disposed`;
  if (tensor.storage === unsaved) return `${head} values not saved`;
  if (tensor.storage === unmade) return `${head} not made yet`;
  if (tensor.storage === gone) return `${head} gone: ${GONE}`;
  const { name } = tensor.storage.bytes.device;
  if (tensor.size === 1) {
    return `${head} ${name}  ${show(reader(tensor)(tensor.offset), tensor.dtype)}`;
  }
  if (tensor.dtype === 'string') return `${head} ${name}  ${beginning(tensor)}`;
  if (!stats) return `${head} ${name}`;
  const about = stats.sampled ? '~' : '';
  return [
    `${head} ${name}`,
    `${isComplex(tensor.dtype) ? 'abs ' : ''}mean ${about}${brief(stats.mean)}`,
    `sd ${about}${brief(stats.sd)}`,
    ...(stats.nan ? [`NaN ${about}${stats.nan}`] : []),
    ...(stats.inf ? [`Inf ${about}${stats.inf}`] : []),
  ].join('  ');
}
