import { randomUUID } from 'node:crypto';
import { Request } from '../../src/models/request';
import { pipelineId } from '../../workflows/messages';
import { startTestApi, type TestApi } from '../../test/support/api';
import { eventually } from '../../test/support/poll';
import { addMeeting, addTranscript, NO_MEDIA } from '../../test/support/rows';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const requestsOf = (meetingId: string) => Request.query(api.knex).where({ meetingId });
/** The signals in the history of the meeting's run, with their arguments. */
async function signalsOf(meetingId: string): Promise<unknown[]> {
  const { events } = await api.deps.temporal.workflow.getHandle(pipelineId(meetingId)).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal ? [[signal.signalName, JSON.parse(String(signal.input?.payloads?.[0]?.data))]] : [],
  );
}

test.each([
  ['transcribe', { language: 'de' }, 'retranscribe'],
  ['extract', { instructions: 'only the budget' }, 'reextract'],
])('POST /%s writes the request down and signals its id alone', async (route, body, signal) => {
  const meeting = await addMeeting(api.knex);
  await addTranscript(api.knex, meeting, [['Anna', 'Hello.']]);
  const answer = await api.send('POST', `/${route}/${meeting.id}`, { body });
  expect(answer.status).toBe(202);
  const { requestId } = answer.body;
  expect(answer.body).toEqual({
    meetingId: meeting.id,
    status: 'ready',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    links: expect.objectContaining({ self: `/meeting/${meeting.id}` }),
  });
  const [request] = await requestsOf(meeting.id);
  expect(request).toMatchObject({
    requestId,
    kind: route,
    state: 'pending',
    ...body,
    signalledAt: expect.any(Date),
  });
  expect(await signalsOf(meeting.id)).toEqual([[signal, { requestId }]]);
});

test('cancelling is a request too', async () => {
  const { id } = await addMeeting(api.knex);
  const { status, body } = await api.send('POST', `/meeting/${id}/cancel`);
  expect([status, body.meetingId]).toEqual([202, id]);
  expect(await signalsOf(id)).toEqual([['cancel', { requestId: body.requestId }]]);
});

test('a ready transcript can not be heard again', async () => {
  const { id } = await addMeeting(api.knex, NO_MEDIA);
  const { status, body } = await api.send('POST', `/transcribe/${id}`);
  expect([status, body.code]).toEqual([409, 'no-media']);
  expect(await requestsOf(id)).toEqual([]);
});

describe('extracting without a transcript', () => {
  test.each(['queued', 'probing', 'transcribing'] as const)('while %s: it is coming', async (state) => {
    const { id } = await addMeeting(api.knex, { status: state });
    expect((await api.send('POST', `/extract/${id}`)).status).toBe(202);
  });

  test('somebody has asked to transcribe again: it is coming', async () => {
    const { id: meetingId } = await addMeeting(api.knex, { status: 'failed' });
    await Request.query(api.knex).insert({ meetingId, requestId: randomUUID(), kind: 'transcribe' });
    expect((await api.send('POST', `/extract/${meetingId}`)).status).toBe(202);
  });

  test('failed: there is none', async () => {
    const { id } = await addMeeting(api.knex, { status: 'failed' });
    expect((await api.send('POST', `/extract/${id}`)).body.code).toBe('no-transcript');
  });
});

describe('Prefer: wait', () => {
  test.each(['done', 'failed', 'cancelled'] as const)(
    'answers with the meeting once it is %s',
    async (state) => {
      const { id } = await addMeeting(api.knex);
      const answer = api.send('POST', `/transcribe/${id}`, { headers: { Prefer: 'wait=600' } });
      const request = await eventually(() => requestsOf(id).first().throwIfNotFound().execute());
      await Request.query(api.knex).findById([id, request.requestId]).patch({ state });
      const { status, body, headers } = await answer;
      expect([status, body.id, headers.get('Preference-Applied')]).toEqual([200, id, 'wait']);
    },
  );

  test('answers 202 when it takes longer', async () => {
    const { id } = await addMeeting(api.knex);
    const { status, body } = await api.send('POST', `/transcribe/${id}`, { headers: { Prefer: 'wait=1' } });
    expect([status, body.status]).toEqual([202, 'ready']);
  });
});
