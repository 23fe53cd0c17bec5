/** Row 37: a meeting is erased while a worker stands in the middle of each step; then the worker goes on. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Failpoint } from '../../../src/failpoint';
import { eventually } from '../../support/poll';
import { send, type Answer } from '../harness/client';
import type { Script } from '../harness/cast';
import type { Lab, Scenario } from '../harness/lab';

const MOMENTS: Failpoint[] = [
  'stt-done',
  'llm-chunk',
  'results-saved',
  'mail-ledgered',
  'mail-sent',
  'event-created',
];
const MOST_MS = 60_000;

async function eraseAt(lab: Lab, point: Failpoint): Promise<void> {
  const { stack, tally } = lab;
  const [script] = (point === 'stt-done' ? lab.scripts(0, 1) : lab.scripts(1)) as [Script];
  const order = stack.failpoints.arm(point, 'hold');
  const batch = lab.batch([script]);
  await batch.upload();
  const meetingId = batch.taken.get(script.mark)!.meetingId;
  await order.fired(60_000);
  const meeting = await stack.db('meetings').where({ id: meetingId }).first();
  const answer = await send(`${stack.apiUrl}/meeting/${meetingId}`, { method: 'DELETE' });
  tally.expect(answer.status === 202, `${point}: DELETE answers ${answer.status}`);
  const begun = performance.now();
  order.release();
  tally.fault();
  const { erasureId } = (answer as Answer).body;
  const left = () => remains(lab, { meetingId, script, mediaKey: meeting.media_key, erasureId });
  const gone = await eventually(async () => (await left()).length === 0, {
    deadlineMs: MOST_MS,
    intervalMs: 250,
  }).catch(() => false);
  if (!gone) tally.violate(...(await left()).map((what) => `${point}: ${what}`));
  tally.say(`${point}: gone after ${Math.round(performance.now() - begun)} ms`);
  tally.success(gone ? 1 : 0);
  batch.taken.clear();
}

interface Erased {
  meetingId: string;
  script: Script;
  mediaKey: string | null;
  erasureId: unknown;
}

/** What is still to be found of it. */
async function remains(lab: Lab, { meetingId, script, mediaKey, erasureId }: Erased): Promise<string[]> {
  const { stack } = lab;
  const shown = await send(`${stack.apiUrl}/meeting/${meetingId}`);
  const receipt = await send(`${stack.apiUrl}/erasures/${String(erasureId)}`);
  const entries = script.tasks.filter(({ name, owner }) =>
    stack.vendors.entries(owner).some((summary) => summary.includes(name)),
  );
  const object = mediaKey !== null && existsSync(path.join(stack.mediaDirectory, mediaKey));
  return [
    ...(shown.status === 404 ? [] : [`GET /meeting answers ${shown.status}`]),
    ...('body' in receipt && receipt.body.state === 'done' ? [] : ['the receipt is not done']),
    ...entries.map(({ name }) => `"${name}" is still on a calendar`),
    ...(object ? ['the object is still there'] : []),
    ...(await rowsOf(lab, meetingId)),
  ];
}

/** In every table that names meetings; receipts name them too, by design. */
async function rowsOf({ stack: { db } }: Lab, meetingId: string): Promise<string[]> {
  const tables = await db('information_schema.columns')
    .where({ table_schema: 'public', column_name: 'meeting_id' })
    .whereNot({ table_name: 'erasures' })
    .select('table_name');
  const found: string[] = [];
  for (const { table_name: table } of tables) {
    const rows = await db(table).where({ meeting_id: meetingId });
    if (rows.length > 0) found.push(`${rows.length} rows of ${table}`);
  }
  const own = await db('meetings').where({ id: meetingId });
  return own.length > 0 ? [...found, 'the row of the meeting'] : found;
}

export const erased: Scenario = {
  row: 37,
  name: 'erased in the middle of each step',
  least: { full: { successes: 6, faults: 6 }, short: null },
  async run(lab) {
    for (const point of MOMENTS) await eraseAt(lab, point);
  },
};
