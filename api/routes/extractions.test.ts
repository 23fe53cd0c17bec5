import { randomUUID } from 'node:crypto';
import { applyExtraction } from '../../activities/apply-extraction';
import type { JudgedItems } from '../../src/domain/judged';
import { type Extraction } from '../../src/models/extraction';
import type { Meeting } from '../../src/models/meeting';
import type { TranscriptSegment } from '../../src/models/transcript';
import { rowDeps } from '../../test/support/activity-deps';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addDraft } from '../../test/support/extractions';
import { askFor } from '../../test/support/meetings';
import { found } from '../../test/support/readings';
import { addMeeting, addParticipant, addTranscript, addUser } from '../../test/support/rows';

let api: TestApi;
let meeting: Meeting;
let segment: TranscriptSegment;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  meeting = await addMeeting(api.knex);
  const names = { 'Speaker 1': { name: 'Anna', userId: null, source: 'person' as const } };
  [segment] = (await addTranscript(api.knex, meeting, [['Speaker 1', 'I call Bob.']], names)) as [
    TranscriptSegment,
  ];
});

async function reading(items: Partial<JudgedItems>, columns: Partial<Extraction> = {}): Promise<void> {
  const requestId = await askFor(api.knex, meeting.id, 'extract');
  await addDraft(api.knex, meeting.id, segment.transcriptId, items, { ...columns, requestId });
  await applyExtraction(rowDeps(api.knex), { meetingId: meeting.id, requestId, kind: 'extract' });
}

const get = (rest = '', as?: string) =>
  api.send('GET', `/meeting/${meeting.id}/extractions${rest}`, as === undefined ? {} : { as });

const cited = () => [
  { segmentId: segment.id, startMs: 0, endMs: 900, speaker: 'Speaker 1', quote: 'I call Bob' },
];
const question = (status: 'open' | 'answered') => ({
  text: 'Who pays?',
  status,
  needsReview: false,
  evidence: cited(),
});
const meetingNow = async () => (await api.send('GET', `/meeting/${meeting.id}`)).body;

it('lists none before there is one, nor what was not applied', async () => {
  await addDraft(api.knex, meeting.id, segment.transcriptId, {});
  const { status, body } = await get();
  expect([status, body]).toEqual([200, { data: [], page: { nextCursor: null } }]);
});

it('lists every reading, newest first, by pages, without the diff', async () => {
  const asker = await addUser(api.knex);
  await reading({ tasks: [found('Call Bob')] });
  await reading({}, { instructions: 'Only decisions', requestedBy: asker.id });
  const { body } = await get();
  expect(body.data.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
  expect(body.data[0]).toEqual({
    version: 2,
    provider: 'local',
    model: 'rules',
    quality: 'draft',
    promptVersion: '1',
    coverage: 1,
    instructions: 'Only decisions',
    requestedBy: asker.id,
    requestId: expect.any(String),
    createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
    counts: { actionItems: 0, decisions: 0, questions: 0 },
    changes: { added: 0, updated: 0, removed: 1, kept: 0 },
  });
  const first = await get('?limit=1');
  const second = await get(`?limit=1&cursor=${first.body.page.nextCursor}`);
  expect([...first.body.data, ...second.body.data]).toEqual(body.data);
});

it('shows what a reading did, each item as the meeting shows it', async () => {
  const call = { evidence: cited(), deadline: { at: '2025-11-07T15:00:00Z' }, deadlineText: 'at three' };
  await reading({ tasks: [found('Call Bob', call), found('Book a room')], questions: [question('open')] });
  const before = await meetingNow();
  await reading({ tasks: [found('Call Bob up', call)], questions: [question('answered')] });
  const after = await meetingNow();
  const { body } = await get('/2');
  const [task, room] = before.actionItems;
  expect(body.diff).toEqual([
    { kind: 'task', change: 'updated', id: task.id, before: task, after: after.actionItems[0] },
    { kind: 'task', change: 'removed', id: room.id, before: room, after: null },
    {
      kind: 'question',
      change: 'updated',
      id: before.unresolvedQuestions[0].id,
      before: before.unresolvedQuestions[0],
      after: after.unresolvedQuestions[0],
    },
  ]);
  expect(after.actionItems[0]).toMatchObject({ name: 'Call Bob up', deadline: '2025-11-07T16:00:00+01:00' });
  expect(after.actionItems[0].evidence[0].speaker).toBe('Anna');
  expect(body).toMatchObject({ version: 2, changes: { added: 0, updated: 2, removed: 1, kept: 0 } });
  expect((await get('/1')).body.diff.map(({ change }: { change: string }) => change)).toEqual([
    'added',
    'added',
    'added',
  ]);
});

it('is read by those who read the meeting', async () => {
  const [participant, stranger] = await Promise.all([addUser(api.knex), addUser(api.knex)]);
  await addParticipant(api.knex, meeting, participant);
  await reading({});
  const statuses = await Promise.all(
    [participant, stranger]
      .flatMap(({ id }) => [get('', id), get('/1', id)])
      .map(async (answer) => (await answer).status),
  );
  expect(statuses).toEqual([200, 200, 404, 404]);
});

it.each([
  ['a version that is not there', '/2', 404],
  ['no version', '/0', 400],
  ['a word', '/latest', 400],
  ['more than a column holds', '/99999999999', 400],
  ['a fraction', '/1.0', 400],
  ['an unknown parameter', '?page=2', 400],
])('%s is refused', async (_, rest, status) => {
  await reading({});
  expect((await get(rest)).status).toBe(status);
});

it('a meeting that is not there has none', async () => {
  const answers = await Promise.all(
    ['extractions', 'extractions/1'].map((rest) => api.send('GET', `/meeting/${randomUUID()}/${rest}`)),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});
