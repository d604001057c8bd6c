import type { Site, TensorId } from '../protocol.ts';

/** The element that is asked about: of a tensor, or of what an entry of the op log worked on. */
export type OriginOf =
  | { readonly tensor: TensorId; readonly index: readonly number[] }
  | { readonly entry: number; readonly input: number; readonly index: readonly number[] };

/** An element, what made it, and the elements that it was made of. */
export interface Origin {
  /** `f32[2,3]`, its place in it, and its value where that is known. */
  readonly tensor: string;
  readonly index: readonly number[];
  readonly value?: string;
  /** `matMul`, `∇sqrt`, `assign`; absent where nobody saw what made it. */
  readonly op?: string;
  readonly path: string;
  readonly site?: Site;
  /** The entry of the op log; absent with the op. */
  readonly entry?: number;
  /** What is to be said where nothing can be followed, or not surely. */
  readonly note?: string;
  /** Inputs of which elements matter, those that are no number first. */
  readonly inputs: readonly OriginInput[];
}

export interface OriginInput {
  /** As the op calls it, and which of all its inputs. */
  readonly name: string;
  readonly input: number;
  readonly tensor: string;
  /** How many elements fed it; those that matter most are listed. */
  readonly total: number;
  readonly cells: readonly { readonly index: readonly number[]; readonly value?: string }[];
}
