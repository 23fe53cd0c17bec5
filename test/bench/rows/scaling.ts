/** A second worker, and reads while 200 meetings are under way. */
import { interleaved, median, quantile, short, spread, timed, type Row } from '../figures';
import { load } from '../load';
import { allReady, settled, transcriptOf, upload, uploadMany } from '../meetings';
import { stop, type Stand } from '../stand';

const MEETING = transcriptOf(2_500);
/**
 * A provider that answers soon, and one that thinks: the second leaves the slots of one worker full, twice as many as it
 * has, and the machine idle.
 */
const WAITING = [
  { latencyMs: 200, meetings: 20 },
  { latencyMs: 2_000, meetings: 40 },
];

const IN_FLIGHT = 200;
const READERS = { clients: 2, forMs: 2_500 };

const batch = (stand: Stand, url: string, meetings: number): Promise<number> =>
  timed(async () => allReady(stand, await uploadMany(url, MEETING, meetings)));

async function twoWorkersRow(stand: Stand, url: string, { latencyMs, meetings }: (typeof WAITING)[0]) {
  const env = { LATENCY_MS: String(latencyMs) };
  const first = await stand.start('worker', env);
  await allReady(stand, [await upload(url, MEETING)]);
  const alone = async () => {
    await settled(stand);
    return batch(stand, url, meetings);
  };
  const two = async () => {
    const second = await stand.start('worker', env);
    const tookMs = await alone();
    await settled(stand);
    await stop(second);
    return tookMs;
  };
  const measured = await interleaved(1, two, alone);
  await settled(stand);
  await stop(first);
  const perSecond = (ms: number[]) => ms.map((each) => (meetings / each) * 1000);
  return {
    name: `TWO_WORKERS_${latencyMs}_MS`,
    value: median(measured.ours) / median(measured.baseline),
    unit: '×',
    goal: null,
    detail:
      `time of two worker processes against one, providers take ${latencyMs} ms: ` +
      `${spread(perSecond(measured.ours), 'meetings/s')}; one ${spread(perSecond(measured.baseline), 'meetings/s')}`,
    because: 'two cores carry PostgreSQL, Temporal, api, bench and workers: a second one adds no core',
  } satisfies Row;
}

async function readsUnderWayRow(stand: Stand, url: string): Promise<Row> {
  await stand.start('worker');
  const id = await upload(url, MEETING);
  await allReady(stand, [id]);
  await settled(stand);
  const p95 = async () => quantile((await load([`${url}/meeting/${id}`], READERS)).latenciesMs, 0.95);
  await p95();
  const idle = await p95();
  const ids = await uploadMany(url, MEETING, IN_FLIGHT);
  const busy = await p95();
  const rows = await stand.db<{ status: string }>('meetings').whereIn('id', ids).select('status');
  const left = rows.filter(({ status }) => status !== 'ready').length;
  await allReady(stand, ids);
  await settled(stand);
  return {
    name: 'READ_P95_200_IN_FLIGHT',
    value: busy / idle,
    unit: '×',
    goal: null,
    detail: `GET /meeting/:id p95 ${short(busy)} ms while ${IN_FLIGHT} meetings were under way (${left} still at the end); idle ${short(idle)} ms`,
    because: 'two cores are shared with the worker, PostgreSQL and Temporal, which are busy',
  };
}

export async function scalingRows(stand: Stand): Promise<Row[]> {
  const { url } = await stand.startApi();
  const rows: Row[] = [];
  for (const each of WAITING) rows.push(await twoWorkersRow(stand, url, each));
  return [...rows, await readsUnderWayRow(stand, url)];
}
