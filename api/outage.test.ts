/** Postgres, Temporal or the store are away. */
import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../src/db/connection';
import { LOCAL_USER } from '../src/db/seed';
import { Request } from '../src/models/request';
import { User } from '../src/models/user';
import { startTestApi, type TestApi } from '../test/support/api';
import { addMeeting, addTask } from '../test/support/rows';
import { catchUp } from './catch-up';

/** Nothing listens there: port 1 is reserved. */
const NOWHERE = '127.0.0.1:1';

const apis: TestApi[] = [];
async function start(change: Parameters<typeof startTestApi>[0] = {}): Promise<TestApi> {
  const api = await startTestApi(change);
  apis.push(api);
  return api;
}
afterAll(async () => {
  for (const api of apis) await api.close();
});

const withoutTemporal = () =>
  start({
    temporal: new Client({ connection: Connection.lazy({ address: NOWHERE }), namespace: 'default' }),
  });

test('everything is there', async () => {
  const { status, body } = await (await start({ facts: { ffmpeg: '9.0.2' } })).send('GET', '/readyz');
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    checks: {
      postgres: { status: 'ok', detail: null },
      temporal: { status: 'ok', detail: null },
      searchAttributes: { status: 'ok', detail: null },
      mediaStore: { status: 'ok', detail: null },
    },
    facts: {
      storage: 'local',
      speech: 'local',
      extraction: 'local',
      mail: 'local',
      calendar: 'local',
      ffmpeg: '9.0.2',
    },
  });
});

describe('without Temporal', () => {
  test('the server is degraded, not down', async () => {
    const { status, body } = await (await withoutTemporal()).send('GET', '/readyz');
    expect([status, body.status, body.checks.temporal.status]).toEqual([200, 'degraded', 'down']);
  });

  test('what is written is taken, within seconds', async () => {
    const api = await withoutTemporal();
    const task = await addTask(api.knex);
    const meeting = await addMeeting(api.knex);
    const startedAt = performance.now();
    const answers = await Promise.all([
      api.send('POST', '/tasks', { body: { name: 'x' } }),
      api.send('PUT', `/tasks/${task.id}`, { body: { name: 'New' } }),
      api.send('POST', `/transcribe/${meeting.id}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 202]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const request = await Request.query(api.knex).findOne({ meetingId: meeting.id });
    expect(request?.signalledAt).toBeNull();
  });

  test('the catch-up gives up its turn soon', async () => {
    const api = await withoutTemporal();
    const createdAt = new Date(Date.now() - 60_000);
    await addMeeting(api.knex, { runStartedAt: null, createdAt });
    await expect(catchUp(api.deps)).rejects.toThrow();
    const waiting = await api.knex('meetings').whereNull('run_started_at');
    expect(waiting).toHaveLength(1);
  });
});

describe('without Postgres', () => {
  const url = `postgres://postgres@${NOWHERE}/nothing`;
  const away = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
  afterAll(() => away.destroy());

  test('a request is told to come again; the health check says down', async () => {
    const identify = () => User.query(away).findById(LOCAL_USER.id).throwIfNotFound().execute();
    const api = await start({ db: away, identify });
    const { status, body, headers } = await api.send('GET', '/me');
    expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'service-unavailable', '5']);
    const ready = await api.send('GET', '/readyz');
    expect([ready.status, ready.body.status]).toEqual([503, 'down']);
    expect((await api.send('GET', '/livez')).status).toBe(200);
  });
});

test('without a store the server is down', async () => {
  const { deps } = await start();
  const mediaStore = Object.assign(Object.create(deps.mediaStore), {
    check: () => Promise.reject(new Error('gone')),
  });
  const { status, body } = await (await start({ mediaStore })).send('GET', '/readyz');
  expect([status, body.checks.mediaStore.status]).toEqual([503, 'down']);
});
