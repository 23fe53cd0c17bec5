/** Deleting a meeting, as everybody sees it from then on. What the erasure removes is tested in `workflows/`. */
import { LOCAL_USER } from '../../src/db/seed';
import { Erasure } from '../../src/models/erasure';
import type { Meeting } from '../../src/models/meeting';
import { Task } from '../../src/models/task';
import type { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import { waitingForLocks } from '../../test/support/locks';
import { eventually } from '../../test/support/poll';
import {
  addExtraction,
  addMeeting,
  addParticipant,
  addTask,
  addTranscript,
  addUser,
} from '../../test/support/rows';

let api: TestApi;
let owner: User;
let guest: User;
let meeting: Meeting;
let task: Task;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  [owner, guest] = [await addUser(api.knex), await addUser(api.knex)];
  meeting = await addMeeting(api.knex, { ownerId: owner.id, title: 'Zebra crossing' });
  await addParticipant(api.knex, meeting, guest);
  const [segment] = await addTranscript(api.knex, meeting, [['Ben', 'Zebra stripes']]);
  task = await addExtraction(api.knex, meeting, segment!);
  await Task.query(api.knex).findById(task.id).patch({ ownerId: guest.id, name: 'Paint the zebra' });
});

const remove = (as: User) => api.send('DELETE', `/meeting/${meeting.id}`, { as: as.id });
const receipt = (id: string, as: string) => api.send('GET', `/erasures/${id}`, { as });

test('202 with the receipt, which its caller and admins read and nobody else', async () => {
  const { status, body, headers } = await remove(owner);
  expect([status, Object.keys(body)]).toEqual([202, ['erasureId']]);
  expect(headers.get('Location')).toBe(`/erasures/${body.erasureId}`);
  const read = await receipt(body.erasureId, owner.id);
  expect([read.status, read.body.meetingId, read.body.state]).toEqual([200, meeting.id, 'running']);
  expect((await receipt(body.erasureId, LOCAL_USER.id)).status).toBe(200);
  expect((await receipt(body.erasureId, guest.id)).status).toBe(404);
  expect(JSON.stringify(read.body)).not.toMatch(/zebra|example\.com/i);
});

test('an admin deletes it too; whoever only was there does not', async () => {
  expect((await remove(guest)).status).toBe(404);
  expect((await api.send('GET', `/meeting/${meeting.id}`, { as: guest.id })).status).toBe(200);
  expect((await api.send('DELETE', `/meeting/${meeting.id}`)).status).toBe(202);
});

test('nobody writes a task into it while it is being deleted', async () => {
  const deleting = await api.knex.transaction();
  await deleting('meetings').where({ id: meeting.id }).update({ deleted_at: new Date() });
  const body = { name: 'Too late', meetingId: meeting.id };
  const writing = api.send('POST', '/tasks', { as: owner.id, body });
  await eventually(async () => (await waitingForLocks(api.knex)) > 0);
  await deleting.commit();
  const { status, body: problem } = await writing;
  expect([status, problem.errors]).toEqual([400, [expect.objectContaining({ pointer: '/meetingId' })]]);
  expect(await Task.query(api.knex).findOne({ name: 'Too late' })).toBeUndefined();
});

test('of ten at once one deletes it, and there is one receipt', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => remove(owner)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(404)]);
  expect(await Erasure.query(api.knex).where({ meetingId: meeting.id }).resultSize()).toBe(1);
});

test('404 everywhere from then on, for its owner, its people and admins; also with a ticket given before', async () => {
  const { body: shown } = await api.send('GET', `/meeting/${meeting.id}`, { as: owner.id });
  await remove(owner);
  const of = `/meeting/${meeting.id}`;
  const calls: [string, string, object?][] = [
    ['GET', of],
    ['PATCH', of, { title: 'x' }],
    ['DELETE', of],
    ['GET', `${of}/media`],
    ['GET', `${of}/transcript.txt`],
    ['GET', `${of}/costs`],
    ['GET', `${of}/run`],
    ['GET', `${of}/extractions`],
    ['GET', `${of}/extractions/1`],
    ['POST', `${of}/cancel`],
    ['POST', `/transcribe/${meeting.id}`],
    ['POST', `/extract/${meeting.id}`],
    ['GET', `/task/${task.id}`],
    ['PUT', `/tasks/${task.id}`, { name: 'x' }],
    ['DELETE', `/tasks/${task.id}`],
    ['POST', `/notify/${task.id}`],
  ];
  for (const as of [owner.id, guest.id, LOCAL_USER.id]) {
    for (const [method, path, body] of calls) {
      const answer = await api.send(method, path, { as, ...(body && { body }) });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'not-found']);
    }
    const lists = await Promise.all([
      api.send('GET', '/meetings', { as }),
      api.send('GET', `/tasks/${as}`, { as }),
      api.send('GET', '/search?q=zebra', { as }),
    ]);
    for (const { status, body } of lists) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/zebra/i);
    }
  }
  expect(shown.links.media).toContain('ticket=');
  const { pathname, search } = new URL(shown.links.media, api.url);
  expect((await api.send('GET', pathname + search)).status).toBe(404);
});

test('others see and do what they did before', async () => {
  const other = await addMeeting(api.knex, { ownerId: owner.id, title: 'Giraffe' });
  const theirs = await addTask(api.knex, { ownerId: guest.id, meetingId: other.id, origin: 'ai' });
  await remove(owner);
  expect((await api.send('GET', `/meeting/${other.id}`, { as: owner.id })).body.title).toBe('Giraffe');
  const { body } = await api.send('GET', `/tasks/${guest.id}`, { as: guest.id });
  expect(body.data.map(({ id }: Task) => id)).toEqual([theirs.id]);
});
