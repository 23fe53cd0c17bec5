/** Below this, in processor time, nobody waits and the measurement says little. */
const CHEAP_MS = 500;
const STEP = 8;
/** Between eight times the size for eight times the cost and for sixty-four times: a busy machine stays below it. */
const SLACK = 3;
const TRIES = 3;

async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1000;
}

/**
 * Fails when `work` costs the processor far more for `size` than in proportion to what it costs for an eighth of it (with
 * `power` 2: in proportion to the square). Costs are compared with each other, never with a clock, so that a slow machine
 * changes nothing; one good measurement of three passes: the bad ones were an accident of the machine.
 */
export async function expectGrowth(
  work: (size: number) => unknown,
  size: number,
  { power = 1 } = {},
): Promise<void> {
  const ratios: number[] = [];
  while (ratios.length < TRIES) {
    const whole = await cpuMs(() => work(size));
    if (whole < CHEAP_MS) return;
    const part = await cpuMs(() => work(Math.ceil(size / STEP)));
    const ratio = whole / part / STEP ** power;
    if (ratio < SLACK) return;
    ratios.push(ratio);
  }
  throw new Error(
    `${STEP} times the size costs ${ratios.map((ratio) => (ratio * STEP ** power).toFixed(0)).join(', ')} times as much`,
  );
}
