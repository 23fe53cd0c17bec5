import type { Least } from './lab';
import type { Tally } from './tally';

export interface Outcome {
  row: number;
  name: string;
  successes: number;
  faults: number;
  kills: number;
  violations: string[];
  figures: string[];
  seconds: number;
}

/** A scenario that did too little has proved nothing: that is a violation as well. */
export function outcomeOf(row: number, name: string, tally: Tally, least: Least, seconds: number): Outcome {
  const { successes, faults, kills, figures } = tally;
  const violations = tally.shown();
  if (successes < least.successes)
    violations.push(`only ${successes} successes of at least ${least.successes}`);
  if (faults < least.faults) violations.push(`only ${faults} faults of at least ${least.faults}`);
  return { row, name, successes, faults, kills, violations, figures, seconds };
}

const HEAD = ['row', 'what', 'successes', 'faults', 'kills', 'violations', 'seconds'];
/** Rows whose kills are counted together, for every meeting that they hit. */
const KILLS = [1, 2, 4, 5, 6];

export function table(outcomes: Outcome[]): string {
  const lines = outcomes.map((outcome) =>
    [
      outcome.row,
      outcome.name,
      outcome.successes,
      outcome.faults,
      outcome.kills,
      outcome.violations.length,
      outcome.seconds.toFixed(1),
    ].map(String),
  );
  const widths = HEAD.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]?.length ?? 0)));
  const print = (cells: string[]) =>
    cells
      .map((cell, i) => (i === 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return [print(HEAD), ...lines.map(print), '', summary(outcomes)].join('\n');
}

function summary(outcomes: Outcome[]): string {
  const hit = outcomes.filter(({ row }) => KILLS.includes(row)).reduce((sum, { faults }) => sum + faults, 0);
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  const violations = outcomes.flatMap((outcome) => outcome.violations).length;
  return `rows ${KILLS.join(', ')}: ${hit} meetings hit by kills; in all ${violations} violations, ${seconds.toFixed(0)} s`;
}
