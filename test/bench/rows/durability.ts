/** What durability costs: a meeting through its workflow, against the same steps as function calls in one process. */
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { createActivities, type Activities } from '../../../activities';
import { createLogger } from '../../../src/log';
import { Meeting } from '../../../src/models/meeting';
import type { Providers } from '../../../src/ports';
import { insertMeeting, withTranscript } from '../../support/meetings';
import { interleaved, median, spread, timed, type Row } from '../figures';
import { instantProviders } from '../instant-providers';
import { allReady, settled, transcriptOf, upload } from '../meetings';
import type { Stand } from '../stand';

const ROUNDS = 8;
const MEETING = transcriptOf(2_500);

/** What activities ask of Temporal while they run. */
const nobodyCancels = {
  info: { attempt: 1 },
  heartbeat: () => undefined,
  cancellationSignal: new AbortController().signal,
} as unknown as Context;

const nobodyListens = { workflow: { signalWithStart: () => Promise.resolve() } } as unknown as Client;

function plainSteps(stand: Stand): Activities {
  return createActivities({
    db: stand.db,
    providers: instantProviders(0) as unknown as Providers,
    temporal: nobodyListens,
    log: createLogger('bench', 'error'),
    ffmpeg: null,
    scratchDir: stand.directory,
    maxMediaSeconds: 36_000,
    reextractionWindowMs: 1000,
  });
}

/** As an upload leaves it, but for its run: marked as started, so that nobody starts one. */
const stored = ({ db }: Stand): Promise<string> =>
  db.transaction(async (trx) => {
    const meeting = await insertMeeting(trx);
    await withTranscript(trx, meeting, MEETING.split('\n'));
    await Meeting.query(trx).findById(meeting.id).patch({ runStartedAt: new Date() });
    return meeting.id;
  });

async function steps({ planWork, extract }: Activities, meetingId: string) {
  const { work } = await planWork({ meetingId, signalled: [] });
  if (!work) throw new Error('nothing is asked of this meeting');
  await extract(work);
}

async function asCalls(stand: Stand, activities: Activities): Promise<number> {
  const id = await stored(stand);
  const tookMs = await timed(() => asyncLocalStorage.run(nobodyCancels, () => steps(activities, id)));
  await stand.db('tasks').where({ meetingId: id }).update('synced_version', stand.db.ref('version'));
  return tookMs;
}

export async function durabilityRows(stand: Stand): Promise<Row[]> {
  const { url } = await stand.startApi();
  await stand.start('worker');
  const activities = plainSteps(stand);
  const asWorkflow = async () => {
    const id = await upload(url, MEETING);
    return timed(() => allReady(stand, [id]));
  };
  await asWorkflow();
  await asCalls(stand, activities);
  const measured = await interleaved(ROUNDS, asWorkflow, () => asCalls(stand, activities));
  await settled(stand);
  return [
    {
      name: 'DURABILITY',
      value: median(measured.ours) / median(measured.baseline),
      unit: '×',
      goal: null,
      detail: `201 to ready ${spread(measured.ours, 'ms')}; the same steps as calls ${spread(measured.baseline, 'ms')}`,
      because:
        'each step is written down by Temporal before and after it and fetched by a worker: that is what outlives a kill',
    },
  ];
}
