import { functionGiven, named, smoothGiven, tensorGiven } from './given.ts';
import { inForm, sameAs, sourcesIn, type GradientsOf, type Sources } from './gradient-request.ts';
import { jacobians } from './jacobian.ts';
import { GradientTape } from './tape.ts';
import { held, Tensor } from './tensor.ts';
import { grad } from './transforms.ts';

/** Products with the matrix of first or second derivatives, without making it, and these matrices. */

/**
 * The value of `f` at a place (a tensor, or a list or record of them, which `f`
 * takes as it is) and a function from output gradients to gradients in the form
 * of `x`, zeros where nothing flows: `v^T J` (reverse mode; JAX's `vjp`). It may
 * be called many times; `dispose` lets go of what it keeps.
 *
 *     const { value, vjp } = tf.vjp((x) => x.square(), x);
 *     const weighed = vjp(x.onesLike()); // 2 x
 */
export function vjp<S extends Sources>(
  f: (x: S) => Tensor,
  at: S,
): { value: Tensor; vjp: (dy: Tensor) => GradientsOf<S, 'zero'>; dispose: () => void } {
  const x = distinct(at);
  const { tape, value } = recorded('vjp', f, x, { persistent: true });
  return {
    value,
    vjp: (dy) => tape.gradient(value, x, { outputGradients: dy, unconnectedGradients: 'zero' }),
    dispose: () => tape.dispose(),
  };
}

/**
 * The value of `f` at a place and its derivative along `v`, which has the form of
 * that: `J v` (JAX's `jvp`). The gradient is linear in its output gradients; its
 * own derivative with respect to them is the product. So it is exact for every
 * op that has a second derivative, and costs a forward and two walks back.
 *
 *     const { value, jvp } = tf.jvp((x) => x.square(), x, x.onesLike()); // jvp is 2 x
 */
export function jvp<S extends Sources>(
  f: (x: S) => Tensor,
  at: S,
  v: S,
): { value: Tensor; jvp: Tensor } {
  const x = distinct(at);
  const along = tangents('jvp', x, v);
  const run = recorded('jvp', f, x);
  using tape = run.tape;
  const { value } = run;
  using outer = new GradientTape({ watchAccessedVariables: false });
  // Any would do in theory; a formula that takes logarithms of gradients has a kink at 0.
  const dy = value.onesLike();
  outer.watch(dy);
  const options = { outputGradients: dy, unconnectedGradients: 'zero' } as const;
  const gradients = tape.gradient(value, sourcesIn(x), options);
  const product = outer.gradient(gradients, dy, {
    outputGradients: along,
    unconnectedGradients: 'zero',
  });
  return { value, jvp: product };
}

/**
 * The second derivatives of `f`, which gives one number, times `v`: `H v`, in
 * the form of `x`, for the price of two gradients.
 *
 *     const product = tf.hvp((x) => x.pow(3).sum(), x, x.onesLike()); // 6 x
 */
export function hvp<S extends Sources>(f: (x: S) => Tensor, at: S, v: S): GradientsOf<S, 'zero'> {
  const x = distinct(at);
  const along = tangents('hvp', x, v);
  using outer = new GradientTape({ watchAccessedVariables: false });
  outer.watch(sourcesIn(x));
  const run = recorded('hvp', f, x);
  using tape = run.tape;
  const { value } = run;
  number('hvp', value);
  const gradients = tape.gradient(value, sourcesIn(x), { unconnectedGradients: 'zero' });
  const found = outer.gradient(gradients, sourcesIn(x), {
    outputGradients: along,
    unconnectedGradients: 'zero',
  });
  return inForm(x, found);
}

/**
 * The matrix of first derivatives of `f`, of the shape of its result followed
 * by that of its argument: by vmap over the gradient, each op of it once
 * (JAX's `jacrev`). Zeros where the result does not depend on the argument.
 *
 *     const matrix = tf.jacobian((x) => x.flatten().square())(x.flatten()); // 2 x on the diagonal
 */
export function jacobian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  functionGiven('jacobian', f);
  return (x) => {
    const run = recorded('jacobian', f, x);
    using tape = run.tape;
    return jacobians(tape, run.value, x, 'zero') as Tensor;
  };
}

/**
 * The matrix of second derivatives of `f`, which gives one number: the shape of its argument twice.
 *
 *     const matrix = tf.hessian((x) => x.pow(3).sum())(x.flatten()); // 6 x on the diagonal
 */
export function hessian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  functionGiven('hessian', f);
  return jacobian(grad((x) => number('hessian', f(x))));
}

function recorded<S extends Sources>(
  op: string,
  f: (x: S) => Tensor,
  x: S,
  options: { readonly persistent?: boolean } = {},
): { tape: GradientTape; value: Tensor } {
  functionGiven(op, f);
  const tape = new GradientTape({ watchAccessedVariables: false, ...options });
  try {
    for (const each of sourcesIn(x)) {
      held(tensorGiven(op, 'an argument', each), op);
      smoothGiven(op, 'an argument', each);
    }
    const value = f(watched(tape, x));
    if (value instanceof Tensor) {
      tape.pause();
      return { tape, value };
    }
    throw new Error(`${op}: the function must return a tensor, not ${named(value)}`);
  } catch (error) {
    tape.dispose();
    throw error;
  }
}

/** What the function takes: a tensor that is several arguments, as several tensors. */
function distinct<S extends Sources>(x: S): S {
  const all = sourcesIn(x);
  const apart = all.map((one, i) => (all.indexOf(one) < i ? one.identity() : one));
  return apart.every((one, i) => one === all[i]) ? x : (inForm(x, apart) as unknown as S);
}

function watched<S extends Sources>(tape: GradientTape, x: S): S {
  tape.watch(sourcesIn(x));
  return x;
}

function tangents(op: string, x: Sources, v: Sources): readonly Tensor[] {
  const [xs, vs] = [sourcesIn(x), sourcesIn(v)];
  if (xs.length !== vs.length) {
    throw new Error(`${op}: ${vs.length} tangents for ${xs.length} arguments; one for each`);
  }
  xs.forEach((one, i) => sameAs(op, 'tangent', tensorGiven(op, 'a tangent', vs[i]), one));
  return vs;
}

function number(op: string, value: Tensor): Tensor {
  if (value.size === 1) return value;
  throw new Error(
    `${op}: the function gives the shape [${value.shape.join(',')}]; second derivatives are of one number`,
  );
}
