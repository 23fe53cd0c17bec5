/** Row 36: meetings that always fail keep no other waiting, say why, and are read when a person asks again. */
import { errorAnswer } from '../../support/vendors/gemini';
import { eventually } from '../../support/poll';
import { send } from '../harness/client';
import type { Batch } from '../harness/batch';
import type { Lab, Scenario } from '../harness/lab';

/** 10 % is the promise; on a machine that runs everything at once, as much again is noise. */
const MOST_SLOWER = 1.5;
const NOISE_MS = 1_500;

/** Milliseconds from upload to ready that 95 of 100 meetings need. */
async function p95(lab: Lab, batch: Batch): Promise<number> {
  const { rows } = await lab.stack.db.raw<{ rows: { ms: string }[] }>(
    `select extract(epoch from min(e.at) - m.created_at) * 1000 as ms
       from meetings m join meeting_events e on e.meeting_id = m.id
       where m.title = any(?) and e.type = 'status' and e.data->>'status' = 'ready'
       group by m.id, m.created_at order by ms`,
    [[...batch.marks]],
  );
  return Math.round(Number(rows[Math.ceil(rows.length * 0.95) - 1]?.ms ?? 0));
}

async function others(lab: Lab): Promise<number> {
  const batch = lab.batch(lab.scripts(20));
  await batch.upload();
  lab.tally.expect(await batch.drain(), 'others wait for the poisoned');
  lab.tally.success(batch.taken.size);
  return p95(lab, batch);
}

export const poisoned: Scenario = {
  row: 36,
  name: 'meetings that always fail, beside others',
  least: { full: { successes: 45, faults: 5 }, short: null },
  async run(lab) {
    const { stack, tally } = lab;
    const { vendors } = stack;
    const without = await others(lab);
    const poison = lab.batch(lab.scripts(5));
    for (const { mark } of poison.scripts) poison.reruns.set(mark, 1);
    vendors.misbehave(vendors.gemini.standIn, (request) =>
      poison.marks.has(vendors.markOf('extract', request))
        ? { answer: errorAnswer(400, 'INVALID_ARGUMENT', 'canary') }
        : undefined,
    );
    await poison.upload();
    const beside = await others(lab);
    tally.say(`p95 of the others: ${without} ms without, ${beside} ms beside them`);
    tally.expect(beside <= without * MOST_SLOWER + NOISE_MS, `others are slower: ${without} -> ${beside} ms`);
    await retry(lab, poison);
  },
};

async function retry(lab: Lab, poison: Batch): Promise<void> {
  const { stack, tally } = lab;
  const failed = () =>
    poison.rows().then((rows) => rows.every(({ status, failure }) => status === 'failed' && failure));
  await eventually(failed, { deadlineMs: 60_000 });
  tally.fault(poison.scripts.length);
  stack.vendors.behave();
  for (const { id } of await poison.rows()) {
    const { status } = await send(`${stack.apiUrl}/extract/${id}`, { method: 'POST' });
    tally.expect(status === 202, `asked to try again: ${status}`);
  }
  tally.expect(await poison.drain(), 'tried again, and did not come to rest');
  tally.success(poison.scripts.length);
}
