/** What of an onnxruntime tensor a model has to know. */
interface Tensor {
  readonly type: string;
  readonly dims: readonly number[];
}

type Attribute = number | readonly number[];

/**
 * An ONNX model of one node with the inputs `x0`, `x1`, ... and the output `y`,
 * as onnx.proto3 of the ONNX project writes it. Whole numbers among the
 * attributes are ints, others floats, lists are of ints.
 */
export function onnxModel(
  op: string,
  inputs: readonly Tensor[],
  attributes: { readonly [name: string]: Attribute },
  opset: number,
): Uint8Array {
  const names = inputs.map((_, i) => `x${i}`);
  const node = [
    ...names.map((name) => text(1, name)),
    text(2, 'y'),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, attribute(name, value))),
  ];
  const graph = [
    message(1, node),
    text(2, op),
    ...inputs.map(({ type, dims }, i) => message(11, valueInfo(names[i]!, type, dims))),
    message(12, valueInfo('y', op.startsWith('Arg') ? 'int64' : 'float32', null)),
  ];
  return Uint8Array.from(
    [number(1, IR_VERSION), message(7, graph), message(8, [number(2, opset)])].flat(),
  );
}

const IR_VERSION = 8;
/** Of TensorProto.DataType. */
const elements: { readonly [type: string]: number } = { float32: 1, int32: 6, int64: 7 };
/** Of AttributeProto.AttributeType. */
const [FLOAT, INT, INTS] = [1, 2, 7];

type Bytes = readonly number[];

function attribute(name: string, value: Attribute): readonly Bytes[] {
  if (typeof value !== 'number') {
    return [text(1, name), ...value.map((n) => number(8, n)), number(20, INTS)];
  }
  if (Number.isInteger(value)) return [text(1, name), number(3, value), number(20, INT)];
  const float = new Uint8Array(new Float32Array([value]).buffer);
  return [text(1, name), [(2 << 3) | 5, ...float], number(20, FLOAT)];
}

function valueInfo(name: string, type: string, dims: readonly number[] | null): readonly Bytes[] {
  const shape =
    dims === null
      ? []
      : [
          message(
            2,
            dims.map((n) => message(1, [number(1, n)])),
          ),
        ];
  const tensor = message(1, [number(1, elements[type]!), ...shape]);
  return [text(1, name), message(2, [tensor])];
}

/** Fields of the Protocol Buffers wire format: a varint, or bytes with their length before them. */
function number(field: number, value: number): Bytes {
  return [...varint(BigInt(field << 3)), ...varint(BigInt.asUintN(64, BigInt(value)))];
}

function text(field: number, value: string): Bytes {
  return bytes(field, [...Buffer.from(value)]);
}

function message(field: number, fields: readonly Bytes[]): Bytes {
  return bytes(field, fields.flat());
}

function bytes(field: number, value: Bytes): Bytes {
  return [...varint(BigInt((field << 3) | 2)), ...varint(BigInt(value.length)), ...value];
}

function varint(value: bigint): Bytes {
  const list: number[] = [];
  for (; value > 127n; value >>= 7n) list.push(Number(value & 127n) | 128);
  return [...list, Number(value)];
}
