/** What length costs: time and history of meetings of 2,500 to 23,700 words. */
import { median, short, timed, type Row } from '../figures';
import { allReady, settled, upload } from '../meetings';
import { stop, type Stand } from '../stand';
import { transcripts, type Transcript } from '../transcripts';

const ROUNDS = 3;
const REEXTRACTIONS = 3;

interface Measured extends Transcript {
  /** Of the last round. */
  id: string;
  readyMs: number;
}

interface History {
  events: number;
  kB: number;
}

async function measure(stand: Stand, url: string, list: Transcript[]): Promise<Measured[]> {
  const ids = new Map<Transcript, string>();
  const times = new Map(list.map((each): [Transcript, number[]] => [each, []]));
  // The first round loads what is loaded with a first meeting.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const each of list) {
      await settled(stand); // tasks of the meeting before are none of this one's work
      const id = await upload(url, each.text, each.file);
      const tookMs = await timed(() => allReady(stand, [id]));
      ids.set(each, id);
      if (round > 0) times.get(each)!.push(tookMs);
    }
  }
  await settled(stand);
  return list.map((each) => ({ ...each, id: ids.get(each)!, readyMs: median(times.get(each)!) }));
}

/** When the run has nothing to do any more. */
async function historyOf({ temporal }: Stand, workflowId: string): Promise<History> {
  for (;;) {
    const run = await temporal.workflow.getHandle(workflowId).describe();
    const { pendingActivities, pendingWorkflowTask } = run.raw;
    if (!pendingActivities?.length && !pendingWorkflowTask) {
      return { events: run.historyLength, kB: (run.historySize ?? 0) / 1024 };
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** 1 = the cost grows as the length does. */
const growth = (list: readonly { words: number }[], costs: number[]): number =>
  costs.at(-1)! / costs[0]! / (list.at(-1)!.words / list[0]!.words);

const growthRow = (name: string, list: Transcript[], costs: number[], unit: string, are: string): Row => ({
  name,
  value: growth(list, costs),
  unit: '×',
  goal: { atMost: 1 },
  detail: `growth against length; ${are} meetings of ${list
    .map(({ words }, n) => `${words} words: ${short(costs[n]!)} ${unit}`)
    .join(', ')}`,
});

async function historyRows(stand: Stand, measured: Measured[], are: string): Promise<Row[]> {
  const histories: History[] = [];
  for (const { id } of measured) histories.push(await historyOf(stand, `meeting-${id}`));
  const tasks = (await stand
    .db('tasks')
    .select('id')
    .where({ meetingId: measured.at(-1)!.id })) as { id: string }[];
  const perTask = await Promise.all(tasks.map(({ id }) => historyOf(stand, `task-${id}`)));
  const most = (list: History[], of: keyof History) => Math.max(...list.map((each) => each[of]));
  const detail = (of: keyof History) =>
    `of a meeting's run, at any length; the longest has ${tasks.length} tasks with runs of their own, ${short(most(perTask, of))} at most`;
  const all = histories;
  return [
    {
      name: 'HISTORY_EVENTS',
      value: most(all, 'events'),
      unit: 'events',
      goal: { atMost: 150 },
      detail: detail('events'),
    },
    { name: 'HISTORY_KB', value: most(all, 'kB'), unit: 'kB', goal: { atMost: 100 }, detail: detail('kB') },
    growthRow(
      'HISTORY_GROWTH',
      measured,
      all.map(({ kB }) => kB),
      'kB',
      are,
    ),
  ];
}

async function reextract(url: string, id: string): Promise<number> {
  return timed(async () => {
    const headers = { Prefer: 'wait=60' };
    const { status } = await fetch(`${url}/extract/${id}`, { method: 'POST', headers });
    if (status !== 200) throw new Error(`the extraction was not done: ${status}`);
  });
}

async function reextractionRow(url: string, { id, words, readyMs }: Measured): Promise<Row> {
  const times: number[] = [];
  for (let n = 0; n < REEXTRACTIONS; n++) times.push(await reextract(url, id));
  return {
    name: 'REEXTRACTION',
    value: median(times) / readyMs,
    unit: '×',
    goal: null,
    detail: `${words} words again, from request to answer: ${short(median(times))} ms; first 201 to ready ${short(readyMs)} ms`,
    because: 'every item is compared with what is there, and the answer is the whole meeting',
  };
}

export async function lengthRows(stand: Stand): Promise<Row[]> {
  const { are, list } = transcripts();
  const { url } = await stand.startApi();
  const worker = await stand.start('worker');
  const instant = await measure(stand, url, list);
  const rows = [
    growthRow(
      'END_TO_END_GROWTH',
      list,
      instant.map(({ readyMs }) => readyMs),
      'ms',
      are,
    ),
    ...(await historyRows(stand, instant, are)),
    await reextractionRow(url, instant.at(-1)!),
  ];
  await settled(stand);
  await stop(worker);
  await stand.start('worker', { EXTRACTOR: 'local' });
  const local = await measure(stand, url, list);
  return [
    ...rows,
    growthRow(
      'LOCAL_RULES_GROWTH',
      list,
      local.map(({ readyMs }) => readyMs),
      'ms',
      are,
    ),
  ];
}
