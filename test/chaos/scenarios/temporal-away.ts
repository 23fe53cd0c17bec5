/** Rows 7 and 8: Temporal is killed for a minute; Temporal is there and never answers. Uploads are taken all the same. */
import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../harness/client';
import type { Lab, Scenario } from '../harness/lab';

const DOWN_MS = 60_000;
/** After Temporal is back, everything that waited is done within it. */
const MOST_BACKLOG_MS = 60_000;
const MOST_P99_MS = 5_000;
const MOST_MS = 10_000;

async function expectDegraded({ stack, tally }: Lab): Promise<void> {
  const { status, ...answer } = await send(`${stack.apiUrl}/readyz`);
  const said = 'body' in answer ? answer.body.status : 'nothing';
  tally.expect(
    status === 200 && said === 'degraded',
    `/readyz says ${status} ${String(said)}, Temporal is away`,
  );
}

export const temporalKilled: Scenario = {
  row: 7,
  name: 'Temporal kill -9, back after a minute',
  least: { full: { successes: 60, faults: 20 }, short: null },
  async run(lab) {
    const { stack, tally } = lab;
    const before = lab.batch(lab.scripts(44, 6));
    await before.upload();
    const inFlight = await before.inFlight();
    await stack.temporal.keepDown();
    tally.kill(inFlight);
    const begun = performance.now();
    const meanwhile = lab.batch(lab.scripts(9, 1));
    await Promise.all([meanwhile.upload(), expectDegraded(lab)]);
    const attempts = meanwhile.answers.map(({ status }) => status);
    const taken = attempts.filter((status) => status === 201).length;
    tally.expect(taken === 10 && attempts.length === 10, `uploads meanwhile: ${attempts.join(' ')}`);
    await pause(Math.max(0, DOWN_MS - (performance.now() - begun)));
    const downMs = performance.now() - begun;
    await stack.temporal.start();
    const back = performance.now();
    const all = (await meanwhile.drain()) && (await before.drain());
    const tookMs = performance.now() - back;
    tally.say(
      `away ${seconds(downMs)}; meanwhile ${taken} of 10 uploads got 201; ${inFlight} in flight before; ` +
        `all at rest ${seconds(tookMs)} after it was back`,
    );
    tally.expect(all && tookMs <= MOST_BACKLOG_MS, `the backlog took ${seconds(tookMs)}`);
    tally.success(before.taken.size + meanwhile.taken.size);
  },
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const temporalSilent: Scenario = {
  row: 8,
  name: 'Temporal swallows everything (half-open TCP)',
  least: { full: { successes: 47, faults: 40 }, short: null },
  async run(lab) {
    const { stack, tally } = lab;
    const known = lab.batch(lab.scripts(5));
    await known.upload();
    await known.drain();
    stack.temporalProxy.set('blackhole');
    const batch = lab.batch(lab.scripts(40, 2));
    const asks = [...known.taken.values()].map(({ meetingId }) =>
      send(`${stack.apiUrl}/extract/${meetingId}`, { method: 'POST' }),
    );
    for (const mark of known.marks) known.reruns.set(mark, 1);
    const [, ...answers] = await Promise.all([batch.upload(), expectDegraded(lab), ...asks]);
    const all = [...batch.answers, ...answers.filter((answer) => answer !== undefined)];
    judge(lab, all);
    tally.fault(all.length);
    stack.temporalProxy.heal();
    tally.expect(
      (await batch.drain()) && (await known.drain()),
      'not everything was done after it was mended',
    );
    tally.success(batch.taken.size + known.taken.size);
  },
};

function judge({ tally }: Lab, answers: { status: number; tookMs: number }[]): void {
  const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const p99 = times[Math.ceil(times.length * 0.99) - 1] ?? 0;
  const slowest = times.at(-1) ?? 0;
  tally.say(`${answers.length} requests while it was silent: p99 ${p99} ms, slowest ${slowest} ms`);
  tally.expect(p99 <= MOST_P99_MS, `p99 is ${p99} ms`);
  tally.expect(slowest <= MOST_MS, `a request took ${slowest} ms`);
  const odd = answers.filter(({ status }) => ![201, 202, 503].includes(status));
  tally.violate(...odd.map(({ status }) => `answered with ${status}`));
}
