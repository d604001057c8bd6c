/** What is to be said of a tensor beside its values. */
import type { Stats, TensorRow } from '../engine/protocol.ts';

/** One line: `401,408 bytes, matMul in encoder/dense1, a view`. */
export function about(tensor: TensorRow): string {
  const { bytes, op, path, view, variable, saved } = tensor;
  return [
    size(bytes),
    ...(op ? [path ? `${op} in ${path}` : op] : []),
    ...(variable ? ['a variable'] : []),
    ...(view ? ['a view'] : []),
    ...(saved ? ['saved by a tape'] : []),
  ].join(', ');
}

/** Its statistics, exact, and where it comes from. */
export function facts(
  tensor: TensorRow,
  stats: Stats,
): readonly { readonly name: string; readonly value: string }[] {
  const { min, max, mean, sd, zeros, nan, inf } = stats;
  const { shape, dtype, device, bytes, storage, version, op, path, site } = tensor;
  const list: Record<string, unknown> = {
    min,
    max,
    mean,
    sd,
    zeros,
    NaN: nan,
    Inf: inf,
    shape: `[${shape.join(', ')}]`,
    dtype,
    device,
    bytes: bytes.toLocaleString('en'),
    storage: `${storage}, written ${version} times`,
    ...(op ? { 'made by': path ? `${op} in ${path}` : op } : {}),
    ...(site ? { 'made at': `${site.url.split('/').at(-1)}:${site.line}` } : {}),
  };
  return Object.entries(list).map(([name, value]) => ({ name, value: String(value) }));
}

/** `12 bytes`, `1.5 KB`, `40.1 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const unit = bytes < 1e6 ? 'KB' : bytes < 1e9 ? 'MB' : 'GB';
  const scale = { KB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${(bytes / scale).toFixed(1)} ${unit}`;
}
