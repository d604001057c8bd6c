/**
 * Exception filters for tensors: what they are called, and the words in which
 * an editor shows one that has stopped the program. They are judged in the
 * program, by the engine.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ArmedFilter, FilterName, Found, Hop } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { sentence } from './verdicts.ts';

interface Filter {
  readonly label: string;
  readonly description: string;
  /** When it stops, unless the user says otherwise; nothing is always. */
  readonly condition: string;
  /** What a condition may speak of. */
  readonly facts: string;
}

/** In the order of the Breakpoints view. */
export const tensorFilters: { readonly [F in FilterName]: Filter } = {
  firstNaN: {
    label: 'NaN or Infinity (first)',
    description:
      'Stops at the op that makes the first NaN or infinity out of good values, forward or backward, and not again for what comes of it.',
    condition: '',
    facts: '`nan` and `inf`, how many',
  },
  anyNaN: {
    label: 'NaN or Infinity (any)',
    description: 'Stops at every op whose result holds a NaN or an infinity.',
    condition: '',
    facts: '`nan` and `inf`, how many',
  },
  divergence: {
    label: 'Divergence from Reference',
    description:
      'Stops at the first op that makes something else than in the run that `reference` in launch.json names, and not again for what comes of it.',
    condition: '',
    facts: '`abs`, the largest difference, and `rel`, the same as a part of the numbers',
  },
  nullGradient: {
    label: 'Null Gradient',
    description:
      'Stops where `gradient()` gives null for one of its sources, and says why: not watched, read out with `item()`, an integer dtype, an op without a gradient.',
    condition: '',
    facts: '`name` of the source and `reason`, as in `tape.explain()`',
  },
  explodingGradient: {
    label: 'Exploding Gradient',
    description:
      'Stops at the op of the backward pass that makes a gradient too large. The chain shows how its norm grew.',
    condition: 'norm > 1000',
    facts:
      '`norm` (the root of the sum of squares), `rms` (the root of their mean) and `name` of the gradient',
  },
  vanishingGradient: {
    label: 'Vanishing Gradient',
    description:
      'Stops at the op of the backward pass in which the gradient goes to nothing. Of its gradients the largest counts.',
    condition: 'rms < 1e-7 && before >= 1e-7',
    facts: '`norm`, `rms` and `name`, and `before`: the `rms` of what came in',
  },
  deadRelu: {
    label: 'Dead ReLU',
    description:
      'Stops at a `relu` or `relu6` with too many units (positions of the last axis) that are 0 for the whole batch.',
    condition: 'share > 0.9',
    facts: '`share` of the units that are dead, and `zeros`, that of the values that are 0',
  },
  saturated: {
    label: 'Saturated Activation',
    description:
      'Stops at a `sigmoid`, `tanh`, `hardSigmoid`, `hardTanh` or `softsign` with too many values within 1 % of the ends of its range, where hardly any gradient comes through.',
    condition: 'share > 0.9',
    facts: '`share` of such values, `low` and `high` of those at either end',
  },
  weightUpdate: {
    label: 'Weight Update out of Range',
    description:
      'Stops where an optimizer changes a trainable variable by too much or too little: `ratio` is the norm of the change over that of the variable. Healthy is about 0.001.',
    condition: 'rank > 1 && (ratio > 0.1 || ratio < 1e-8)',
    facts: '`ratio`, and `name` and `rank` of the variable (biases have rank 1, and begin near 0)',
  },
  misfit: {
    label: 'Shape or Dtype Error',
    description:
      'Stops where the engine refuses what it is given, also where the program catches the error.',
    condition: '',
    facts: '`message`',
  },
  tensorLeak: {
    label: 'Tensor Leak',
    description:
      'Stops at the end of a training step when the tensors that are alive have grown in number over 40 steps, counted every 10 steps. The chain names the lines that made them.',
    condition: 'tensors >= steps',
    facts: '`tensors` and `bytes`, how many more, and over how many `steps`',
  },
  unusedTape: {
    label: 'Tape Dropped Unused',
    description:
      'Stops where a tape that has recorded ops ends without having been asked for a gradient, or where one is made while that made before in the same place still records.',
    condition: '',
    facts: '`nodes`, the ops it recorded, and `bytes`, what it keeps',
  },
};

const names = Object.keys(tensorFilters) as FilterName[];

/** As an editor lists them. */
export const listed: DebugProtocol.ExceptionBreakpointsFilter[] = names.map((filter) => {
  const { label, description, condition, facts } = tensorFilters[filter];
  const usual = condition ? `, as ${condition}` : '';
  const over = `JavaScript over ${facts.replaceAll('`', '')}, and op, inputs, out, step`;
  return {
    filter,
    label,
    description: description.replaceAll('`', ''),
    default: false,
    supportsCondition: true,
    conditionDescription: `${over}${usual}`,
  };
});

type Told = DebugProtocol.Breakpoint;

export class Filters {
  private readonly program: Remote;
  private readonly sources: Sources;
  private on: readonly ArmedFilter[] = [];

  constructor(cdp: Cdp, program: Remote, sources: Sources) {
    this.program = program;
    this.sources = sources;
    cdp.onStart(() => program.watch('filters', this.on));
  }

  /** Whether one is on, whichever. */
  get any(): boolean {
    return this.on.length > 0;
  }

  /** Whether one is on. */
  has(name: FilterName): boolean {
    return this.on.some((filter) => filter.name === name);
  }

  /** Instead of those that were on; what is said of each, in their order. */
  async set(wanted: readonly DebugProtocol.ExceptionFilterOptions[]): Promise<Told[]> {
    this.on = wanted.map(({ filterId, condition: own }) => {
      const name = filterId as FilterName;
      const condition = own?.trim() ? own : tensorFilters[name].condition;
      return condition ? { name, condition } : { name };
    });
    const answers = await this.program.watch('filters', this.on);
    return this.on.map(({ name }) => {
      const error = answers?.find((each) => each.name === name)?.error;
      return error === undefined
        ? { verified: true }
        : { verified: false, message: sentence(error) };
    });
  }

  /** What it says of a stop: the chain in lines that an editor makes links of. */
  info({ filter, message, chain }: Found): DebugProtocol.ExceptionInfoResponse['body'] {
    const { label } = tensorFilters[filter];
    return {
      exceptionId: label,
      description: message,
      breakMode: 'always',
      details: {
        typeName: label,
        message,
        stackTrace: chain.map((hop) => this.line(hop)).join('\n'),
      },
    };
  }

  /** `net/log: 1 -Infinity in f32[3] (/model.ts:12:9)`. */
  private line({ op, what, site }: Hop): string {
    const found = site && this.sources.find(site);
    const at = found ? ` (${found.source.path}:${found.line}:${found.column})` : '';
    return `    ${[op, what].filter((part) => part !== '').join(': ')}${at}`;
  }
}

/** The filters of an editor's that are for tensors. */
export function isTensorFilter(name: string): boolean {
  return name in tensorFilters;
}
