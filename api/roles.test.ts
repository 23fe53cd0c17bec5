/**
 * The whole list of routes × everybody: who is let in, and that all others read the same 404 as for what does not exist.
 * A route that is missing here fails the test: say who may use it.
 */
import { randomUUID } from 'node:crypto';
import { startTestApi, type TestApi } from '../test/support/api';
import {
  addExtraction,
  addMeeting,
  addParticipant,
  addTask,
  addTranscript,
  addUser,
} from '../test/support/rows';
import { routes } from './routes';

const ROLES = ['admin', 'owner', 'participant', 'assignee', 'creator', 'stranger'] as const;
type Role = (typeof ROLES)[number];

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** One meeting with a task, and everybody who has to do with it or not. */
async function scene() {
  const add = async (role: 'admin' | 'member' = 'member') => addUser(api.knex, { role });
  const [owner, participant, assignee, creator] = [await add(), await add(), await add(), await add()];
  const people = { admin: await add('admin'), owner, participant, assignee, creator, stranger: await add() };
  const meeting = await addMeeting(api.knex, { ownerId: owner.id });
  await addParticipant(api.knex, meeting, participant);
  const [segment] = await addTranscript(api.knex, meeting, [['Ben', 'I will do it.']]);
  await addExtraction(api.knex, meeting, segment!);
  const task = await addTask(api.knex, {
    meetingId: meeting.id,
    ownerId: assignee.id,
    createdBy: creator.id,
  });
  return { people, ids: { meetingId: meeting.id, taskId: task.id, userId: assignee.id } };
}

interface Access {
  may: readonly Role[];
  body?: object;
  /** What whoever is let in reads; absent = 2xx. */
  status?: number;
}

const READERS = ['admin', 'owner', 'participant'] as const;
const OWNERS = ['admin', 'owner'] as const;
const OF_TASK = ['admin', 'owner', 'assignee', 'creator'] as const;
const ADMIN = ['admin'] as const;
const SELF = ['admin', 'assignee'] as const;

const MATRIX: Record<string, Access> = {
  'GET /meeting/:meetingId': { may: READERS },
  'GET /meeting/:meetingId/costs': { may: READERS },
  'GET /meeting/:meetingId/run': { may: READERS },
  'GET /meeting/:meetingId/extractions': { may: READERS },
  'GET /meeting/:meetingId/extractions/:version': { may: READERS },
  'GET /meeting/:meetingId/transcript.:kind': { may: READERS },
  // Its file is not there, which those who may read it are told in other words.
  'GET /meeting/:meetingId/media': { may: READERS, status: 404 },
  'PATCH /meeting/:meetingId': { may: OWNERS, body: { title: 'New' } },
  'DELETE /meeting/:meetingId': { may: OWNERS },
  'POST /transcribe/:meetingId': { may: OWNERS },
  'POST /extract/:meetingId': { may: OWNERS },
  'POST /meeting/:meetingId/cancel': { may: OWNERS },
  'GET /task/:taskId': { may: OF_TASK },
  'PUT /tasks/:taskId': { may: OF_TASK, body: { name: 'New' } },
  'DELETE /tasks/:taskId': { may: OF_TASK },
  'POST /notify/:taskId': { may: OF_TASK },
  'GET /tasks/:userId': { may: SELF },
  'GET /users/:userId': { may: SELF },
  'PUT /users/:userId': { may: SELF, body: { name: 'New' } },
  'DELETE /users/:userId': { may: ADMIN },
  'GET /metrics': { may: ADMIN },
  'POST /users': { may: ADMIN, body: { name: 'x', email: 'somebody@example.com' } },
};

/** Everybody does these, and each gets what is theirs: other tests look at what. */
const EVERYBODY = [
  'GET /erasures/:erasureId',
  // A stream that does not end; its own tests say who reads it.
  'GET /meeting/:meetingId/events',
  'GET /me',
  'GET /meetings',
  'GET /search',
  'GET /users',
  'POST /tasks',
  'POST /upload',
  'GET /calendar/connect',
  'GET /calendar/callback',
  'DELETE /calendar',
];

const nameOf = ({ method, path }: (typeof routes)[number]) => `${method} ${path}`;
const closed = routes.filter((route) => !route.public).map(nameOf);

