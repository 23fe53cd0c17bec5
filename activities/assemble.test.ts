import { randomUUID } from 'node:crypto';
import type { VoiceTurn } from '../src/domain/meeting';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { participantsOf } from '../src/models/participants';
import { HeardSegmentRow, Transcript, TranscriptPiece, TranscriptSegment } from '../src/models/transcript';
import { ActivityBench } from '../test/support/activity-bench';
import { askFor, insertMeeting } from '../test/support/meetings';
import { addExtraction, addTranscript } from '../test/support/rows';
import { heard } from '../test/support/scripted-speech';
import type { Work } from './plan-work';

let bench: ActivityBench;
let meeting: Meeting;

beforeAll(async () => {
  bench = await ActivityBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  meeting = await insertMeeting(bench.db, { participants: ['Anna', 'Ben'] });
});

/** A draft that has heard these lines, one after the other. */
async function draftOf(lines: string[], fields: Partial<Transcript> = {}): Promise<Work> {
  const requestId = await askFor(bench.db, meeting.id, 'transcribe');
  const draft = await Transcript.query(bench.db).insertAndFetch({
    meetingId: meeting.id,
    requestId,
    language: 'en',
    provider: 'local',
    ...fields,
  });
  const rows = heard(lines).map((segment) => ({ ...segment, transcriptId: draft.id }));
  if (rows.length > 0) await HeardSegmentRow.query(bench.db).insert(rows);
  await TranscriptPiece.query(bench.db).insert({
    transcriptId: draft.id,
    startMs: 0,
    endMs: 60_000,
    state: 'done',
  });
  return { meetingId: meeting.id, requestId, kind: 'transcribe' };
}

const assemble = (work: Work) => bench.run('assemble', work);
const load = () => Meeting.query(bench.db).findById(meeting.id).throwIfNotFound();
const transcriptOf = (work: Work) =>
  Transcript.query(bench.db).findOne({ meetingId: meeting.id, requestId: work.requestId }).throwIfNotFound();
const segmentsOf = ({ id }: Transcript) =>
  TranscriptSegment.query(bench.db).where({ transcriptId: id }).orderBy('ordinal');
const events = () => MeetingEvent.query(bench.db).where({ meetingId: meeting.id }).orderBy('seq');

it('makes what was heard the meeting’s transcript, in order, and clears what it was made of', async () => {
  const work = await draftOf(['Anna: Good morning.', 'Ben: Good morning to you.']);
  await assemble(work);
  const transcript = await transcriptOf(work);
  expect(transcript).toMatchObject({ state: 'complete', version: 1, voices: null });
  expect((await segmentsOf(transcript)).map(({ ordinal, text }) => [ordinal, text])).toEqual([
    [0, 'Good morning.'],
    [1, 'Good morning to you.'],
  ]);
  expect(await load()).toMatchObject({
    transcriptId: transcript.id,
    transcript: 'Anna: Good morning.\nBen: Good morning to you.',
    language: 'en',
  });
  for (const left of ['heard_segments', 'transcript_pieces']) {
    expect(await bench.db(left).where('transcript_id', transcript.id)).toEqual([]);
  }
  expect((await events()).map(({ type, data }) => [type, data])).toEqual([
    ['transcript', { version: 1, segments: 2 }],
  ]);
});

it('takes more segments than fit into one statement', async () => {
  const work = await draftOf([]);
  const { id: transcriptId } = await transcriptOf(work);
  const rows = Array.from({ length: 10_000 }, (_, n) => ({
    transcriptId,
    startMs: n * 2_000,
    endMs: n * 2_000 + 1_000,
    text: `Number ${n}.`,
    confidence: null,
  }));
  for (let at = 0; at < rows.length; at += 1_000) {
    await HeardSegmentRow.query(bench.db).insert(rows.slice(at, at + 1_000));
  }
  await assemble(work);
  expect(await segmentsOf(await transcriptOf(work)).resultSize()).toBe(10_000);
});

it('changes nothing the second time, also when two workers assemble at once', async () => {
  const work = await draftOf(['Anna: Good morning.', 'Ben: Hello.']);
  await Promise.all([assemble(work), assemble(work)]);
  const [before, transcript] = [await load(), await transcriptOf(work)];
  const segments = await segmentsOf(transcript);
  await assemble(work);
  expect(await load()).toEqual(before);
  expect(await transcriptOf(work)).toEqual(transcript);
  expect(await segmentsOf(transcript)).toEqual(segments);
  expect(segments).toHaveLength(2);
  expect(await events()).toHaveLength(1);
});

