/** One meeting alone, and a burst of them, against the bare workflow on the same server. */
import { randomUUID } from 'node:crypto';
import { interleaved, median, spread, timed, type Row } from '../figures';
import { allReady, settled, transcriptOf, upload, uploadMany } from '../meetings';
import { usageOf, type Stand, type Usage } from '../stand';

const BURST = 200;
const ROUNDS_ALONE = 7;
const ROUNDS_OF_BURSTS = 2;
/** So many of each go first, unmeasured: what runs for days is compiled. */
const WARM_UP = 80;
const MEETING = transcriptOf(2_500);

const bare = async ({ temporal }: Stand): Promise<void> => {
  const options = { taskQueue: 'bare', workflowId: `bare-${randomUUID()}`, args: [] };
  await temporal.workflow.execute('Bare', options);
};

async function fromCreatedToReady(stand: Stand, url: string): Promise<number> {
  const id = await upload(url, MEETING);
  return timed(() => allReady(stand, [id]));
}

/** From the first byte of the first upload to the last meeting's `ready`. */
const burst = (stand: Stand, url: string, size = BURST): Promise<number> =>
  timed(async () => allReady(stand, await uploadMany(url, MEETING, size)));

/** Several at once. Tasks of earlier meetings are told first: that is not the bare workflow's work. */
async function timedBare(stand: Stand, size = 1): Promise<number> {
  await settled(stand);
  return timed(() => Promise.all(Array.from({ length: size }, () => bare(stand))));
}

const loads = (name: string, { rssMb, delayP99Ms }: Usage): Row[] => {
  const detail = `of the ${name} during the bursts`;
  return [
    { name: `BURST_RSS_${name.toUpperCase()}`, value: rssMb, unit: 'MB', goal: null, detail },
    { name: `BURST_EVENT_LOOP_P99_${name.toUpperCase()}`, value: delayP99Ms, unit: 'ms', goal: null, detail },
  ];
};

export async function pipelineRows(stand: Stand): Promise<Row[]> {
  const api = await stand.startApi();
  const worker = await stand.start('worker');
  await stand.start('bare-worker');
  await fromCreatedToReady(stand, api.url);
  await bare(stand);
  const alone = await interleaved(
    ROUNDS_ALONE,
    () => fromCreatedToReady(stand, api.url),
    () => timedBare(stand),
  );
  await burst(stand, api.url, WARM_UP);
  await timedBare(stand, WARM_UP);
  await Promise.all([usageOf(api.child), usageOf(worker)]);
  const bursts = await interleaved(
    ROUNDS_OF_BURSTS,
    () => burst(stand, api.url),
    () => timedBare(stand, BURST),
  );
  const [apiUsage, workerUsage] = await Promise.all([usageOf(api.child), usageOf(worker)]);
  await settled(stand);
  const perSecond = (ms: number[]) => ms.map((each) => (BURST / each) * 1000);
  return [
    {
      name: 'MEETING_END_TO_END',
      value: median(alone.ours) / median(alone.baseline),
      unit: '×',
      goal: { atMost: 1.3 },
      detail: `201 to ready ${spread(alone.ours, 'ms')}; 8 bare activities ${spread(alone.baseline, 'ms')}`,
      because: 'its activities write rows, and its last one starts a workflow for each task',
    },
    {
      name: 'BURST_OF_200',
      value: median(bursts.ours.map((ours, n) => bursts.baseline[n]! / ours)),
      unit: '×',
      goal: { atLeast: 0.8 },
      detail: `of pairs; ${spread(perSecond(bursts.ours), 'meetings/s')}; bare ${spread(perSecond(bursts.baseline), 'workflows/s')}`,
      because:
        'both fill the cores, and a meeting is an upload, 220 rows and six steps in two workflows, not eight that do nothing',
    },
    ...loads('api', apiUsage),
    ...loads('worker', workerUsage),
  ];
}
