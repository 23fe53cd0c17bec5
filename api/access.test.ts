/** Whatever is not yours answers 404, on every route. */
import { startTestApi, type TestApi } from '../test/support/api';
import { addMeeting, addParticipant, addTask, addUser } from '../test/support/rows';
import { routes } from './routes';

let api: TestApi;
/** Everybody who plays a part. */
let people: Record<'owner' | 'participant' | 'assignee' | 'creator' | 'stranger' | 'admin', string>;
let meeting: string;
let task: string;
beforeAll(async () => {
  api = await startTestApi();
  const add = async (role: 'admin' | 'member' = 'member') => addUser(api.knex, { role });
  const participant = await add();
  const [owner, assignee, creator, stranger, admin] = [
    await add(),
    await add(),
    await add(),
    await add(),
    await add('admin'),
  ];
  people = {
    owner: owner.id,
    participant: participant.id,
    assignee: assignee.id,
    creator: creator.id,
    stranger: stranger.id,
    admin: admin.id,
  };
  const row = await addMeeting(api.knex, { ownerId: owner.id });
  await addParticipant(api.knex, row, participant);
  meeting = row.id;
  task = (await addTask(api.knex, { meetingId: meeting, ownerId: assignee.id, createdBy: creator.id })).id;
});
afterAll(() => api.close());

type Person = keyof typeof people;

test.each<[method: string, path: string, body: object | undefined, mayUse: Person[]]>([
  ['GET', '/meeting/:meeting', undefined, ['owner', 'participant', 'admin']],
  ['PATCH', '/meeting/:meeting', { title: 'New' }, ['owner', 'admin']],
  ['POST', '/meeting/:meeting/cancel', undefined, ['owner', 'admin']],
  ['POST', '/transcribe/:meeting', undefined, ['owner', 'admin']],
  ['GET', '/task/:task', undefined, ['owner', 'assignee', 'creator', 'admin']],
  ['PUT', '/tasks/:task', { name: 'New' }, ['owner', 'assignee', 'creator', 'admin']],
  ['POST', '/notify/:task', undefined, ['owner', 'assignee', 'creator', 'admin']],
  ['GET', '/tasks/:assignee', undefined, ['assignee', 'admin']],
])('%s %s', async (method, path, body, mayUse) => {
  const address = path
    .replace(':meeting', meeting)
    .replace(':task', task)
    .replace(':assignee', people.assignee);
  for (const person of Object.keys(people) as Person[]) {
    const { status } = await api.send(method, address, { body, as: people[person] });
    expect([person, status < 300]).toEqual([person, mayUse.includes(person)]);
    if (status >= 300) expect([person, status]).toEqual([person, 404]);
  }
});

test('a list shows what may be read', async () => {
  const count = async (person: Person) =>
    (await api.send('GET', '/meetings', { as: people[person] })).body.data.length;
  expect(await count('owner')).toBe(1);
  expect(await count('participant')).toBe(1);
  expect(await count('stranger')).toBe(0);
});

test('nobody gives a task to a stranger, or into a meeting of strangers', async () => {
  for (const body of [
    { name: 'x', owner: people.owner },
    { name: 'x', meetingId: meeting },
  ]) {
    const { status } = await api.send('POST', '/tasks', { body, as: people.stranger });
    expect(status).toBe(400);
  }
});

test('a deleted meeting is gone for everybody, with its tasks', async () => {
  const row = await addMeeting(api.knex, { deletedAt: new Date() });
  const { id } = await addTask(api.knex, { meetingId: row.id });
  for (const path of [`/meeting/${row.id}`, `/task/${id}`])
    expect((await api.send('GET', path)).status).toBe(404);
});

test('open to anybody is only what knows its caller by other means', () =>
  expect(routes.filter((route) => route.public).map(({ path }) => path)).toEqual([
    '/livez',
    '/readyz',
    // A browser on its way back from consent: its cookie and the signed state say who it is.
    '/calendar/callback',
    // Its caller signs the body.
    '/webhooks/sendgrid',
  ]));
