/** Element types: names, sizes and what becomes of two that meet. */
export type DType =
  | 'bool'
  | 'u8'
  | 'i8'
  | 'i16'
  | 'u16'
  | 'i32'
  | 'u32'
  | 'i64'
  | 'u64'
  | 'f16'
  | 'bf16'
  | 'f32'
  | 'f64'
  | 'c64'
  | 'c128'
  | 'string';
