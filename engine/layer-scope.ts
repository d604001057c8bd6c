import { functionGiven } from './given.ts';
import { state } from './state.ts';

/**
 * Runs `f` under a name: the ops in it have the path `name/...`, in the op
 * frames, op breakpoints, profile and tape of the debugger. Scopes nest.
 *
 *     const hidden = tf.scope('encoder', () => x.matMul(w).relu());
 */
export function scope<R>(name: string, f: () => R): R {
  functionGiven('scope', f);
  const { path } = state;
  state.path = path === '' ? name : `${path}/${name}`;
  try {
    return f();
  } finally {
    state.path = path;
  }
}
