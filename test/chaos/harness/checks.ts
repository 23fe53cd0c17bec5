/** What must hold for every meeting of a batch once it has come to rest, whatever was done to the processes. */
import type { Batch, MeetingRow } from './batch';
import type { Script } from './cast';
import type { ChaosStack } from './stack';

interface Found {
  stack: ChaosStack;
  batch: Batch;
  meetings: MeetingRow[];
}

type Check = (found: Found) => Promise<string[]> | string[];

const RESTING = ['ready', 'failed', 'cancelled'];

/** Everything that is wrong, in words; [] = nothing. */
export async function violationsOf(stack: ChaosStack, batch: Batch): Promise<string[]> {
  const found = { stack, batch, meetings: await batch.rows() };
  const all: string[] = [];
  for (const check of CHECKS) all.push(...(await check(found)));
  return all;
}

/** P1: what was answered with 201 exists and has come to an end that is said. */
const nothingLost: Check = ({ batch, meetings }) => {
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  const lost = [...batch.taken].filter(([, { meetingId }]) => !byId.has(meetingId));
  const restless = meetings.filter(({ status }) => !RESTING.includes(status));
  const failed = meetings.filter(({ title, status }) => status !== 'ready' && !batch.mayFail.has(title));
  const mute = meetings.filter(({ status, failure }) => status === 'failed' && !failure?.code);
  return [
    ...lost.map(([mark]) => `${mark}: answered with 201 and lost`),
    ...restless.map(({ title, status }) => `${title}: still ${status}`),
    ...failed.map(({ title, status, failure }) => `${title}: ${status} (${failure?.code ?? 'no reason'})`),
    ...mute.map(({ title }) => `${title}: failed without a reason`),
  ];
};

/** One key, one meeting. */
const nothingTwice: Check = ({ meetings }) =>
  repeated(meetings.map(({ title }) => title)).map(([title, count]) => `${title}: ${count} meetings`);

const everyRequestEnded: Check = async ({ stack, meetings }) => {
  const open = await stack
    .db('requests')
    .whereIn('meeting_id', ids(meetings))
    .whereIn('state', ['pending', 'running'])
    .select('meeting_id', 'kind', 'state');
  return open.map((request) => `${request.meeting_id}: request ${request.kind} is still ${request.state}`);
};

const oneExtractionPerRequest: Check = async ({ stack, batch, meetings }) => {
  const rows: Counted[] = await stack
    .db('extractions')
    .whereIn('meeting_id', ids(meetings))
    .groupBy('meeting_id')
    .select('meeting_id')
    .count({ count: '*' });
  const count = new Map(rows.map((row) => [row.meeting_id, Number(row.count)]));
  return meetings
    .filter(({ status }) => status === 'ready')
    .flatMap(({ id, title }) => {
      const most = 1 + (batch.reruns.get(title) ?? 0);
      const found = count.get(id) ?? 0;
      return found < 1 || found > most ? [`${title}: ${found} extractions for ${most} requests`] : [];
    });
};

interface Counted {
  meeting_id: string;
  count: string;
  last?: number;
}

interface TaskRow {
  id: string;
  name: string;
  title: string;
  version: number;
  synced_version: number;
}

/** Each promise is one task, and the world knows it. */
const tasksAsPromised: Check = async ({ stack, batch, meetings }) => {
  const tasks: TaskRow[] = await stack
    .db('tasks')
    .join('meetings', 'meetings.id', 'tasks.meeting_id')
    .whereIn('meeting_id', ids(meetings))
    .select('tasks.id', 'tasks.name', 'meetings.title', 'tasks.version', 'tasks.synced_version');
  const ready = new Set(meetings.filter(({ status }) => status === 'ready').map(({ title }) => title));
  const names = new Set(tasks.map(({ name }) => name));
  const promised = batch.scripts.filter(({ mark }) => ready.has(mark)).flatMap((script) => script.tasks);
  return [
    ...repeated(tasks.map(({ name }) => name)).map(([name, count]) => `"${name}": ${count} tasks`),
    ...promised.filter(({ name }) => !names.has(name)).map(({ name }) => `"${name}": no such task`),
    ...tasks
      .filter((task) => task.synced_version < task.version)
      .map(({ name }) => `"${name}": the world was not told`),
  ];
};

