/** Counts tests over all stages. */

export class Tally {
  passed = 0;
  readonly failed: string[] = [];
  /** Each with its reason: a test that does not run is named. */
  readonly skipped: string[] = [];

  add({ passed, failed, skipped }: Tally): void {
    this.passed += passed;
    this.failed.push(...failed);
    this.skipped.push(...skipped);
  }

  /** The lines at the end of a run; the last one is the count. */
  toString(): string {
    const list = (title: string, names: readonly string[]) => names.map((n) => `${title}: ${n}`);
    const count = `${this.passed} passed, ${this.failed.length} failed, ${this.skipped.length} skipped`;
    return [...list('skipped', this.skipped), ...list('failed', this.failed), count].join('\n');
  }
}
