/** What came of a scenario: how often it went well, how often it was hit, and everything that must not be. */
const MOST_SHOWN = 20;

export class Tally {
  successes = 0;
  /** Faults that have really happened; a kill counts for each meeting in flight that it hits. */
  faults = 0;
  /** Of those, processes that died. */
  kills = 0;
  readonly violations: string[] = [];
  readonly figures: string[] = [];

  success(count = 1): void {
    this.successes += count;
  }

  fault(count = 1): void {
    this.faults += count;
  }

  /** A process was killed with so many meetings in its hands. */
  kill(inFlight: number): void {
    this.kills++;
    this.faults += inFlight;
  }

  violate(...what: string[]): void {
    this.violations.push(...what);
  }

  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.violate(otherwise);
  }

  /** A figure for the reader of the report. */
  say(figure: string): void {
    this.figures.push(figure);
  }

  shown(): string[] {
    const more = this.violations.length - MOST_SHOWN;
    return [...this.violations.slice(0, MOST_SHOWN), ...(more > 0 ? [`… and ${more} more`] : [])];
  }
}
