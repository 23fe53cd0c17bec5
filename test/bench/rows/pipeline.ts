/** One meeting alone, and a burst of them, against the bare workflow on the same server. */
import { randomUUID } from 'node:crypto';
import { interleaved, median, short, spread, timed, type Row } from '../figures';
import { allReady, transcriptOf, upload } from '../meetings';
import { usageOf, type Stand } from '../stand';

const BURST = 200;
/** Clients that upload at the same time. */
const CLIENTS = 20;
const MEETING = transcriptOf(2_500);

const bare = async ({ temporal }: Stand): Promise<void> => {
  const options = { taskQueue: 'bare', workflowId: `bare-${randomUUID()}`, args: [] };
  await temporal.workflow.execute('Bare', options);
};

async function fromCreatedToReady(stand: Stand, url: string): Promise<number> {
  const id = await upload(url, MEETING);
  return timed(() => allReady(stand, [id]));
}

async function sideBySide<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let left = count;
  const one = async () => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return results;
}

async function burst(stand: Stand, url: string): Promise<number> {
  return timed(async () => allReady(stand, await sideBySide(BURST, () => upload(url, MEETING))));
}

const bareBurst = (stand: Stand): Promise<number> =>
  timed(() => Promise.all(Array.from({ length: BURST }, () => bare(stand))));

/** Until no task of theirs is told to anybody any more. */
async function settled({ db }: Stand): Promise<void> {
  for (;;) {
    const [{ count }] = (await db('tasks').whereRaw('version > synced_version').count()) as [
      { count: string },
    ];
    if (count === '0') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function pipelineRows(stand: Stand): Promise<Row[]> {
  const api = await stand.startApi();
  const worker = await stand.start('worker');
  await stand.start('bare-worker');
  await fromCreatedToReady(stand, api.url);
  await bare(stand);

  const alone = await interleaved(
    15,
    () => fromCreatedToReady(stand, api.url),
    () => timed(() => bare(stand)),
  );
  await settled(stand);
  await Promise.all([usageOf(api.child), usageOf(worker)]);
  const bursts = await interleaved(
    2,
    () => burst(stand, api.url),
    async () => {
      await settled(stand);
      return bareBurst(stand);
    },
  );
  const [apiUsage, workerUsage] = await Promise.all([usageOf(api.child), usageOf(worker)]);
  const perSecond = (ms: number[]) => ms.map((each) => (BURST / each) * 1000);
  return [
    {
      name: 'MEETING_END_TO_END',
      value: median(alone.ours) / median(alone.baseline),
      unit: '×',
      goal: { atMost: 1.3 },
      detail: `201 to ready ${spread(alone.ours, 'ms')}; 8 bare activities ${spread(alone.baseline, 'ms')}`,
    },
    {
      name: 'BURST_OF_200',
      value: median(bursts.baseline) / median(bursts.ours),
      unit: '×',
      goal: { atLeast: 0.8 },
      detail:
        `${spread(perSecond(bursts.ours), 'meetings/s')}; bare ${spread(perSecond(bursts.baseline), 'workflows/s')}; ` +
        `api ${short(apiUsage.rssMb)} MB, event loop p99 ${short(apiUsage.delayP99Ms)} ms; ` +
        `worker ${short(workerUsage.rssMb)} MB, ${short(workerUsage.delayP99Ms)} ms`,
    },
  ];
}
