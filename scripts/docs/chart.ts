import type { Kept } from '../../bench/outcome.ts';

/**
 * The ratios of a subject as an SVG: a row for every case, a dot for every
 * peer, a line where both take as long. Transparent, in colours that are read
 * on GitHub's light page and on its dark one.
 */
export function chartOf({ title, outcomes }: Kept): string {
  const peers = peersOf(outcomes);
  const ratios = outcomes.flatMap(({ peers }) => peers.flatMap(({ spread }) => spread));
  const from = Math.min(-0.2, Math.log10(Math.min(...ratios)) - 0.1);
  const to = Math.max(0.2, Math.log10(Math.max(...ratios)) + 0.1);
  const x = (ratio: number) =>
    round(LEFT + ((Math.log10(ratio) - from) / (to - from)) * (WIDTH - LEFT - MARGIN));
  const bottom = TOP + outcomes.length * ROW;
  const parts = [
    ...ticks(from, to).map(
      (ratio) =>
        `<line x1="${x(ratio)}" x2="${x(ratio)}" y1="${TOP}" y2="${bottom}" stroke="${INK}" stroke-width="${ratio === 1 ? 1.5 : 0.3}"/>` +
        label(x(ratio), bottom + 16, `${ratio}×`, 'middle'),
    ),
    ...peers.map((name, i) => {
      const left = MARGIN + (i % LEGEND) * 150;
      const line = 16 + 18 * Math.floor(i / LEGEND);
      return dot(left, line, colours[i % colours.length]!) + label(left + 10, line + 4, name);
    }),
    ...outcomes.flatMap((outcome, row) => {
      const y = TOP + row * ROW + ROW / 2;
      return [
        label(LEFT - 10, y + 4, outcome.case, 'end'),
        ...outcome.peers.map(({ name, ratio, spread: [low, high] }) => {
          const colour = colours[peers.indexOf(name) % colours.length]!;
          return (
            `<line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>` +
            dot(x(ratio), y, colour)
          );
        }),
      ];
    }),
  ];
  const height = bottom + 26;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}: how many times as long as Tapedeck the others take</title>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Names of the peers of a subject, in the order they first come. */
export function peersOf(outcomes: Kept['outcomes']): readonly string[] {
  return [...new Set(outcomes.flatMap(({ peers }) => peers.map(({ name }) => name)))];
}

/** Words and lines: the middle between black and white, as far from the one page as from the other. */
export const INK = '#767d86';
/** Of the peers, told apart by people who see colours differently too. */
export const colours = [
  '#d9730d',
  '#2f81f7',
  '#1f9e6e',
  '#c04fb5',
  '#9a7d0a',
  '#7f6df2',
  '#768390',
];

const WIDTH = 760;
const LEFT = 250;
const MARGIN = 20;
const TOP = 52;
const ROW = 22;
/** Peers in a line of the legend. */
const LEGEND = 5;

/** Powers of ten, and where few fit twos and fives. */
function ticks(from: number, to: number): readonly number[] {
  const steps = to - from > 2 ? [1] : [1, 2, 5];
  const list: number[] = [];
  for (let power = Math.floor(from); power <= to; power++) {
    // Negative powers of ten are not exact, quotients are.
    for (const step of steps) list.push(power < 0 ? step / 10 ** -power : step * 10 ** power);
  }
  return list.filter((ratio) => Math.log10(ratio) >= from && Math.log10(ratio) <= to);
}

function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${x}" cy="${y}" r="4.5" fill="${colour}"/>`;
}

function label(x: number, y: number, text: string, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" fill="${INK}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
