import { along } from './along.ts';
import { call, load } from './constants.ts';

/**
 * The cross entropy of a softmax, in f32, for m rows of n logits. norms gets
 * for each row what makes probabilities of its logits, its greatest and the
 * logarithm of the sum of exp(x - greatest); it is 0 where nobody asks.
 * Gradients take g, which moves on by gStep bytes a row, over by.
 */
export function loss(): string {
  return [within, sparseLoss(), sparseLossGrad(), denseLoss(), denseLossGrad()].join('\n');
}

/** How many of m labels are numbers of n classes. */
const within = `
export function within(labels: usize, m: i32, n: i32): i32 {
  let found = 0;
  for (; m > 0; m--) {
    found += i32(load<u32>(labels) < <u32>n);
    labels += 4;
  }
  return found;
}`;

/** The loss of a row is that of \`chosen\`, made of high and less; exp(x - high) goes through work. */
function losses(name: string, more: string, before: string, chosen: string, after: string): string {
  return `
export function ${name}(out: usize, labels: usize, logits: usize, norms: usize, m: i32, n: i32, ${more}work: usize): void {
  ${load('exp', 'log')}
  for (; m > 0; m--) {
    const peak = peakOf(logits, n), high = f32x4.splat(peak);
    ${along('n', ['work', 'logits'], ({ load, store }) => `const x = f32x4.sub(${load('logits')}, high); ${store('work', call('exp', 'x'))}`)}
    const sum = f32x4.splat(sumOf(work, n));
    const less = ${call('log', 'sum')};
    ${before}
    store<f32>(out, ${chosen});
    if (norms != 0) {
      store<f32>(norms, peak);
      store<f32>(norms, f32x4.extract_lane(less, 0), 4);
      norms += 8;
    }
    ${after}
    logits += n << 2; out += 4;
  }
}`;
}

const sparseLoss = () =>
  losses(
    'sparseLoss',
    '',
    '',
    'f32x4.extract_lane(less, 0) - (load<f32>(logits + (load<i32>(labels) << 2)) - peak)',
    'labels += 4;',
  );

/** Labels that are probabilities become labels keep + even. */
const target = (labels: string) => `f32x4.add(f32x4.mul(${labels}, keep), even)`;
const smoothing = `
  const keep = f32x4.splat(keepOf), even = f32x4.splat(evenOf);`;

const denseLoss = () =>
  losses(
    'denseLoss',
    'keepOf: f32, evenOf: f32, ',
    `{ ${smoothing}
      ${along('n', ['work', 'logits', 'labels'], ({ load, store }) => store('work', `f32x4.mul(f32x4.sub(f32x4.sub(${load('logits')}, high), less), ${target(load('labels'))})`))}
    }`,
    '-sumOf(work, n)',
    'labels += n << 2;',
  );

const norm = `
    const high = v128.load32_splat(norms), less = v128.load32_splat(norms, 4);`;
const share = (load: (pointer: string) => string) =>
  `const x = f32x4.sub(f32x4.sub(${load('logits')}, high), less);`;
const start = 'const s = load<f32>(g) / by, scale = f32x4.splat(s);';
const next = 'to += n << 2; logits += n << 2; norms += 8; g += gStep;';

/** Probabilities, less 1 for the label, times g / by. */
const sparseLossGrad = () => `
export function sparseLossGrad(to: usize, labels: usize, logits: usize, norms: usize, g: usize, m: i32, n: i32, gStep: i32, by: f32): void {
  ${load('exp')}
  for (; m > 0; m--) {
    ${start} ${norm}
    ${along('n', ['to', 'logits'], ({ load, store }) => `${share(load)} ${store('to', `f32x4.mul(${call('exp', 'x')}, scale)`)}`)}
    const at = to + (load<i32>(labels) << 2);
    store<f32>(at, load<f32>(at) - s);
    labels += 4;
    ${next}
  }
}`;

/** Probabilities times the sum of the labels, less the labels, times g / by. */
const denseLossGrad = () => `
export function denseLossGrad(to: usize, labels: usize, logits: usize, norms: usize, g: usize, m: i32, n: i32, gStep: i32, by: f32, keepOf: f32, evenOf: f32): void {
  ${load('exp')} ${smoothing}
  for (; m > 0; m--) {
    ${start} ${norm}
    ${along('n', ['to', 'labels'], ({ load, store }) => store('to', target(load('labels'))))}
    const sum = f32x4.splat(sumOf(to, n));
    ${along('n', ['to', 'logits'], ({ load, store }) => `${share(load)} ${store('to', `f32x4.mul(f32x4.sub(f32x4.mul(${call('exp', 'x')}, sum), ${load('to')}), scale)`)}`)}
    labels += n << 2;
    ${next}
  }
}`;
