/** `GET /meeting/:id` of a meeting of one hour, against node http and pg with the same queries and fields. */
import { freePort } from '../../../src/embedded/ports';
import { interleaved, median, short, spread, type Row } from '../figures';
import { load } from '../load';
import { allReady, settled, transcriptOf, upload } from '../meetings';
import { queriesOf } from '../queries';
import { stop, type Stand } from '../stand';

/** An hour of talk. */
const WORDS = 9_000;
const ROUNDS = 8;
const LOAD = { clients: 8, forMs: 1_250 };
/** What runs for days is compiled. */
const WARM_UP = { clients: 8, forMs: 5_000 };

export async function readRows(stand: Stand): Promise<Row[]> {
  const api = await stand.startApi();
  const worker = await stand.start('worker');
  const port = await freePort(0);
  await stand.start('bare-read', { PORT: String(port) });
  const id = await upload(api.url, transcriptOf(WORDS));
  await allReady(stand, [id]);
  await settled(stand);
  await stop(worker);
  const ours = `${api.url}/meeting/${id}`;
  const bare = `http://127.0.0.1:${port}/meeting/${id}`;
  const [oursBytes, bareBytes] = await Promise.all([ours, bare].map(bytesOf));
  const rate = async (url: string) => (await load([url], LOAD)).perSecond;
  for (const url of [ours, bare]) await load([url], WARM_UP);
  const measured = await interleaved(
    ROUNDS,
    () => rate(ours),
    () => rate(bare),
  );
  const queries = await queriesOf(stand, () => bytesOf(ours));
  return [
    {
      name: 'GET_MEETING',
      value: median(measured.ours) / median(measured.baseline),
      unit: '×',
      goal: { atLeast: 0.6 },
      detail:
        `${spread(measured.ours, 'requests/s')} of ${short(oursBytes! / 1024)} kB; ` +
        `bare ${spread(measured.baseline, 'requests/s')} of ${short(bareBytes! / 1024)} kB`,
      because: 'it checks who asks, names speakers, hashes the answer for its ETag and counts the request',
    },
    {
      name: 'GET_MEETING_QUERIES',
      value: queries,
      unit: 'queries',
      goal: { atMost: 4 },
      detail: 'statements in the log of PostgreSQL',
    },
  ];
}

const bytesOf = async (url: string): Promise<number> => (await (await fetch(url)).arrayBuffer()).byteLength;
