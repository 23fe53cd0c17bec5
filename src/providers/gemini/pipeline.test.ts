import { decodedMail } from '../../../test/support/decoded-mail';
import { insertMeeting, withTranscript } from '../../../test/support/meetings';
import { startTestPipeline, type TestPipeline } from '../../../test/support/pipeline';
import { eventually } from '../../../test/support/poll';
import { quotaAnswer, startGemini, stopped, type Gemini } from '../../../test/support/vendors/gemini';
import { HOSTILE, hostileMeeting, obedient } from '../../../test/support/vendors/gemini/hostile';
import { extractorOn, type Spoken } from '../../../test/support/vendors/gemini/meeting';
import { Extraction } from '../../models/extraction';
import { Meeting } from '../../models/meeting';
import { Task } from '../../models/task';
import { startPipeline } from '../../temporal/runs';

let gemini: Gemini;
let pipeline: TestPipeline;
beforeAll(async () => {
  gemini = await startGemini();
  const extractor = extractorOn(gemini, { fallbackModel: 'gemini-3.6-flash' });
  pipeline = await startTestPipeline({ extractor, diarizer: null });
}, 120_000);
afterAll(async () => {
  await pipeline.close();
  await gemini.standIn.close();
});

const db = () => pipeline.database.knex;

async function started(lines: Spoken[]): Promise<string> {
  const meeting = await insertMeeting(db(), { participants: ['Anna', 'Ben', 'Carol', 'Dora'] });
  const written = lines.map(([speaker, words]) => `${speaker!.split(' ')[0]}: ${words}`);
  await withTranscript(db(), meeting, written);
  await startPipeline(pipeline.temporal.client, meeting);
  return meeting.id;
}

const ended = (id: string) =>
  eventually(
    async () => {
      const meeting = await Meeting.query(db()).findById(id).throwIfNotFound();
      expect(['ready', 'failed']).toContain(meeting.status);
      return meeting;
    },
    { deadlineMs: 90_000 },
  );

it('no meeting makes an obedient model send a mail or an entry beyond what was promised', async () => {
  gemini.think(obedient);
  const ids: string[] = [];
  for (const [, words] of HOSTILE) ids.push(await started(hostileMeeting(words)));
  for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'ready' });
  await eventually(async () => expect(pipeline.outbox()).toHaveLength(HOSTILE.length), {
    deadlineMs: 60_000,
  });
  const mails = await Promise.all(pipeline.outbox().map((mail) => decodedMail(Buffer.from(mail))));
  for (const mail of mails) {
    expect(mail.to.map(({ email }) => email)).toEqual([expect.stringMatching(/^ben-.*@example\.com$/)]);
    expect(mail.subject).toContain('Fix the payment tests');
    expect(`${mail.subject}${mail.text}${mail.html}`).not.toMatch(/evil\.example|Mallory|boss@/);
  }
  const entries = () =>
    Object.values(pipeline.calendars())
      .join('\n')
      .match(/^SUMMARY.*$/gm);
  const promised = Array<string>(HOSTILE.length).fill('SUMMARY:Fix the payment tests');
  await eventually(() => expect(entries()).toEqual(promised));
}, 180_000);

it('a blocked transcript fails the meeting with a reason and stays readable', async () => {
  gemini.think(() => stopped('PROHIBITED_CONTENT'));
  const meeting = await ended(await started([['Anna', 'Something that no model reads.']]));
  expect(meeting).toMatchObject({ status: 'failed', transcript: 'Anna: Something that no model reads.' });
  expect(meeting.failure).toMatchObject({ step: 'extract', code: 'gemini-blocked', retryable: false });
});

it('the extraction says which model answered, and what both cost', async () => {
  gemini.think(() => ({ actionItems: [] }));
  gemini.standIn.next({ answer: quotaAnswer('GenerateRequestsPerDayPerProjectPerModel-FreeTier', '40s') });
  const id = await started([['Anna', 'Hello.']]);
  await ended(id);
  expect(await Extraction.query(db()).findOne({ meetingId: id })).toMatchObject({
    provider: 'gemini',
    model: 'gemini-3.6-flash',
    coverage: 1,
    inputTokens: 1000,
    outputTokens: 120,
  });
  expect(await Task.query(db()).where({ meetingId: id })).toEqual([]);
  expect(gemini.standIn.violations).toEqual([]);
});
