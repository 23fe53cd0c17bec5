import type { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { insertMeeting } from '../test/support/meetings';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { CANCEL, pipelineId, PROGRESS, REEXTRACT, RETRANSCRIBE, type Progress } from './messages';

let pipeline: TestPipeline;
let driver: MeetingDriver;
let meeting: Meeting;

beforeAll(async () => {
  pipeline = await startTestPipeline();
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(() => pipeline.close());
/** Nothing to read and nothing to hear: only what a signal leaves behind counts. */
beforeEach(async () => {
  meeting = await insertMeeting(driver.db);
});

const signal = (name: string, argument: unknown) => driver.signalByHand(meeting, name, argument);
const requests = () => Request.query(driver.db).where({ meetingId: meeting.id }).orderBy('created_at');
const progress = () => driver.client.workflow.getHandle(pipelineId(meeting.id)).query<Progress>(PROGRESS);
const notes = async () => (await progress()).notes;

const LONGEST_ID = 'i'.repeat(100);
const LONGEST_TEXT = '🎉'.repeat(1000);

describe('a signal that can be read is written down', () => {
  it.each<[string, object, Partial<Request>]>([
    [REEXTRACT, { requestId: 'r' }, { kind: 'extract', instructions: null, language: null }],
    [REEXTRACT, { requestId: LONGEST_ID }, { kind: 'extract', requestId: LONGEST_ID }],
    [REEXTRACT, { requestId: 'r', instructions: LONGEST_TEXT }, { instructions: LONGEST_TEXT }],
    [REEXTRACT, { requestId: 'r', instructions: '' }, { instructions: '' }],
    [RETRANSCRIBE, { requestId: 'r', language: 'de' }, { kind: 'transcribe', language: 'de' }],
    [CANCEL, { requestId: 'r' }, { kind: 'cancel', state: 'done' }],
    [CANCEL, { requestId: 'r', colour: 'red' }, { kind: 'cancel' }],
    // Postgres would refuse these for ever, and the run would be stuck.
    [REEXTRACT, { requestId: ' r\u0000 ' }, { requestId: 'r' }],
    [REEXTRACT, { requestId: 'r', instructions: 'a\u0000b\r\n\ud800' }, { instructions: 'ab\n\ufffd' }],
    [RETRANSCRIBE, { requestId: 'r', language: 'de\u0000' }, { language: 'de' }],
  ])('%s %#', async (name, argument, row) => {
    await signal(name, argument);
    await eventually(async () => expect(await requests()).toMatchObject([row]));
    expect(await notes()).toEqual([]);
  });

  it('several at once, each as it came', async () => {
    await Promise.all(['a', 'b', 'c'].map((requestId) => signal(REEXTRACT, { requestId })));
    await eventually(async () => {
      const written = await requests();
      expect(written.map(({ requestId }) => requestId).sort()).toEqual(['a', 'b', 'c']);
      // There is no transcript: each has ended, none is forgotten.
      expect(written.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    });
  });
});

describe('a signal that can not be read is ignored, and the operator is told what is needed', () => {
  it.each<[string, unknown]>([
    [REEXTRACT, undefined],
    [REEXTRACT, null],
    [REEXTRACT, 'r'],
    [REEXTRACT, 7],
    [REEXTRACT, []],
    [REEXTRACT, {}],
    [REEXTRACT, { requestId: '' }],
    [REEXTRACT, { requestId: null }],
    [REEXTRACT, { requestId: `${LONGEST_ID}i` }],
    [REEXTRACT, { requestId: 'r', instructions: 7 }],
    [REEXTRACT, { requestId: 'r', instructions: null }],
    [REEXTRACT, { requestId: 'r', instructions: `${LONGEST_TEXT}x` }],
    [RETRANSCRIBE, { requestId: 'r', language: ['de'] }],
    [RETRANSCRIBE, { request_id: 'r' }],
    [CANCEL, { requestId: 7 }],
    [REEXTRACT, { requestId: ' \u0000 ' }],
  ])('%s %#', async (name, argument) => {
    await signal(name, argument);
    const told = `ignored a \`${name}\` signal: it needs {"requestId": text of 1 to 100 characters}`;
    await eventually(async () => expect(await notes()).toEqual([told]));
    expect(await requests()).toEqual([]);
    expect((await driver.load(meeting.id)).status).toBe('queued');
  });
});