test('it is said of every route who may use it', () => {
  expect(closed.filter((name) => !MATRIX[name] && !EVERYBODY.includes(name))).toEqual([]);
});

const FIXED: Record<string, string> = { kind: 'txt', version: '1' };

const addressOf = (path: string, ids: Record<string, string>) =>
  path.replace(/:(\w+)/g, (_, name: string) => FIXED[name] ?? ids[name] ?? '');

test.each(closed.filter((name) => MATRIX[name]))('%s', async (name) => {
  const [method, path] = name.split(' ') as [string, string];
  const { may, body, status } = MATRIX[name]!;
  const seen: Record<string, unknown> = {};
  for (const role of ROLES) {
    const { people, ids } = await scene();
    const send = (to: Record<string, string>, as = people[role].id) =>
      api.send(method, addressOf(path, to), { body, as });
    const answer = await send(ids);
    seen[role] = answer.status;
    if (may.includes(role)) {
      if (status === undefined) expect([role, Math.floor(answer.status / 100)]).toEqual([role, 2]);
      else expect([role, answer.status]).toEqual([role, status]);
      continue;
    }
    expect([role, answer.status, answer.body.code]).toEqual([role, 404, 'not-found']);
    if (!path.includes(':')) continue;
    // Nothing tells what is somebody else's from what is nobody's.
    const nowhere = await send({ meetingId: randomUUID(), taskId: randomUUID(), userId: randomUUID() });
    expect([nowhere.status, withoutInstance(nowhere.body)]).toEqual([404, withoutInstance(answer.body)]);
  }
  expect(Object.keys(seen)).toHaveLength(ROLES.length);
});

const withoutInstance = ({ instance: _, ...problem }: Record<string, unknown>) => problem;

describe('lists show', () => {
  const idsIn = async (path: string, as: string) => {
    const { body } = await api.send('GET', path, { as });
    return (body.data as { id: string }[]).map(({ id }) => id);
  };

  test.each<[Role, boolean]>([
    ['admin', true],
    ['owner', true],
    ['participant', true],
    ['assignee', false],
    ['creator', false],
    ['stranger', false],
  ])('meetings to the %s: %p', async (role, shown) => {
    const { people, ids } = await scene();
    expect((await idsIn('/meetings?limit=100', people[role].id)).includes(ids.meetingId)).toBe(shown);
  });

  test('people to whoever shares a meeting with them, and to admins', async () => {
    const { people } = await scene();
    const seenBy = async (role: Role) => (await idsIn('/users?limit=100', people[role].id)).sort();
    expect(await seenBy('participant')).toEqual([people.owner.id, people.participant.id].sort());
    expect(await seenBy('owner')).toEqual([people.owner.id, people.participant.id].sort());
    for (const role of ['assignee', 'creator', 'stranger'] as const)
      expect(await seenBy(role)).toEqual([people[role].id]);
    expect(await seenBy('admin')).toEqual(expect.arrayContaining(Object.values(people).map(({ id }) => id)));
  });
});

test('who loses a task loses sight of it', async () => {
  const { people, ids } = await scene();
  const read = async () => (await api.send('GET', `/task/${ids.taskId}`, { as: people.assignee.id })).status;
  expect(await read()).toBe(200);
  const body = { owner: people.participant.id };
  await api.send('PUT', `/tasks/${ids.taskId}`, { body, as: people.owner.id });
  expect(await read()).toBe(404);
});

test('who leaves the list of participants loses sight of the meeting, its costs and its people', async () => {
  const { people, ids } = await scene();
  const as = people.participant.id;
  const statuses = () =>
    Promise.all(
      [`/meeting/${ids.meetingId}`, `/meeting/${ids.meetingId}/costs`, `/users/${people.owner.id}`].map(
        async (path) => (await api.send('GET', path, { as })).status,
      ),
    );
  expect(await statuses()).toEqual([200, 200, 200]);
  const options = { body: { participants: [] }, as: people.owner.id };
  expect((await api.send('PATCH', `/meeting/${ids.meetingId}`, options)).status).toBe(200);
  expect(await statuses()).toEqual([404, 404, 404]);
});
