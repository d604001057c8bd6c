import { functionGiven, named, oneNumber, sizeGiven } from './given.ts';
import { scope as layer } from './layer-scope.ts';
import { ownSite } from './noting.ts';
import { ops } from './ops/index.ts';
import { ready } from './ready.ts';
import { Scope, scoped } from './scope.ts';
import { state } from './state.ts';
import { stepped } from './steps.ts';
import { GradientTape } from './tape.ts';
import { filled, held, Tensor } from './tensor.ts';
import { update } from './update.ts';
import { Variable } from './variable.ts';
import './functions.ts';

/**
 * What changes variables so that a loss falls. Updates are made in place, no
 * tape records them, and all that they make on the way is freed at once.
 *
 *     const loss = optimizer.minimize(() => model(x).sub(y).square().mean());
 */
export abstract class Optimizer {
  /** May be changed between updates. */
  learningRate: number;

  constructor(learningRate: number) {
    this.learningRate = sizeGiven(this.constructor.name, 'learning rate', learningRate);
  }

  /**
   * One update: runs `f`, takes the gradient of the loss it returns with
   * respect to the variables (those listed, or all trainable ones it uses) and
   * applies it. Returns the loss, one number. TensorFlow.js's form,
   * `minimize(f, true, [w, b])`, does the same.
   */
  minimize(f: () => Tensor, variables?: readonly Variable[]): Tensor;
  minimize(f: () => Tensor, returnCost: boolean, variables?: readonly Variable[]): Tensor;
  minimize(
    f: () => Tensor,
    given?: readonly Variable[] | boolean,
    varList?: readonly Variable[],
  ): Tensor {
    functionGiven('minimize', f);
    const variables = variablesGiven(typeof given === 'boolean' ? varList : given);
    using tape = new GradientTape({ watchAccessedVariables: variables === undefined });
    if (variables !== undefined) tape.watch(variables);
    const loss = f();
    if (!(loss instanceof Tensor)) {
      throw new Error(`minimize: the function must return its loss, not ${named(loss)}`);
    }
    oneNumber('minimize', loss);
    const all = variables ?? tape.watchedVariables().filter((tensor) => tensor instanceof Variable);
    if (all.length === 0) throw new Error('minimize: the loss uses no trainable variable');
    const gradients = tape.gradient(loss, all);
    this.apply(gradients, all);
    for (const gradient of gradients) gradient?.dispose();
    return loss;
  }

  /** Applies gradients to variables, both lists or both records; a variable without a gradient stays. */
  apply(
    gradients: readonly (Tensor | null)[] | { readonly [name: string]: Tensor | null },
    variables: readonly Variable[] | { readonly [name: string]: Variable },
  ): void {
    for (const given of [gradients, variables] as const) {
      if (typeof given === 'object' && given !== null) continue;
      throw new Error(`apply: takes a list or a record, not ${named(given)}`);
    }
    const [updates, list] = paired(gradients, variables);
    for (let i = 0; i < list.length; i++) {
      if (!(list[i] instanceof Variable)) throw new Error('apply: only variables can be updated');
      if (updates[i]) held(updates[i]!, 'apply');
    }
    const { tape, site } = state;
    state.tape = null;
    state.site = ownSite(this.apply);
    const scope = new Scope();
    try {
      layer(this.constructor.name, () => {
        this.begin();
        for (let i = 0; i < list.length; i++) {
          // In scopes of their own: what an update makes on the way may be several times its variable.
          if (updates[i]) scoped(() => this.update(list[i]!, updates[i]!), nothing);
        }
      });
    } finally {
      scope.end([]);
      state.tape = tape;
      state.site = site;
    }
    stepped(this);
  }

  /** Before the variables of one update. */
  protected begin(): void {}

  /** Changes one variable. */
  protected abstract update(variable: Variable, gradient: Tensor): void;
}

const nothing = (): readonly Tensor[] => [];

function variablesGiven(variables: readonly Variable[] | undefined): typeof variables {
  if (variables === undefined) return variables;
  if (Array.isArray(variables) && variables.every((one) => one instanceof Variable)) {
    return variables;
  }
  throw new Error(
    `minimize: the variables are ${named(variables)}; they must be a list of variables, or left out for all that the loss uses`,
  );
}

