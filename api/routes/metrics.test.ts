import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { openDatabase } from '../../src/db/connection';
import { LOCAL_USER } from '../../src/db/seed';
import { Delivery } from '../../src/models/delivery';
import { JanitorTotal } from '../../src/models/janitor-total';
import { Request } from '../../src/models/request';
import { User } from '../../src/models/user';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addTask } from '../../test/support/rows';
import { eventually } from '../../test/support/poll';
import { TestIssuer } from '../../test/support/issuer';

const apis: TestApi[] = [];
async function start(change: Parameters<typeof startTestApi>[0] = {}): Promise<TestApi> {
  const api = await startTestApi(change);
  apis.push(api);
  return api;
}
afterAll(async () => {
  for (const api of apis) await api.close();
});

/** The samples by name and labels. */
async function scrape(api: TestApi): Promise<Record<string, number>> {
  const { status, body, headers } = await api.send('GET', '/metrics');
  expect(status).toBe(200);
  expect(headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (body as string).split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test('requests are counted by pattern, method and status, and timed; addresses are not in it', async () => {
  const api = await start();
  const { id } = await addMeeting(api.knex);
  await api.send('GET', `/meeting/${id}`);
  await api.send('GET', `/meeting/${id}?x=1`);
  await api.send('GET', `/meeting/${randomUUID()}`);
  await api.send('POST', '/tasks', { body: '{' });
  await api.send('GET', '/wp-login.php');
  await api.send('PROPFIND', '/tasks');
  const metrics = await eventually(async () => {
    const seen = await scrape(api);
    expect(seen['http_requests_total{method="other",route="none",status="405"}']).toBe(1);
    return seen;
  });
  const meeting = (status: number) =>
    metrics[`http_requests_total{method="GET",route="/meeting/:meetingId",status="${status}"}`];
  expect([meeting(200), meeting(400), meeting(404)]).toEqual([1, 1, 1]);
  expect(metrics['http_requests_total{method="POST",route="/tasks",status="400"}']).toBe(1);
  expect(metrics['http_requests_total{method="GET",route="none",status="404"}']).toBe(1);
  const timed = '{method="GET",route="/meeting/:meetingId"}';
  expect(metrics[`http_request_duration_seconds_count${timed}`]).toBe(3);
  expect(metrics[`http_request_duration_seconds_sum${timed}`]).toBeGreaterThan(0);
  expect(metrics.http_requests_in_flight).toBe(1);
  expect(metrics['nodejs_eventloop_lag_p99_seconds']).toBeDefined();
  expect(metrics['process_resident_memory_bytes']).toBeGreaterThan(1e6);
  expect(metrics['meeting_pipeline_postgres_connections{state="max"}']).toBe(10);
  expect(Object.keys(metrics).filter((name) => name.includes(id) || name.includes('wp-login'))).toEqual([]);
});

test('what the rows say, zeros included', async () => {
  const api = await start();
  const { id: meetingId } = await addMeeting(api.knex);
  await addMeeting(api.knex, { status: 'failed' });
  await addMeeting(api.knex, { status: 'failed', deletedAt: new Date() });
  await addMeeting(api.knex, { status: 'queued', runStartedAt: null, createdAt: ago(2) });
  await Request.query(api.knex).insert({
    meetingId,
    requestId: 'r',
    kind: 'extract',
    signalledAt: new Date(),
  });
  const { id: taskId } = await addTask(api.knex, { syncedVersion: 0, updatedAt: ago(3) });
  const sent = { taskId, channel: 'email', kind: 'assigned', taskVersion: 1, state: 'unknown' } as const;
  await Delivery.query(api.knex).insert(sent);
  await JanitorTotal.add(api.knex, 'vanished-runs', 2);
  await JanitorTotal.add(api.knex, 'vanished-runs', 3);
  const metrics = await scrape(api);
  const of = (name: string, label: string) => metrics[`meeting_pipeline_${name}{${label}}`];
  expect(metrics.meeting_pipeline_postgres_up).toBe(1);
  expect([of('meetings', 'status="ready"'), of('meetings', 'status="failed"')]).toEqual([1, 1]);
  expect([of('meetings', 'status="queued"'), of('meetings', 'status="extracting"')]).toEqual([1, 0]);
  expect([of('requests_open', 'state="pending"'), of('requests_open', 'state="running"')]).toEqual([1, 0]);
  expect([of('deliveries', 'state="unknown"'), of('deliveries', 'state="sent"')]).toEqual([1, 0]);
  expect([of('lagging', 'kind="meetings"'), of('lagging', 'kind="requests"')]).toEqual([1, 0]);
  expect(of('lagging', 'kind="tasks"')).toBe(1);
  expect(of('lagging_oldest_seconds', 'kind="tasks"')).toBeGreaterThanOrEqual(180);
  expect(of('lagging_oldest_seconds', 'kind="requests"')).toBe(0);
  expect(of('janitor_done_total', 'kind="vanished-runs"')).toBe(5);
  expect(of('janitor_last_run_timestamp_seconds', 'kind="vanished-runs"')! * 1000).toBeGreaterThan(
    ago(1).getTime(),
  );
});

test('Postgres is asked once for scrapes that come close together', async () => {
  const api = await start();
  let asked = 0;
  api.knex.on('query', ({ sql }: { sql: string }) => void (asked += /janitor_totals/.test(sql) ? 1 : 0));
  await Promise.all([scrape(api), scrape(api), scrape(api)]);
  await scrape(api);
  expect(asked).toBe(1);
});

describe('with an issuer', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
  });
  afterAll(() => issuer.close());

  const asked = async (api: TestApi, email?: string) => {
    const headers = email && { Authorization: `Bearer ${await issuer.token({ email })}` };
    return (await api.send('GET', '/metrics', headers ? { headers } : {})).status;
  };

  test('admins alone, whether listed or made by another; nobody else learns that it is there', async () => {
    const api = await start({ env: { ...issuer.env, ADMIN_EMAILS: 'boss@example.com' } });
    await User.query(api.knex).insert({ name: 'Made', email: 'made@example.com', role: 'admin' });
    expect(await asked(api)).toBe(401);
    expect(await asked(api, 'member@example.com')).toBe(404);
    expect(await asked(api, 'boss@example.com')).toBe(200);
    expect(await asked(api, 'made@example.com')).toBe(200);
  });

  test('a listed one also while Postgres is away', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/nothing';
    const db = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
    const api = await start({ db, env: { ...issuer.env, ADMIN_EMAILS: 'boss@example.com' } });
    expect(await asked(api, 'boss@example.com')).toBe(200);
    expect(await asked(api, 'member@example.com')).toBe(503);
    await db.destroy();
  });
});

