import os from 'node:os';
import type { Outcome } from './measure.ts';

/** What the numbers were measured on. */
export function machine(versions: { readonly [module: string]: string }): object {
  const [cpu] = os.cpus();
  return {
    processor: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
    v8: process.versions.v8,
    ...versions,
    // Above the number of cores, others were at work too.
    load: Number(os.loadavg()[0]!.toFixed(1)),
  };
}

/** One line for every peer of a case. */
export function lines(outcome: Outcome): string {
  const { case: name, unit, product, flops, peers, absent, goal } = outcome;
  const amount = (value: number) =>
    flops === undefined ? show(value, unit) : `${(flops / value / 1e9).toFixed(1)} GFLOP/s`;
  const rows = peers.map(({ name: peer, time, ratio, spread }) => {
    const [low, high] = spread.map((r) => r.toFixed(2));
    const factor =
      unit === 'MB' ? '' : `   takes ${ratio.toFixed(2)} times as long (${low} to ${high})`;
    return `    ${peer.padEnd(14)} ${amount(time).padStart(16)}${factor}`;
  });
  const asked =
    goal === undefined
      ? []
      : [
          `    asked: ${goal.least !== undefined ? `${goal.peer} takes at least ${goal.least} times as long` : `at most ${goal.most} of ${goal.peer}`}: ` +
            (goal.met === null ? 'not measured here' : goal.met ? 'met' : 'NOT met'),
        ];
  const missing = absent.map((peer) => `    ${peer} is not on this machine`);
  return [`  ${name.padEnd(28)} ${amount(product)}`, ...rows, ...missing, ...asked].join('\n');
}

const scale = { ns: 1e9, us: 1e6, ms: 1e3, s: 1, MB: 2 ** -20 } as const;

function show(value: number, unit: Outcome['unit']): string {
  const number = value * scale[unit];
  return `${number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0)} ${unit}`;
}
