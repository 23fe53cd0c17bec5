import { startTestApi, type TestApi } from '../../test/support/api';
import {
  addExtraction,
  addMeeting,
  addParticipant,
  addTask,
  addTranscript,
  addUser,
} from '../../test/support/rows';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const at = (day: number) => ({ createdAt: new Date(Date.UTC(2026, 0, day)) });

async function found(q: string, options: { as?: string; more?: string } = {}) {
  const path = `/search?q=${encodeURIComponent(q)}${options.more ?? ''}`;
  const { status, body } = await api.send('GET', path, options.as === undefined ? {} : { as: options.as });
  expect(status).toBe(200);
  return body as { data: Record<string, unknown>[]; page: { nextCursor: string | null } };
}

test('finds what was said and what came of it, newest meeting first, with the names of the speakers', async () => {
  const older = await addMeeting(api.knex, { ...at(1), title: 'Older' });
  await addTranscript(api.knex, older, [
    ['Anna', 'the rocket flies'],
    ['Ben', 'no'],
  ]);
  const newer = await addMeeting(api.knex, { ...at(2), title: 'Newer' });
  const anna = { name: 'Anna Berg', userId: null, source: 'person' as const };
  const said: [string, string][] = [
    ['Speaker 1', 'The report is late'],
    ['Speaker 1', 'Rocket, report'],
  ];
  const segments = await addTranscript(api.knex, newer, said, { 'Speaker 1': anna });
  const task = await addExtraction(api.knex, newer, segments[0]!);

  expect((await found('rocket')).data).toEqual([
    {
      kind: 'segment',
      id: segments[1]!.id,
      meetingId: newer.id,
      meetingTitle: 'Newer',
      speaker: 'Anna Berg',
      startMs: 1000,
      text: 'Rocket, report',
    },
    expect.objectContaining({ meetingId: older.id, meetingTitle: 'Older', speaker: 'Anna', startMs: 0 }),
  ]);
  const report = (await found('report')).data;
  expect(report.map(({ kind, id }) => [kind, id])).toEqual([
    ['task', task.id],
    ['segment', segments[0]!.id],
    ['segment', segments[1]!.id],
  ]);
  expect((await found('friday')).data).toMatchObject([
    { kind: 'decision', speaker: 'Anna Berg', startMs: 0 },
  ]);
  expect((await found('signs')).data).toMatchObject([{ kind: 'question', text: 'Who signs?' }]);
  expect((await found('report -rocket')).data).toHaveLength(2);
  expect((await found('"rocket report"')).data).toHaveLength(1);
});

test('words of older transcripts, of deleted meetings and deleted tasks are not found', async () => {
  const meeting = await addMeeting(api.knex);
  await addTranscript(api.knex, meeting, [['Anna', 'penguin']]);
  await addTask(api.knex, { name: 'penguin', deletedAt: new Date() });
  const kept = await addTask(api.knex, { name: 'feed the penguin' });
  expect((await found('penguin')).data).toHaveLength(2);
  await api.knex('meetings').update({ transcript_id: null });
  expect((await found('penguin')).data).toMatchObject([{ id: kept.id, meetingId: null, meetingTitle: null }]);
  await api.knex('tasks').update({ meeting_id: meeting.id });
  await api.knex('meetings').update({ deleted_at: new Date() });
  expect((await found('penguin')).data).toEqual([]);
});

test('each finds what they may read', async () => {
  const [owner, guest, stranger] = await Promise.all([
    addUser(api.knex),
    addUser(api.knex),
    addUser(api.knex),
  ]);
  const meeting = await addMeeting(api.knex, { ownerId: owner.id });
  await addParticipant(api.knex, meeting, guest);
  const segments = await addTranscript(api.knex, meeting, [['Anna', 'the secret walrus']]);
  await addExtraction(api.knex, meeting, segments[0]!);
  await addTask(api.knex, { name: 'walrus', ownerId: stranger.id });
  const kinds = async (user: { id: string }) =>
    (await found('walrus', { as: user.id })).data.map(({ kind }) => kind);
  expect(await kinds(owner)).toEqual(['segment']);
  expect(await kinds(guest)).toEqual(['segment']);
  expect(await kinds(stranger)).toEqual(['task']);
});

describe.each([
  ['few of many', 40],
  // More than the index is asked to sort: looked for meeting by meeting.
  ['said everywhere', 5_200],
])('pages through words that are %s', (_, hits) => {
  test('each once, none lost, in the order of one long page', async () => {
    const meetings = [];
    for (let day = 1; day <= 4; day++) meetings.push(await addMeeting(api.knex, at(day)));
    for (const meeting of meetings) {
      const said = Array.from({ length: hits / 4 }, (_, n): [string, string] => ['Anna', `albatross ${n}`]);
      await addTranscript(api.knex, meeting, said);
    }
    await addTask(api.knex, { name: 'albatross', ...at(3) });
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '&limit=7' : `&limit=7&cursor=${cursor}`;
      const { data, page }: Awaited<ReturnType<typeof found>> = await found('albatross', { more });
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null && seen.length < 60);
    const whole = (await found('albatross', { more: '&limit=60' })).data.map(({ id }) => id);
    expect(seen.slice(0, whole.length)).toEqual(whole);
    expect(new Set(seen).size).toBe(seen.length);
    if (hits === 40) expect(seen).toHaveLength(41);
    const [first] = (await found('albatross', { more: '&limit=1' })).data;
    expect(first).toMatchObject({ meetingId: meetings[3]!.id, startMs: 0 });
  });
});

test('refuses what is no search', async () => {
  for (const path of [
    '/search',
    '/search?q=',
    '/search?q=a&cursor=xyz',
    '/search?q=a&limit=0',
    '/search?q=a&x=1',
  ]) {
    expect((await api.send('GET', path)).status).toBe(400);
  }
  const { page } = await found('a');
  expect(page.nextCursor).toBeNull();
  expect((await found('!!! ((')).data).toEqual([]);
});
