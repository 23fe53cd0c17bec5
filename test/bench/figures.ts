/** What a row of the bench says: a ratio against its own baseline, measured side by side. */

export interface Row {
  name: string;
  /** Ours divided by the baseline's, or an absolute figure where there is none. */
  value: number;
  unit: '×' | 'MB' | 's' | 'ms' | 'events' | 'kB' | 'queries';
  /** What the design asks for; null = it asks for nothing. */
  goal: { atMost: number } | { atLeast: number } | null;
  /** What was measured, in words and absolute figures. */
  detail: string;
  /** Why ours costs more than its baseline; said when it does. */
  because?: string;
}

/** Of an even number the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? NaN : (low + high) / 2;
}

/** Nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** "12.3 (10.1–15.0) ms" */
export const spread = (values: readonly number[], unit: string): string =>
  `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))}) ${unit}`;

export const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

export const isMet = ({ goal, value }: Row): boolean =>
  goal === null || ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast);

/** Of rows without a goal, a smaller ratio is the better one. */
const isSlower = ({ goal, value, unit }: Row): boolean =>
  unit === '×' && (goal && 'atLeast' in goal ? value < 1 : value > 1);

/** `NAME ratio × (goal)`, as the design wants it, what lies behind it, and why when it is slower than its baseline. */
export function printed(row: Row): string {
  const { name, value, unit, goal, detail, because } = row;
  const wanted =
    goal === null ? '' : 'atMost' in goal ? ` (goal ≤ ${goal.atMost})` : ` (goal ≥ ${goal.atLeast})`;
  const mark = isMet(row) ? '' : ' MISSED';
  const why = because && isSlower(row) ? `\n    because ${because}` : '';
  return `${name} ${short(value)} ${unit}${wanted}${mark}  ${detail}${why}`;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Runs both in turn, A B B A A B …, so that a machine that gets slower meanwhile is as slow for both. */
export async function interleaved(
  rounds: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ ours: number[]; baseline: number[] }> {
  const measured = { ours: [] as number[], baseline: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const pair = [
      async () => measured.ours.push(await ours()),
      async () => measured.baseline.push(await baseline()),
    ];
    for (const measure of round % 2 ? pair.reverse() : pair) await measure();
  }
  return measured;
}
