/** What a step of Adam takes. */
export interface Adapting {
  readonly count: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** By what the means are multiplied, so that their start at zero does not show. */
export function unbiased({ count, learningRate, beta1, beta2 }: Adapting) {
  return { rate: learningRate / (1 - beta1 ** count), spread: 1 / (1 - beta2 ** count) };
}
