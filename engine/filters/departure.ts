import type { Check } from './checks.ts';

/** What departs from the run that is compared with, as runs/departures.ts was told. */
export const departure: Check = {
  facts: ['abs', 'rel'],
  after({ departure }) {
    if (!departure) return [];
    const { facts, message, chain } = departure;
    return [{ facts, found: () => ({ filter: 'divergence', message, chain }) }];
  },
};
