// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The angle of every element in the complex plane, in radians from -pi to pi: 0 for real numbers from 0 on and pi for
 * those below. No gradient flows back to real numbers, nor to 0.
 */
export const angle = functions.angle;
/** Complex numbers from their real and imaginary parts, with broadcasting: c128 where one of them is f64, else c64. */
export const complex = functions.complex;
/** The complex conjugate `a - bi`; real numbers are their own. */
export const conj = functions.conj;
/** The imaginary part of every element: zeros for real numbers. */
export const imag = functions.imag;
/** The real part of every element; real numbers stay as they are. */
export const real = functions.real;
