/** The loop asks every five seconds, however many meetings there have been. */
import { LOCAL_USER } from '../src/db/seed';
import { startTestApi, type TestApi } from '../test/support/api';
import { catchUp } from './catch-up';

const ROWS = 5000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const owner = LOCAL_USER.id;
  await api.knex.raw(
    `insert into meetings (owner_id, title, recorded_at, timezone, run_started_at)
       select '${owner}', 'x', now(), 'UTC', now() from generate_series(1, ${ROWS});
     insert into requests (meeting_id, request_id, kind, state, signalled_at)
       select id, id::text, 'extract', 'done', now() from meetings;
     insert into tasks (meeting_id, owner_id, name, origin, synced_version)
       select id, owner_id, 'x', 'ai', 1 from meetings;
     insert into deliveries (task_id, user_id, channel, kind, task_version, state, attempts)
       select id, owner_id, 'email', 'assigned', 1, 'sent', 1 from tasks;
     insert into erasures (meeting_id, state) select id, 'done' from meetings;
     analyze;`,
  );
}, 60_000);
afterAll(() => api.close());

interface Asked {
  sql: string;
  bindings: readonly unknown[];
}

async function queriesOfOneRound(): Promise<Asked[]> {
  const asked: Asked[] = [];
  const listen = ({ sql, bindings }: Asked) =>
    void (/^select .* from /.test(sql) && asked.push({ sql, bindings }));
  api.knex.on('query', listen);
  await catchUp(api.deps);
  api.knex.off('query', listen);
  return asked;
}

async function planOf({ sql, bindings }: Asked): Promise<string> {
  // knex has numbered the parameters already; it takes question marks.
  const question = sql.replace(/\$\d+/g, '?');
  const { rows } = await api.knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `explain ${question}`,
    bindings as unknown[] as never,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test('finds what is left undone by an index, never by reading a whole table', async () => {
  const asked = await queriesOfOneRound();
  const tables = asked.map(({ sql }) => /from "(\w+)"/.exec(sql)?.[1]);
  expect(tables).toEqual(['meetings', 'requests', 'tasks', 'erasures']);
  for (const query of asked) expect(await planOf(query)).not.toContain('Seq Scan');
});

test('finds it among many: a task that lags, and an order without a change', async () => {
  const longAgo = api.knex.raw(`now() - interval '1 minute'`);
  const [lagging, ordered] = (await api.knex('tasks').limit(2).pluck('id')) as string[];
  await api.knex('tasks').where({ id: lagging }).update({ version: 2, updated_at: longAgo });
  await api
    .knex('deliveries')
    .where({ task_id: ordered })
    .update({ state: 'pending', attempts: 0, created_at: longAgo, updated_at: longAgo });
  expect(await catchUp(api.deps)).toMatchObject({ tasks: 2 });
  await api.knex('deliveries').where({ task_id: ordered }).update({ attempts: 1 });
  await api.knex('tasks').where({ id: lagging }).update({ synced_version: 2 });
  expect(await catchUp(api.deps)).toMatchObject({ tasks: 0 });
});
