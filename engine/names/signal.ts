// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Frames of `frameLength` elements along the last axis, `frameStep` apart: `[..., samples]` becomes
 * `[..., frames, frameLength]`. With `padEnd` frames begin as long as there are elements, and those that are missing
 * are `padValue`; else what does not fill a frame is left out.
 */
export const frame = functions.frame;
/** The Hamming window `0.54 - 0.46 cos(2 pi i / n)`; for odd lengths with `n - 1` in place of n, as in TensorFlow. */
export const hammingWindow = functions.hammingWindow;
/** The Hann window `(1 - cos(2 pi i / n)) / 2`; for odd lengths with `n - 1` in place of n, as in TensorFlow. */
export const hannWindow = functions.hannWindow;
/**
 * The signal of which `stft` gives this with the same arguments: frames by `irfft`, windowed once more, laid over one
 * another and divided by what the windows add up to (Griffin and Lim, 1984). What no window reaches is 0.
 */
export const istft = functions.istft;
/**
 * Frames laid over one another, `frameStep` apart, and added: `[..., frames, frameLength]` becomes
 * `[..., (frames - 1) * frameStep + frameLength]`. The gradient of `frame`, and the other way round. (As
 * `tf.signal.overlap_and_add`.)
 */
export const overlapAndAdd = functions.overlapAndAdd;
/**
 * The short-time Fourier transform of a real signal: its frames, each times a window (Hann's unless `windowFn` gives
 * another) and transformed by `rfft` to `fftLength`, the next power of two unless given:
 * `[..., samples]` becomes `[..., frames, fftLength / 2 + 1]`.
 */
export const stft = functions.stft;