describe('without Postgres', () => {
  /** Takes connections and says nothing. */
  const silent = createServer(() => undefined);
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void silent.close());

  test.each([
    ['away', () => 1],
    ['silent', () => (silent.address() as AddressInfo).port],
  ])('%s: the rest is served, within a second', async (_, port) => {
    const url = `postgres://postgres@127.0.0.1:${port()}/nothing`;
    const db = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
    const identify = async () => User.fromJson({ ...LOCAL_USER });
    const api = await start({ db, identify });
    await scrape(api);
    const startedAt = performance.now();
    const metrics = await scrape(api);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(metrics.meeting_pipeline_postgres_up).toBe(0);
    expect(metrics['meeting_pipeline_postgres_connections{state="max"}']).toBe(2);
    expect(Object.keys(metrics).some((name) => name.startsWith('meeting_pipeline_meetings'))).toBe(false);
    await db.destroy();
  });

  test('busy: requests are told to come again, health and metrics answer, and all is well afterwards', async () => {
    const { deps } = await start();
    const url = deps.config.database.url;
    const db = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
    const api = await start({
      db,
      identify: () => User.query(db).findById(LOCAL_USER.id).throwIfNotFound().execute(),
    });
    const busy = [1, 2].map(() => db.raw('select pg_sleep(11)').then(() => null));
    await eventually(() => (db.client as { pool: { numUsed(): number } }).pool.numUsed() === 2);
    let isRefused = false;
    const refused = api.send('GET', '/me').finally(() => (isRefused = true));
    for (let n = 0; n < 20; n++) expect((await api.send('GET', '/livez')).status).toBe(200);
    expect(isRefused).toBe(false);
    const { status, body, headers } = await refused;
    expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'service-unavailable', '5']);
    await Promise.all(busy);
    expect((await api.send('GET', '/me')).status).toBe(200);
    await db.destroy();
  }, 60_000);
});
