import { randomUUID } from 'node:crypto';
import { LOCAL_USER } from '../src/db/seed';
import { JanitorTotal } from '../src/models/janitor-total';
import { ProviderCall } from '../src/models/provider-call';
import { Transcript } from '../src/models/transcript';
import { ActivityBench } from '../test/support/activity-bench';
import { askFor, insertMeeting } from '../test/support/meetings';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());

const expire = () => bench.run('expireRecords', undefined);
const ago = (interval: string) => bench.db.raw(`now() - ?::interval`, [interval]);
const left = (table: string, column: string): Promise<string[]> =>
  bench.db(table).orderBy(column).pluck(column);

const addKeys = (keys: Record<string, { age: string; state: string; lease: string }>) =>
  bench.db('idempotency_keys').insert(
    Object.entries(keys).map(([key, { age, state, lease }]) => ({
      user_id: LOCAL_USER.id,
      key,
      route: 'POST /tasks',
      state,
      lease_until: ago(lease),
      created_at: ago(age),
    })),
  );

test('idempotency keys live a day, but not shorter than the work that they stand for', async () => {
  await addKeys({
    old: { age: '24 hours 1 second', state: 'done', lease: '1 day' },
    'old, its process died': { age: '25 hours', state: 'running', lease: '24 hours' },
    'old, still at work': { age: '25 hours', state: 'running', lease: '-1 minute' },
    young: { age: '23 hours 59 minutes', state: 'done', lease: '1 day' },
  });
  expect(await expire()).toEqual({ 'idempotency-keys': 2 });
  expect(await left('idempotency_keys', 'key')).toEqual(['old, still at work', 'young']);
});

test('ways back from a consent page go when they are over', async () => {
  await bench.db('spent_states').insert([
    { nonce: 'over', expires_at: ago('1 second') },
    { nonce: 'valid', expires_at: ago('-1 minute') },
  ]);
  expect(await expire()).toEqual({ 'spent-states': 1 });
  expect(await left('spent_states', 'nonce')).toEqual(['valid']);
});

test('drafts go after a week when nobody works on them; what is served stays', async () => {
  const { id: meetingId } = await insertMeeting(bench.db);
  const open = await askFor(bench.db, meetingId, 'transcribe');
  const add = (requestId: string, age: string, state: 'draft' | 'complete' = 'draft') =>
    Transcript.query(bench.db).insert({
      meetingId,
      requestId,
      state,
      version: state === 'complete' ? 1 : null,
      createdAt: ago(age),
    });
  await add('forgotten', '8 days');
  await add('failed lately', '6 days');
  await add('served', '8 days', 'complete');
  await add(open, '8 days');
  expect(await expire()).toEqual({ 'transcript-drafts': 1 });
  expect(await left('transcripts', 'request_id')).toEqual([open, 'failed lately', 'served'].sort());
});

test('extractions that were never applied go with their words', async () => {
  const { id: meetingId } = await insertMeeting(bench.db);
  const { id: transcriptId } = await Transcript.query(bench.db).insert({
    ...{ meetingId, requestId: randomUUID(), state: 'complete', version: 1 },
  });
  const add = (requestId: string, age: string) =>
    bench.db('extractions').insert({
      ...{ meeting_id: meetingId, transcript_id: transcriptId, request_id: requestId },
      ...{ items: '{}', provider: 'p', model: 'm', quality: 'draft', prompt_version: '1', coverage: 1 },
      created_at: ago(age),
    });
  await add('forgotten', '8 days');
  await add('young', '1 hour');
  expect(await expire()).toEqual({ 'extraction-drafts': 1 });
  expect(await left('extractions', 'request_id')).toEqual(['young']);
});

test('a call that a worker died in is closed; what it may have cost stays', async () => {
  const call = { step: 'extract', provider: 'gemini', units: {}, cost: '0.010000', latencyMs: 0 } as const;
  const add = (outcome: string, age: string) =>
    ProviderCall.query(bench.db).insert({ ...call, outcome, createdAt: ago(age) });
  await add('started', '25 hours');
  await add('started', '23 hours');
  await add('ok', '25 hours');
  expect(await expire()).toEqual({ 'cut-off-calls': 1 });
  const calls = await ProviderCall.query(bench.db).orderBy('id');
  expect(calls.map(({ outcome, cost }) => [outcome, cost])).toEqual([
    ['cut-off', '0.010000'],
    ['started', '0.010000'],
    ['ok', '0.010000'],
  ]);
});

test('more than a batch goes in one turn, and what was done is counted', async () => {
  const before = await JanitorTotal.query(bench.db).findById('spent-states').throwIfNotFound();
  await bench.db.raw(
    `insert into spent_states select 'n' || n, now() - interval '1 hour' from generate_series(1, 1001) n`,
  );
  expect(await expire()).toEqual({ 'spent-states': 1001 });
  expect(await expire()).toEqual({});
  const after = await JanitorTotal.query(bench.db).findById('spent-states').throwIfNotFound();
  expect(Number(after.total) - Number(before.total)).toBe(1001);
  expect(after.lastRunAt.getTime()).toBeGreaterThan(before.lastRunAt.getTime());
});

test('two janitors at once do each thing once', async () => {
  await bench.db.raw(
    `insert into spent_states select 'm' || n, now() - interval '1 hour' from generate_series(1, 500) n`,
  );
  const done = await Promise.all([expire(), expire(), expire()]);
  const counted = done.map((kinds) => kinds['spent-states'] ?? 0);
  expect(counted.reduce((sum, count) => sum + count)).toBe(500);
});
