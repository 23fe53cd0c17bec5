import type { ModelObject } from 'objection';
import { ProviderCall } from '../../src/models/provider-call';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addParticipant, addUser } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const addCall = (meetingId: string, columns: Partial<ModelObject<ProviderCall>> = {}) =>
  ProviderCall.query(api.knex).insert({
    meetingId,
    requestId: 'a',
    step: 'transcribe',
    provider: 'rapidapi',
    model: 'whisper',
    units: { seconds: 61.5 },
    cost: '0.006150',
    latencyMs: 900,
    outcome: 'ok',
    ...columns,
  });

const NOTHING = { seconds: null, inputTokens: null, outputTokens: null, mails: null, writes: null };

test('a meeting that called nobody has cost nothing', async () => {
  const { id } = await addMeeting(api.knex);
  const { status, body } = await api.send('GET', `/meeting/${id}/costs`);
  expect([status, body]).toEqual([200, { data: [], total: 0 }]);
});

test('every call is told, in the order in which they were made, and what they cost together', async () => {
  const { id } = await addMeeting(api.knex);
  await addCall(id);
  await addCall(id, { cost: '0.1', outcome: 'speech-rate-limited', units: {}, model: null });
  const read = { step: 'extract', provider: 'gemini', model: 'gemini-3.5-flash-lite' } as const;
  await addCall(id, { ...read, units: { inputTokens: 1000, outputTokens: 200 }, cost: '0.2' });
  const mail = { step: 'notify', provider: 'unheard-of', units: { mails: 1 }, cost: null } as const;
  await addCall(id, { ...mail, requestId: null, outcome: 'started' });
  const { body } = await api.send('GET', `/meeting/${id}/costs`);
  expect(body.total).toBe(0.30615);
  expect(body.data.map(({ step, outcome, cost }: Record<string, unknown>) => [step, outcome, cost])).toEqual([
    ['transcribe', 'ok', 0.00615],
    ['transcribe', 'speech-rate-limited', 0.1],
    ['extract', 'ok', 0.2],
    ['notify', 'started', null],
  ]);
  expect(body.data[0]).toEqual({
    provider: 'rapidapi',
    model: 'whisper',
    step: 'transcribe',
    units: { ...NOTHING, seconds: 61.5 },
    cost: 0.00615,
    latencyMs: 900,
    outcome: 'ok',
    createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
  });
  expect(body.data[2].units).toEqual({ ...NOTHING, inputTokens: 1000, outputTokens: 200 });
});

test('those who read the meeting read it', async () => {
  const [participant, stranger] = await Promise.all([addUser(api.knex), addUser(api.knex)]);
  const meeting = await addMeeting(api.knex);
  await addParticipant(api.knex, meeting, participant);
  await addCall((await addMeeting(api.knex)).id);
  const answers = await Promise.all(
    [participant, stranger].map(({ id: as }) => api.send('GET', `/meeting/${meeting.id}/costs`, { as })),
  );
  expect(answers.map(({ status, body: { data } }) => [status, data])).toEqual([
    [200, []],
    [404, undefined],
  ]);
});