/** Gradients and variables in lists of one order; one that is missing is null or undefined. */
function paired(
  gradients: readonly (Tensor | null)[] | { readonly [name: string]: Tensor | null },
  variables: readonly Variable[] | { readonly [name: string]: Variable },
): readonly [readonly (Tensor | null | undefined)[], readonly Variable[]] {
  const inLists = Array.isArray(gradients) && Array.isArray(variables);
  const count = inLists ? gradients.length : Object.keys(gradients).length;
  const list = inLists ? (variables as readonly Variable[]) : Object.values(variables);
  if (count !== list.length) {
    throw new Error(`apply: ${count} gradients for ${list.length} variables`);
  }
  if (inLists) return [gradients as readonly (Tensor | null)[], list];
  const named = gradients as { readonly [name: string]: Tensor | null };
  return [Object.keys(variables).map((name) => named[name]), list];
}

/**
 * Gradient descent, with momentum if asked: `a = momentum * a + g; w = w - learningRate * a`.
 *
 *     const sgd = new tf.SGD(0.1, { momentum: 0.9 });
 *     sgd.minimize(() => model(x).sub(y).square().mean());
 */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly #moving = new WeakMap<Variable, Variable>();

  constructor(learningRate: number, { momentum = 0, nesterov = false } = {}) {
    super(learningRate);
    this.momentum = sizeGiven('SGD', 'momentum', momentum);
    this.nesterov = nesterov;
  }

  protected override update(variable: Variable, gradient: Tensor): void {
    const { learningRate, momentum, nesterov } = this;
    if (momentum === 0) update(sgdStep, [variable, gradient], { learningRate }, [variable]);
    else {
      const moving = slot(this.#moving, variable, 'momentum');
      const attrs = { learningRate, momentum, nesterov };
      update(momentumStep, [variable, gradient, moving], attrs, [variable, moving]);
    }
  }
}

/**
 * Adam (Kingma and Ba, 2015, algorithm 1): moving means of the gradient and of
 * its square, both corrected for their start at zero.
 *
 *     const adam = new tf.Adam(0.01);
 *     adam.minimize(() => model(x).sub(y).square().mean());
 */
export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  #updates = 0;
  readonly #first = new WeakMap<Variable, Variable>();
  readonly #second = new WeakMap<Variable, Variable>();

  constructor(learningRate = 0.001, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}) {
    super(learningRate);
    this.beta1 = sizeGiven('Adam', 'decay beta1', beta1, 1);
    this.beta2 = sizeGiven('Adam', 'decay beta2', beta2, 1);
    this.epsilon = sizeGiven('Adam', 'epsilon', epsilon);
  }

  protected override begin(): void {
    this.#updates++;
  }

  protected override update(variable: Variable, gradient: Tensor): void {
    const { learningRate, beta1, beta2, epsilon } = this;
    const first = slot(this.#first, variable, 'first moment');
    const second = slot(this.#second, variable, 'second moment');
    const attrs = { count: this.#updates, learningRate, beta1, beta2, epsilon };
    update(adamStep, [variable, gradient, first, second], attrs, [variable, first, second]);
  }
}

/** What an optimizer remembers of a variable; zeros at first. */
function slot(slots: WeakMap<Variable, Variable>, variable: Variable, what: string): Variable {
  let found = slots.get(variable);
  if (found === undefined) {
    const zeros = filled(held(variable, 'apply').device, variable, 0);
    found = new Variable(zeros, false, `${variable.name}/${what}`);
    zeros.dispose();
    slots.set(variable, found);
  }
  return found;
}

const sgdStep = ready('sgdStep', ops.sgdStep);
const momentumStep = ready('momentumStep', ops.momentumStep);
const adamStep = ready('adamStep', ops.adamStep);

/**
 * The optimizers under the names TensorFlow.js gives them.
 *
 *     const optimizer = tf.train.adam(0.01);
 *     const loss = optimizer.minimize(() => model(x).sub(y).square().mean(), [w]);
 */
export const train = {
  /** Gradient descent. */
  sgd: (learningRate: number): SGD => new SGD(learningRate),
  /** Gradient descent with momentum. */
  momentum: (learningRate: number, momentum: number, useNesterov = false): SGD =>
    new SGD(learningRate, { momentum, nesterov: useNesterov }),
  /** Adam. */
  adam: (learningRate?: number, beta1?: number, beta2?: number, epsilon?: number): Adam =>
    new Adam(learningRate, { beta1, beta2, epsilon }),
} as const;
