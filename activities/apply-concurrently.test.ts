/** People change, delete and notify while a reading is applied; nothing of theirs is lost. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { Delivery } from '../src/models/delivery';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { Task } from '../src/models/task';
import type { User } from '../src/models/user';
import { rowDeps } from '../test/support/activity-deps';
import { startTestApi, type TestApi } from '../test/support/api';
import { addDraft } from '../test/support/extractions';
import { askFor } from '../test/support/meetings';
import { waitingForLocks } from '../test/support/locks';
import { eventually } from '../test/support/poll';
import { found } from '../test/support/readings';
import { addMeeting, addTranscript, addUser } from '../test/support/rows';
import { applyExtraction } from './apply-extraction';
import { planTask } from './plan-task';

let api: TestApi;
let db: Knex;
let meeting: Meeting;
let transcriptId: string;
let owner: User;

beforeAll(async () => {
  api = await startTestApi();
  db = api.knex;
  owner = await addUser(db);
});
afterAll(() => api.close());
beforeEach(async () => {
  meeting = await addMeeting(db);
  const [segment] = await addTranscript(db, meeting, [['Anna', 'Hello.']]);
  transcriptId = segment!.transcriptId;
});

const draft = async (...names: string[]): Promise<string> => {
  const tasks = names.map((name) => found(name, { ownerUserId: owner.id }));
  const requestId = await askFor(db, meeting.id, 'extract');
  await addDraft(db, meeting.id, transcriptId, { tasks }, { requestId });
  return requestId;
};
const apply = (requestId: string) =>
  applyExtraction(rowDeps(db), { meetingId: meeting.id, requestId, kind: 'extract' });
const taskIds = async () =>
  (await Task.query(db).where({ meetingId: meeting.id }).orderBy('name')).map(({ id }) => id);

const waiting = () => waitingForLocks(db);

it('edits, deletions and orders of the same moment all stand', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `Chapter ${i + 10}`);
  await apply(await draft(...names));
  const ids = await taskIds();
  // Leaves out the second half, and renames nothing.
  const again = await draft(...names.slice(0, 6));
  const asPerson = ids.map((id, i) => {
    if (i % 3 === 0) return api.send('PUT', `/tasks/${id}`, { body: { category: 'mine' } });
    if (i % 3 === 1) return api.send('DELETE', `/tasks/${id}`);
    return api.send('POST', `/notify/${id}`, { body: { channels: ['email'] } });
  });
  const [answers] = await Promise.all([Promise.all(asPerson), apply(again)]);
  const after = new Map(
    (await Task.query(db).where({ meetingId: meeting.id }).withGraphFetched('deliveries')).map((task) => [
      task.id,
      task,
    ]),
  );
  for (const [i, id] of ids.entries()) {
    const { status } = answers[i]!;
    const task = after.get(id);
    if (status === 404) {
      expect([i >= 6, task]).toEqual([true, undefined]);
      continue;
    }
    expect(status).toBeLessThan(300);
    if (i % 3 === 0) expect(task).toMatchObject({ category: 'mine', editedFields: ['category'] });
    if (i % 3 === 1) expect(task?.deletedAt).toBeInstanceOf(Date);
    if (i % 3 === 2) expect(task?.deliveries).toHaveLength(1);
  }
});

it('a task that is being told of while a reading waits for it stays', async () => {
  await apply(await draft('Call Bob'));
  const [id] = (await taskIds()) as [string];
  const again = await draft();
  const telling = await Task.startTransaction(db);
  await Task.query(telling).findById(id).forUpdate();
  const applying = apply(again);
  await eventually(async () => (await waiting()) > 0);
  const line = { taskId: id, userId: owner.id, channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  await Delivery.query(telling).insert(line);
  await telling.commit();
  await applying;
  expect(await Task.query(db).findById(id)).toMatchObject({ needsReview: true, deletedAt: null });
});

it('a task that goes while its workflow waits for it is told to nobody', async () => {
  await apply(await draft('Call Bob'));
  const [id] = (await taskIds()) as [string];
  const again = await draft();
  await Promise.all([apply(again), planTask(rowDeps(db), { taskId: id, nowMs: 0 })]);
  expect(await planTask(rowDeps(db), { taskId: id, nowMs: 0 })).toMatchObject({ version: 0, mails: [] });
  expect(await taskIds()).toEqual([]);
});

it('two readings at once are one after the other', async () => {
  await apply(await draft('Call Bob'));
  const drafts = [await draft('Call Bob', 'Book a room'), await draft('Call Bob', 'Book a room')];
  await Promise.all([...drafts, ...drafts].map(apply));
  const versions = await Extraction.query(db).where({ meetingId: meeting.id }).orderBy('version');
  expect(versions.map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(versions.map(({ changes }) => changes.added)).toEqual([1, 1, 0]);
  expect(await taskIds()).toHaveLength(2);
});

it('is refused when the meeting is deleted while it waits', async () => {
  const requestId = await draft('Call Bob');
  const deleting = await Meeting.startTransaction(db);
  await Meeting.query(deleting).findById(meeting.id).patch({ deletedAt: new Date() });
  const refused = expect(apply(requestId)).rejects.toMatchObject({ code: 'meeting-gone', retryable: false });
  await eventually(async () => (await waiting()) > 0);
  await deleting.commit();
  await refused;
  expect(await taskIds()).toEqual([]);
  expect(await Extraction.query(db).findOne({ requestId })).toMatchObject({ state: 'draft', version: null });
});

it('is refused when the meeting is erased while it waits, and leaves nothing', async () => {
  const requestId = await draft('Call Bob');
  const erasing = await Meeting.startTransaction(db);
  await Meeting.query(erasing).findById(meeting.id).patch({ transcriptId: null });
  await Meeting.query(erasing).deleteById(meeting.id);
  const applying = expect(apply(requestId)).rejects.toMatchObject({ code: 'meeting-gone' });
  await eventually(async () => (await waiting()) > 0);
  await erasing.commit();
  await applying;
  expect(await Extraction.query(db).findOne({ requestId })).toBeUndefined();
});

it('a request without a draft is refused', async () => {
  await expect(apply(randomUUID())).rejects.toMatchObject({ code: 'meeting-gone' });
});
