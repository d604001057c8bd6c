// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The discrete Fourier transform over the last axis: `out[k] = sum of x[t] exp(-2 pi i k t / n)`. Real numbers become complex. */
export const fft = functions.fft;
/** The discrete Fourier transform over the last two axes. (As `numpy.fft.fft2`.) */
export const fft2d = functions.fft2d;
/** The discrete Fourier transform over the last three axes. */
export const fft3d = functions.fft3d;
/** The inverse of `fft`: `out[t] = sum of x[k] exp(2 pi i k t / n) / n`. */
export const ifft = functions.ifft;
/** The inverse of `fft2d`. */
export const ifft2d = functions.ifft2d;
/** The inverse of `fft3d`. */
export const ifft3d = functions.ifft3d;
/**
 * The inverse of `rfft`: `fftLength` n real numbers, `2 (m - 1)` for m along the last axis unless given. The
 * imaginary part of the first number, and for even n that of the last, does not count.
 */
export const irfft = functions.irfft;
/**
 * The transform of real numbers over the last axis, cut or filled up with zeros to `fftLength` n, which is its length
 * unless given: `n / 2 + 1` complex numbers (rounded down), as the others are their conjugates.
 */
export const rfft = functions.rfft;
