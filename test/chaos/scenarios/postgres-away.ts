/** Rows 9, 10, 11: PostgreSQL is killed; it drops every session; it commits and the answer is lost. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/poll';
import { send, uploadOnce, type Answer } from '../harness/client';
import { isCommitReply } from '../harness/fault-proxy';
import type { Lab, Scenario } from '../harness/lab';

const MOST_RECOVERY_MS = 15_000;

async function killOnce(lab: Lab): Promise<void> {
  const { stack, tally } = lab;
  const batch = lab.batch(lab.scripts(8, 2));
  await batch.upload();
  const inFlight = await batch.inFlight();
  const pids = [stack.api.identity?.pid, stack.worker.identity?.pid];
  await stack.postgres.keepDown();
  tally.kill(inFlight);
  const [script] = lab.scripts(1);
  const answer = await uploadOnce(stack.apiUrl, script!);
  const retryAfter = (answer as Answer).headers?.get('Retry-After');
  tally.expect(
    answer.status === 503 && retryAfter !== null,
    `while it was away: ${answer.status}, Retry-After ${retryAfter}`,
  );
  await stack.postgres.start();
  await batch.note();
  const begun = performance.now();
  const works = async () => (await send(`${stack.apiUrl}/meetings`, { timeoutMs: 5_000 })).status === 200;
  await eventually(works, { deadlineMs: 60_000 });
  const recoveryMs = Math.round(performance.now() - begun);
  tally.say(`first answer ${recoveryMs} ms after PostgreSQL was back`);
  tally.expect(recoveryMs <= MOST_RECOVERY_MS, `the api needed ${recoveryMs} ms`);
  tally.expect(await batch.drain(), 'not everything was done after it was back');
  const now = [stack.api.identity?.pid, stack.worker.identity?.pid];
  tally.expect(String(now) === String(pids), 'api or worker did not survive it');
  tally.success(batch.taken.size);
}

export const postgresKilled: Scenario = {
  row: 9,
  name: 'PostgreSQL kill -9',
  least: { full: { successes: 30, faults: 5 }, short: { successes: 10, faults: 1 } },
  async run(lab) {
    for (let round = 0; round < (lab.short ? 1 : 3); round++) await killOnce(lab);
  },
};

const EVERY_MS = 2_000;
/** Twelve times nine uploads in a minute: what two cores can do in the meantime. */
const BATCH_EVERY_MS = 5_000;
const LEAST_TAKEN = 0.95;

export const sessionsTerminated: Scenario = {
  row: 10,
  name: 'all PostgreSQL sessions terminated every 2 s',
  least: { full: { successes: 90, faults: 50 }, short: null },
  async run(lab) {
    const { stack, tally } = lab;
    const end = performance.now() + 60_000;
    let asked = 0;
    let taken = 0;
    const loadOn = async () => {
      while (performance.now() < end) {
        const batch = lab.batch(lab.scripts(9, 1));
        const next = pause(BATCH_EVERY_MS);
        await batch.upload();
        asked += batch.scripts.length;
        taken += batch.taken.size;
        await next;
      }
    };
    const load = loadOn();
    while (performance.now() < end) {
      await pause(EVERY_MS);
      const { rows } = await stack.db.raw<{ rows: unknown[] }>(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'meeting-pipeline' and pid <> pg_backend_pid()
           and client_port is not null and backend_start < now() and query not like '%pg_terminate_backend%'`,
      );
      tally.fault(rows.length);
    }
    await load;
    tally.say(`${taken} of ${asked} uploads were taken`);
    tally.expect(taken >= asked * LEAST_TAKEN, `only ${taken} of ${asked} uploads were taken`);
    tally.success(taken);
  },
};

export const commitLost: Scenario = {
  row: 11,
  name: 'committed, and the answer is lost',
  least: { full: { successes: 150, faults: 200 }, short: { successes: 15, faults: 10 } },
  async run(lab) {
    const { stack, tally, random, short } = lab;
    const most = short ? 15 : 250;
    stack.postgresProxy.loses = (chunk) => {
      const loses = tally.faults < most && isCommitReply(chunk) && random.chance(0.12);
      if (loses) tally.fault();
      return loses;
    };
    for (let round = 0; round < (short ? 1 : 12) || (!short && tally.faults < 200 && round < 30); round++) {
      const batch = lab.batch(lab.scripts(14, 2));
      await batch.upload();
      if (!(await batch.drain())) tally.violate(...(await batch.waitingFor()));
      tally.success(batch.taken.size);
    }
  },
};