/** At most one mail for each task and owner; an entry for each, and no second one. */
const theWorld: Check = ({ stack, batch, meetings }) => {
  const ready = new Set(meetings.filter(({ status }) => status === 'ready').map(({ title }) => title));
  const scripts = batch.scripts.filter(({ mark }) => ready.has(mark));
  return [...mailedTwice(stack, batch), ...scripts.flatMap((script) => wrongEntries(stack, script))];
};

function mailedTwice(stack: ChaosStack, batch: Batch): string[] {
  const names = new Set(batch.scripts.flatMap(({ tasks }) => tasks.map(({ name }) => name)));
  const mails = stack.vendors.mails().flatMap(({ to, subject, headers }) => {
    const name = [...names].find((candidate) => subject.includes(candidate));
    return name ? [`${headers['x-kind']} mail about "${name}" to ${to[0]?.email}`] : [];
  });
  return repeated(mails).map(([mail, count]) => `${count} times: ${mail}`);
}

const wrongEntries = ({ vendors }: ChaosStack, { tasks }: Script): string[] =>
  tasks.flatMap(({ name, owner }) => {
    const count = vendors.entries(owner).filter((summary) => summary.includes(name)).length;
    return count === 1 ? [] : [`"${name}": ${count} entries on the calendar of ${owner}`];
  });

interface DeliveryRow {
  id: string;
  name: string;
  state: string;
  channel: string;
}

/** What the ledger says is what the mailer has seen; it may only not know what was cut off. */
const ledgerTellsTheTruth: Check = async ({ stack, batch, meetings }) => {
  const rows: DeliveryRow[] = await stack
    .db('deliveries')
    .join('tasks', 'tasks.id', 'deliveries.task_id')
    .whereIn('tasks.meeting_id', ids(meetings))
    .select('deliveries.id', 'tasks.name', 'deliveries.state', 'deliveries.channel');
  const went = new Set(stack.vendors.mails().map(({ headers }) => headers['x-delivery-id']));
  const mails = rows.filter(({ channel }) => channel === 'email');
  const unknown = mails.filter(({ state }) => state === 'unknown');
  const odd = rows.filter(({ state }) => !['sent', 'unknown'].includes(state));
  const lies = mails.filter(({ id, state }) => state === 'sent' && !went.has(id));
  return [
    ...odd.map(({ name, channel, state }) => `"${name}": ${channel} is ${state}`),
    ...lies.map(({ name }) => `"${name}": sent, says the ledger, and no mail went out`),
    ...(unknown.length > batch.cutSends
      ? [`${unknown.length} mails are unknown and only ${batch.cutSends} were cut off`]
      : []),
  ];
};

/** What stood in the database when something was killed was not asked of anybody again. */
const nothingRedone: Check = ({ stack, batch }) => {
  if (batch.reruns.size > 0) return [];
  const calls = stack.vendors.calls(batch.marks);
  return batch.recorded.flatMap(({ atMs, transcribed, extracted }) => {
    const done = { transcribe: transcribed, extract: extracted };
    return calls
      .filter((call) => call.atMs > atMs && done[call.step].has(call.mark))
      .map(({ step, mark }) => `${mark}: ${step} again after its result was saved`);
  });
};

/** Whoever watches a meeting misses nothing. */
const eventsWithoutGaps: Check = async ({ stack, meetings }) => {
  const rows: Counted[] = await stack
    .db('meeting_events')
    .whereIn('meeting_id', ids(meetings))
    .groupBy('meeting_id')
    .select('meeting_id')
    .count({ count: '*' })
    .max({ last: 'seq' });
  return rows
    .filter(({ count, last }) => Number(count) !== Number(last))
    .map(({ meeting_id, count, last }) => `${meeting_id}: ${count} events, the last is number ${last}`);
};

const CHECKS: Check[] = [
  nothingLost,
  nothingTwice,
  everyRequestEnded,
  oneExtractionPerRequest,
  tasksAsPromised,
  theWorld,
  ledgerTellsTheTruth,
  nothingRedone,
  eventsWithoutGaps,
];

const ids = (meetings: MeetingRow[]): string[] => meetings.map(({ id }) => id);

/** What occurs more than once, and how often. */
function repeated(items: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1);
}
