/** Every call leaves a row, whatever becomes of it; and none is made that the meeting may not pay. */
import { CancelledFailure } from '@temporalio/common';
import { seedLocalUser } from '../src/db/seed';
import { Meeting } from '../src/models/meeting';
import { ProviderCall } from '../src/models/provider-call';
import { ProviderError } from '../src/provider-error';
import { rowDeps } from '../test/support/activity-deps';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { insertMeeting } from '../test/support/meetings';
import { eventually } from '../test/support/poll';
import { metered, type Call } from './metered';

let database: TestDatabase;
let meeting: Meeting;
beforeAll(async () => {
  database = await createTestDatabase();
  await seedLocalUser(database.knex);
});
afterAll(() => database.destroy());
beforeEach(async () => {
  meeting = await insertMeeting(database.knex);
});

const HOUR: Pick<Call, 'step' | 'provider' | 'model' | 'units'> = {
  step: 'transcribe',
  provider: 'rapidapi',
  model: null,
  units: { seconds: 3600 },
};
const deps = (maxCostPerMeeting: number | null = null) => ({ ...rowDeps(database.knex), maxCostPerMeeting });
const callOf = (fields: Partial<Call> = {}): Call => ({
  meetingId: meeting.id,
  requestId: 'r',
  ...HOUR,
  ...fields,
});
const ledger = () => ProviderCall.query(database.knex).where({ meetingId: meeting.id }).orderBy('id');
const failing = (error: Error) => () => Promise.reject(error);

it('notes what was used, by whom, what it cost and how long it took', async () => {
  const work = async () => ({ text: 'words', by: 'whisper' });
  const result = await metered(deps(), callOf(), work, ({ by }) => ({
    provider: 'rapidapi',
    model: by,
    units: { seconds: 1800 },
  }));
  expect(result).toEqual({ text: 'words', by: 'whisper' });
  const [row] = await ledger();
  expect(row).toMatchObject({
    requestId: 'r',
    step: 'transcribe',
    provider: 'rapidapi',
    model: 'whisper',
    units: { seconds: 1800 },
    cost: '0.180000',
    outcome: 'ok',
    latencyMs: expect.any(Number),
  });
  expect(JSON.stringify(row)).not.toContain('words');
});

it('is there with the expected cost while the call runs, so that a crash leaves it', async () => {
  await metered(deps(), callOf(), async () => {
    expect(await ledger()).toMatchObject([{ outcome: 'started', cost: '0.360000' }]);
  });
});

it.each<[string, Error, Partial<ProviderCall>]>([
  [
    'a refused call costs nothing',
    new ProviderError('busy', 'Busy.', { retryable: true }),
    { outcome: 'busy', cost: '0.000000', units: {} },
  ],
  [
    'one whose fate is not clear may have been paid',
    new ProviderError('connection-reset', 'Reset.', { retryable: true, outcome: 'unknown' }),
    { outcome: 'connection-reset', cost: '0.360000', units: { seconds: 3600 } },
  ],
  ['so may one that broke inside', new TypeError('secret words'), { outcome: 'internal', cost: '0.360000' }],
  ['or was cancelled', new CancelledFailure('no'), { outcome: 'cancelled', cost: '0.360000' }],
])('%s', async (_, error, expected) => {
  await expect(metered(deps(), callOf(), failing(error))).rejects.toBe(error);
  const [row] = await ledger();
  expect(row).toMatchObject(expected);
  expect(JSON.stringify(row)).not.toMatch(/secret|Busy|Reset/);
});

it('counts what a model has answered before the failure', async () => {
  const error = new ProviderError('bad-response', 'No JSON.', { retryable: true });
  error.tokens = { input: 1e6, output: 0 };
  const call = callOf({ step: 'extract', provider: 'gemini', model: 'gemini-3.5-flash-lite', units: {} });
  await expect(metered(deps(), call, failing(error))).rejects.toBe(error);
  expect(await ledger()).toMatchObject([
    { outcome: 'bad-response', cost: '0.300000', units: { inputTokens: 1e6, outputTokens: 0 } },
  ]);
});

it('knows no cost where it knows no price, and lets the call through', async () => {
  await metered(deps(0.001), callOf({ provider: 'elsewhere' }), async () => null);
  expect(await ledger()).toMatchObject([{ cost: null, outcome: 'ok' }]);
});

it('a task of no meeting leaves a row too', async () => {
  const before = await ProviderCall.query(database.knex).whereNull('meeting_id').resultSize();
  await metered(deps(0.1), callOf({ meetingId: null }), async () => null);
  expect(await ProviderCall.query(database.knex).whereNull('meeting_id').resultSize()).toBe(before + 1);
});

it('a call is not repeated for the sake of its row', async () => {
  const work = async () => {
    await ProviderCall.query(database.knex).where({ meetingId: meeting.id }).delete();
    return 'paid';
  };
  await expect(metered(deps(), callOf(), work)).resolves.toBe('paid');
});

describe('a cap', () => {
  const limited = { code: 'cost-limit-reached', retryable: false };
  const never = async () => {
    throw new Error('called');
  };

  it('stops the call that would pass it, before it is made and without a row', async () => {
    await metered(deps(1), callOf(), async () => null);
    await metered(deps(1), callOf(), async () => null);
    await expect(metered(deps(1), callOf(), never)).rejects.toMatchObject(limited);
    expect(await ledger()).toHaveLength(2);
  });

  it('may be reached to the cent', async () => {
    await metered(deps(0.36), callOf(), async () => null);
    await expect(metered(deps(0.36), callOf({ units: { seconds: 1 } }), never)).rejects.toMatchObject(
      limited,
    );
  });

  it('says what was spent, what the next call costs and what to set', async () => {
    const error = await metered(deps(0.1), callOf(), never).catch((reason: Error) => reason);
    expect(error.message).toBe(
      'This meeting has cost $0.0000; the next call, about $0.3600, would pass MAX_COST_PER_MEETING ($0.1). Raise it and ask again.',
    );
  });

  it('counts calls that are still under way', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const calls = Array.from({ length: 4 }, () => metered(deps(1), callOf(), () => held));
    const results = Promise.allSettled(calls);
    await eventually(async () => (await ledger()).length === 2);
    letGo();
    const states = (await results).map(({ status }) => status).sort();
    expect(states).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('is one for each meeting, and stops nothing that is free', async () => {
    await metered(deps(0.4), callOf(), async () => null);
    const other = await insertMeeting(database.knex);
    await expect(metered(deps(0.4), callOf({ meetingId: other.id }), async () => 1)).resolves.toBe(1);
    await expect(metered(deps(0.4), callOf({ provider: 'local' }), async () => 2)).resolves.toBe(2);
    await expect(
      metered(deps(0.4), callOf({ provider: 'google', units: { writes: 1 } }), async () => 3),
    ).resolves.toBe(3);
  });
});

it('no call begins for a meeting that was deleted', async () => {
  await Meeting.query(database.knex).findById(meeting.id).patch({ deletedAt: new Date() });
  const work = jest.fn(async () => 'told the world');
  await expect(metered(deps(), callOf({ step: 'notify' }), work)).rejects.toMatchObject({
    code: 'meeting-gone',
  });
  expect(work).not.toHaveBeenCalled();
  expect(await ledger()).toEqual([]);
});
