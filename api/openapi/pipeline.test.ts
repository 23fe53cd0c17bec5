/** What comes of real work is what the document says: events of every kind, and the rows behind them. */
import { EVENT_TYPES } from '../../src/models/meeting-event';
import { ApiDocument } from '../../test/support/api-document';
import { startTestApi, type TestApi } from '../../test/support/api';
import { MeetingDriver } from '../../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../../test/support/pipeline';
import { SAMPLE_LINES } from '../../test/support/sample';

let pipeline: TestPipeline;
let driver: MeetingDriver;
/** With the workers' database and Temporal. */
let api: TestApi;
let document: ApiDocument;

beforeAll(async () => {
  pipeline = await startTestPipeline();
  driver = new MeetingDriver(pipeline);
  api = await startTestApi({ db: pipeline.database.knex, temporal: pipeline.temporal.client });
  document = new ApiDocument((await api.send('GET', '/openapi.json')).body);
}, 120_000);
afterAll(async () => {
  await api.close();
  await pipeline.close();
});

async function told(template: string, id: string) {
  const answer = await api.send('GET', template.replace(/\{\w+\}/, id));
  expect(answer.status).toBe(200);
  expect(document.against(`GET ${template}`, answer)).toEqual([]);
  return answer.body;
}

test('every kind of event, and what a meeting has become', async () => {
  const { id } = await driver.startedFromTranscript(SAMPLE_LINES);
  const lost = await driver.startedFromRecording(Buffer.from('no sound'));
  const events = [
    ...(await document.eventsUntil(api.url, id, (said) => said.some(({ type }) => type === 'delivery'))),
    ...(await document.eventsUntil(api.url, lost.id, (said) => said.some(({ type }) => type === 'failure'))),
  ];
  for (const event of events)
    expect([event, document.violations(['components', 'schemas', 'MeetingEvent'], event)]).toEqual([
      event,
      [],
    ]);
  expect(EVENT_TYPES.filter((type) => !events.some((event) => event.type === type))).toEqual(['transcript']);

  const { actionItems } = await told('/meeting/{meetingId}', id);
  expect((await told('/task/{taskId}', actionItems[0].id)).evidence).not.toHaveLength(0);
  expect((await told('/meeting/{meetingId}/costs', id)).data).not.toHaveLength(0);
  expect((await told('/meeting/{meetingId}/run', id)).runId).not.toBeNull();
  await driver.becomes(lost, 'failed');
  expect((await told('/meeting/{meetingId}', lost.id)).failure.step).toBe('probe');
}, 90_000);
