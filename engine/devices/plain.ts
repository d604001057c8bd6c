import type { Buf, Bytes, Device, Elements } from '../device.ts';
import { dtypes } from '../dtype.ts';
import { withComplex } from './complex.ts';
import { withStrings } from './strings.ts';
import { plainKernels } from './plain/kernels.ts';

/**
 * The device of plain JavaScript: an ordinary buffer for every storage and the
 * kernels that say what each op means. Tests hold the other devices against it.
 */
export const plain: Device = {
  name: 'plain',
  tier: 'plain',
  liveness: null,
  kernels: withStrings(withComplex(plainKernels(elementsOf), elementsOf)),
  overrides: {},
  allocate(length): PlainBytes {
    usage.storages++;
    usage.bytes += length;
    usage.reserved = Math.max(usage.reserved, usage.bytes);
    const buffer = new ArrayBuffer(length);
    return { device: plain, at: 0, length, pins: 0, owned: false, version: 0, buffer };
  },
  release({ length }): void {
    usage.storages--;
    usage.bytes -= length;
  },
  array: elementsOf,
  usage: () => ({ ...usage }),
};

const usage = { storages: 0, bytes: 0, reserved: 0, outside: 0 };

interface PlainBytes extends Bytes {
  readonly buffer: ArrayBuffer;
}

function elementsOf(buf: Buf): Elements {
  const { array: Elements } = dtypes[buf.dtype];
  if (Elements === null) throw new Error(`${buf.dtype} has no elements on the plain device`);
  const bytes = buf.storage.bytes as PlainBytes;
  return new Elements(bytes.buffer, 0, Math.floor(bytes.length / Elements.BYTES_PER_ELEMENT));
}
