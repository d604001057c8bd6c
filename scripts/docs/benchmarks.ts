import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kept, Outcome, Results } from '../../bench/outcome.ts';
import { show, wish } from '../../bench/report.ts';
import { root } from '../setup/cache.mjs';
import { peersOf } from './chart.ts';

export function readResults(): Results {
  return JSON.parse(readFileSync(path.join(root, 'bench', 'results.json'), 'utf8')) as Results;
}

/** Where the chart of a subject lies, from docs/. */
export function chartPath(subject: string): string {
  return `benchmarks/${subject}.svg`;
}

/** docs/benchmarks.md: every kept number. */
export function benchmarksPage(results: Results): string {
  return [
    '# Benchmarks',
    '',
    'Printed from `bench/results.json`, which `npm run bench` writes: Tapedeck and its peers in turns in the same run, medians of the rounds. A factor says how many times as long as Tapedeck the peer takes, above 1 is in Tapedeck’s favour; behind it the quartiles of the rounds, so that one sees what the machine’s other work did to them. Charts show the same on a logarithmic scale.',
    '',
    '`npm run bench -- matmul` measures one subject on your machine, `--quick` all of them in two minutes, `--check` says which ratios got worse than those kept.',
    '',
    ...goalsSection(results),
    ...Object.entries(results).flatMap(([name, kept]) => section(name, kept)),
  ].join('\n');
}

/** All goals in one table: what is asked and what was measured. */
function goalsSection(results: Results): readonly string[] {
  const rows = Object.values(results).flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) =>
      (outcome.goals ?? []).map(
        (goal) =>
          `| ${outcome.case} | ${wish(goal)} | ${measured(outcome, goal)} | ${goal.met === null ? '' : goal.met ? 'yes' : 'no'} |`,
      ),
    ),
  );
  if (rows.length === 0) return [];
  return [
    '## Goals',
    '',
    '| what | asked | measured | met |',
    '| --- | --- | --: | --- |',
    ...rows,
    '',
  ];
}

type Goal = NonNullable<Outcome['goals']>[number];

/** As the goal is asked: a factor of the peer's time, or the product's part of it. */
function measured({ peers }: Outcome, { peer, least }: Goal): string {
  const found = peers.find(({ name }) => name === peer);
  if (found === undefined) return 'not measured';
  const { ratio, spread } = found;
  const [low, high] = least !== undefined ? spread : [1 / spread[1], 1 / spread[0]];
  return between(least !== undefined ? ratio : 1 / ratio, low, high);
}

function section(name: string, kept: Kept): readonly string[] {
  const { title, machine, outcomes } = kept;
  const peers = peersOf(outcomes);
  const about = Object.entries(machine).map(([what, value]) => `${what} ${value}`);
  return [
    `## ${title}`,
    '',
    `![How many times as long as Tapedeck the others take; the numbers are in the table](${chartPath(name)})`,
    '',
    `| | Tapedeck | ${peers.join(' | ')} |`,
    `| --- | --: | ${peers.map(() => '--:').join(' | ')} |`,
    ...outcomes.map(
      (outcome) =>
        `| ${outcome.case} | ${show(outcome.product, outcome.unit, outcome.flops)} | ${peers.map((peer) => cell(outcome, peer)).join(' | ')} |`,
    ),
    '',
    ...leftOut(outcomes),
    `_${about.join(', ')}_`,
    '',
  ];
}

/** What quick runs do without. */
function leftOut(outcomes: readonly Outcome[]): readonly string[] {
  const names = outcomes.filter(({ long }) => long).map((outcome) => outcome.case);
  return names.length === 0 ? [] : [`\`--quick\` leaves out: ${names.join('; ')}.`, ''];
}

function cell({ peers }: Outcome, name: string): string {
  const found = peers.find((peer) => peer.name === name);
  return found === undefined ? '' : between(found.ratio, ...found.spread);
}

function between(value: number, low: number, high: number): string {
  return `**${factor(value)}** (${factor(low)}–${factor(high)})`;
}

function factor(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