it('counts versions on and keeps the words that earlier evidence cites', async () => {
  const [cited] = await addTranscript(bench.db, meeting, [['Anna', 'We ship on Friday.']]);
  await addExtraction(bench.db, meeting, cited!);
  const work = await draftOf(['Anna: We ship on Monday.']);
  await assemble(work);
  expect(await transcriptOf(work)).toMatchObject({ version: 2 });
  expect((await load()).transcript).toBe('Anna: We ship on Monday.');
  expect(await TranscriptSegment.query(bench.db).findById(cited!.id)).toMatchObject({
    text: 'We ship on Friday.',
  });
});

it('serves the old transcript until the new one is whole', async () => {
  await addTranscript(bench.db, meeting, [['Anna', 'The old words.']]);
  const before = await load();
  const work = await draftOf(['Anna: The new words.']);
  expect(await load()).toEqual(before);
  // Postgres refuses the last step: the segments and the version before it must not stand either.
  await bench.db.raw(`alter table meetings add constraint refused check (transcript not like '%new%')`);
  await expect(assemble(work)).rejects.toMatchObject({ type: 'internal', nonRetryable: false });
  await bench.db.raw('alter table meetings drop constraint refused');
  const draft = await transcriptOf(work);
  expect([draft.state, await segmentsOf(draft), await load()]).toEqual(['draft', [], before]);
  await assemble(work);
  expect((await load()).transcript).toBe('Anna: The new words.');
});

describe('who said it', () => {
  const unnamed = ['Good morning.', 'Ben, can you book a room?', 'Yes, I will book it.'];
  /** Alternating voices: the first two lines are one's, the third the other's. */
  const voices = (): VoiceTurn[] => {
    const [first, second, third] = heard(unnamed);
    return [
      { startMs: first!.startMs, endMs: second!.endMs, voice: 0 },
      { startMs: third!.startMs, endMs: third!.endMs, voice: 1 },
    ];
  };

  it('is told by the voices, and named where the words say who it is', async () => {
    const work = await draftOf(unnamed, { voices: voices() });
    await assemble(work);
    const [anna, ben] = await participantsOf(bench.db, meeting.id);
    const transcript = await transcriptOf(work);
    expect((await segmentsOf(transcript)).map(({ speaker }) => speaker)).toEqual(['Speaker 1', 'Speaker 2']);
    expect(transcript.speakers).toEqual({
      'Speaker 1': { name: 'Anna', userId: anna!.userId, source: 'evidence' },
      'Speaker 2': { name: 'Ben', userId: ben!.userId, source: 'evidence' },
    });
    expect((await load()).transcript).toBe(
      'Anna: Good morning. Ben, can you book a room?\nBen: Yes, I will book it.',
    );
  });

  it('stays a number when nothing says who it is', async () => {
    const work = await draftOf(['Nice weather.', 'It is.', 'Very.'], { voices: voices() });
    await assemble(work);
    const transcript = await transcriptOf(work);
    expect(transcript.speakers).toEqual({});
    expect((await load()).transcript).toMatch(/^Speaker 1: /);
  });

  it('stays open without voices', async () => {
    const work = await draftOf(unnamed);
    await assemble(work);
    const speakers = (await segmentsOf(await transcriptOf(work))).map(({ speaker }) => speaker);
    expect(new Set(speakers)).toEqual(new Set([null]));
    expect((await load()).transcript).toContain('Yes, I will book it.');
  });
});

it('makes an empty transcript of a recording in which nobody spoke', async () => {
  const work = await draftOf([]);
  await assemble(work);
  expect(await transcriptOf(work)).toMatchObject({ state: 'complete', version: 1 });
  expect((await load()).transcript).toBe('');
  expect((await events()).map(({ data }) => data)).toEqual([{ version: 1, segments: 0 }]);
});

it('is refused for a request that never had a draft', async () => {
  const work: Work = { meetingId: meeting.id, requestId: randomUUID(), kind: 'transcribe' };
  await expect(assemble(work)).rejects.toMatchObject({ type: 'meeting-gone', nonRetryable: true });
});
