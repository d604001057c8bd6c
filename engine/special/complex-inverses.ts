import type { Complex } from '../complex.ts';
import { isInfinite, over, signed } from './complex-functions.ts';

/**
 * Inverse trigonometric and hyperbolic functions of one complex number, exact
 * along their cuts too: Hull, Fairgrieve, Tang, Implementing the complex
 * arcsine and arccosine functions using exception handling, 1997; Kahan,
 * Branch cuts for complex elementary functions, 1987. Cuts and values at what
 * is infinite or not a number are those of C99's Annex G.
 */
export function arcSine({ re, im }: Complex): Complex {
  const [x, y] = [Math.abs(re), Math.abs(im)];
  if (x !== x || y !== y) {
    if (x === Infinity || y === Infinity) return { re: NaN, im: signed(Infinity, im) };
    return { re: re === 0 ? re : NaN, im: NaN };
  }
  const { angle, size } = arc(x, y, false);
  return { re: signed(angle, re), im: signed(size, im) };
}

export function arcCosine({ re, im }: Complex): Complex {
  const [x, y] = [Math.abs(re), Math.abs(im)];
  if (x !== x || y !== y) {
    if (x === Infinity || y === Infinity) return { re: NaN, im: -signed(Infinity, im) };
    return { re: re === 0 ? Math.PI / 2 : NaN, im: NaN };
  }
  const { angle, size } = arc(x, y, true);
  return { re: signed(1, re) < 0 ? Math.PI - angle : angle, im: -signed(size, im) };
}

export function arcTangent({ re, im }: Complex): Complex {
  const { re: size, im: angle } = areaTangent({ re: -im, im: re });
  return { re: angle, im: -size };
}

export function areaSine({ re, im }: Complex): Complex {
  const { re: angle, im: size } = arcSine({ re: -im, im: re });
  return { re: size, im: -angle };
}

export function areaCosine(x: Complex): Complex {
  const { re: angle, im: size } = arcCosine(x);
  // Not-a-number has no angle, but its size may be infinite.
  return { re: Math.abs(size), im: signed(angle, x.im) };
}

export function areaTangent({ re, im }: Complex): Complex {
  const [x, y] = [Math.abs(re), Math.abs(im)];
  if (y === Infinity || (x === Infinity && y === y)) {
    return { re: signed(0, re), im: signed(Math.PI / 2, im) };
  }
  if (x !== x || y !== y) return { re: x === 0 || x === Infinity ? signed(0, re) : NaN, im: NaN };
  if (x > far || y > far) {
    return { re: signed(over(unit, { re: x, im: y }).re, re), im: signed(Math.PI / 2, im) };
  }
  if (x === 1) {
    if (y === 0) return { re: signed(Infinity, re), im };
    const size = y < 1e-100 ? (Math.LN2 - Math.log(y)) / 2 : Math.log1p(4 / (y * y)) / 4;
    return { re: signed(size, re), im: signed(Math.atan2(2, -y) / 2, im) };
  }
  const less = 1 - x;
  return {
    re: signed(Math.log1p((4 * x) / (less * less + y * y)) / 4, re),
    im: signed(Math.atan2(2 * y, less * (1 + x) - y * y) / 2, im),
  };
}

const unit: Complex = { re: 1, im: 0 };
/** Beyond it, and below its reciprocal, squares leave the range of numbers. */
const far = 2 ** 509;

/** The arcsine (or the arccosine) of x + i y in the first quadrant: its real part, and the size of its imaginary one. */
function arc(x: number, y: number, cosine: boolean): { angle: number; size: number } {
  if (isInfinite(x) || isInfinite(y)) {
    const angle = isInfinite(x) ? (isInfinite(y) ? Math.PI / 4 : 0) : Math.PI / 2;
    return { angle: cosine ? angle : Math.PI / 2 - angle, size: Infinity };
  }
  if (x > far || y > far || y < 1 / far) return edge(x, y, cosine);
  const [r, s] = [Math.hypot(x + 1, y), Math.hypot(x - 1, y)];
  const a = (r + s) / 2;
  const b = x / a;
  let angle: number;
  if (b <= 0.6417) angle = cosine ? Math.acos(b) : Math.asin(b);
  else {
    const across =
      x <= 1
        ? Math.sqrt(0.5 * (a + x) * ((y * y) / (r + x + 1) + (s + (1 - x))))
        : y * Math.sqrt(0.5 * ((a + x) / (r + x + 1) + (a + x) / (s + (x - 1))));
    angle = cosine ? Math.atan(across / x) : Math.atan(x / across);
  }
  if (a > 1.5) return { angle, size: Math.log(a + Math.sqrt(a * a - 1)) };
  const more = 0.5 * ((y * y) / (r + x + 1) + (x < 1 ? (y * y) / (s + (1 - x)) : s + (x - 1)));
  return { angle, size: Math.log1p(more + Math.sqrt(more * (a + 1))) };
}

/** The same where squares would overflow or underflow. */
function edge(x: number, y: number, cosine: boolean): { angle: number; size: number } {
  const turned = (sine: number, other: number) => ({ angle: cosine ? other : sine });
  if (y <= Number.EPSILON * Math.abs(x - 1)) {
    if (x < 1) {
      const size = y / Math.sqrt((1 - x) * (1 + x));
      return { ...turned(Math.asin(x), Math.acos(x)), size };
    }
    const root = Math.sqrt(x - 1) * Math.sqrt(x + 1);
    const size = x > far ? Math.LN2 + Math.log(x) : Math.log1p(x - 1 + root);
    return { ...turned(Math.PI / 2, y === 0 ? 0 : y / root), size };
  }
  if (y < 1) {
    const root = Math.sqrt(y);
    return { ...turned(Math.PI / 2 - root, root), size: root };
  }
  const ratio = x / y;
  const size = Math.LN2 + Math.log(y) + 0.5 * Math.log1p(ratio * ratio);
  return { ...turned(Math.atan(ratio), Math.atan2(y, x)), size };
}
