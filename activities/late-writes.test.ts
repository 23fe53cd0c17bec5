/** The meeting is deleted before or while an activity works: nothing that comes late is written, mailed or put anywhere. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { HeardSegmentRow, Transcript } from '../src/models/transcript';
import type { Providers } from '../src/ports';
import { LocalExtractor } from '../src/providers/local/extractor';
import { projectRoot } from '../src/project-root';
import { ActivityBench } from '../test/support/activity-bench';
import { insertMeeting, insertUser, withMedia, withTranscript } from '../test/support/meetings';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { createActivities, type Activities } from '.';
import type { Work } from './plan-work';

const recording = readFileSync(path.join(projectRoot, 'samples/meeting-flite.mp3'));
const speech = new ScriptedSpeech(SAMPLE_LINES);
const diarizer = { provider: 'scripted', diarize: async () => [{ startMs: 0, endMs: 900, voice: 0 }] };

let bench: ActivityBench;
let meeting: Meeting;
let hearing: Work;
let reading: Work;
let task: Task;
let mail: Delivery;

beforeAll(async () => {
  bench = await ActivityBench.open({ speech, diarizer });
});
afterAll(() => bench.close());

/** A meeting in the middle of everything: a draft that is heard, an extraction asked for, a task on its way. */
beforeEach(async () => {
  meeting = await insertMeeting(bench.db, { participants: ['Anna', 'Ben', 'Carol'] });
  const requestId = await withMedia(bench.db, bench.deps.providers.mediaStore, meeting, recording);
  hearing = { meetingId: meeting.id, requestId, kind: 'transcribe' };
  reading = { ...hearing, requestId: await withTranscript(bench.db, meeting, SAMPLE_LINES), kind: 'extract' };
  const ben = await insertUser(bench.db, 'Ben');
  task = await Task.query(bench.db).insertAndFetch({
    meetingId: meeting.id,
    name: 'Fix the tests',
    ownerId: ben.id,
    origin: 'ai',
    agreed: true,
    deadlineDate: '2025-10-17',
  });
  const row = { taskId: task.id, userId: ben.id, kind: 'assigned', taskVersion: 1 } as const;
  mail = await Delivery.query(bench.db).insertAndFetch({ ...row, channel: 'email' });
});

const softly = () => Meeting.query(bench.db).findById(meeting.id).patch({ deletedAt: new Date() });
const wholly = async () => {
  await Meeting.query(bench.db).findById(meeting.id).patch({ transcriptId: null });
  await Meeting.query(bench.db).deleteById(meeting.id);
};

const TABLES = [
  'transcripts',
  'extractions',
  'tasks',
  'decisions',
  'questions',
  'requests',
  'meeting_events',
];
const PARTS = ['transcript_pieces', 'heard_segments', 'transcript_segments'];
/** Everything that the database holds of the meeting. */
async function everything(): Promise<unknown> {
  const transcripts = bench.db('transcripts').where({ meeting_id: meeting.id }).select('id');
  const rows = await Promise.all(
    [
      bench.db('meetings').where({ id: meeting.id }),
      ...TABLES.map((table) => bench.db(table).where({ meeting_id: meeting.id })),
      ...PARTS.map((table) => bench.db(table).whereIn('transcript_id', transcripts)),
    ].map(async (query) => ((await query) as object[]).map((row) => JSON.stringify(row)).sort()),
  );
  return rows;
}

/** What each activity is called with; those of a task have their own chapter. */
const CALLS: { [Verb in keyof Activities]?: () => Parameters<Activities[Verb]>[0] } = {
  planWork: () => ({
    meetingId: meeting.id,
    signalled: [{ kind: 'extract', requestId: 'late', instructions: null, language: null }],
  }),
  heedCancel: () => ({
    work: hearing,
    signalled: [{ kind: 'cancel', requestId: 'late', instructions: null, language: null }],
  }),
  probe: () => hearing,
  transcribe: () => hearing,
  diarize: () => hearing,
  assemble: () => hearing,
  extract: () => reading,
  handOver: () => reading,
  recordOutcome: () => ({ work: hearing, outcome: 'cancelled', failure: null }),
};
const OF_A_TASK = ['planTask', 'deliver', 'sendMail', 'syncCalendar', 'finishTask'];
/** Work for no meeting in particular. */
const OF_THE_JANITOR = ['removeAbandonedUploads', 'failVanishedRuns', 'settleCutOffSends', 'expireRecords'];
/** Those that remove: they have tests of their own. */
const OF_AN_ERASURE =
  'stopRuns removeRows removeRecording awaitCalls forgetMails clearCalendars deleteHistories finishErasure'.split(
    ' ',
  );

it('every activity is in these tables', () => {
  expect([...Object.keys(CALLS), ...OF_A_TASK, ...OF_THE_JANITOR, ...OF_AN_ERASURE].sort()).toEqual(
    Object.keys(createActivities(bench.deps)).sort(),
  );
});

const verbs = Object.keys(CALLS) as (keyof typeof CALLS)[];
const GONE = { type: 'meeting-gone', nonRetryable: true };
const call = (verb: keyof typeof CALLS, providers: Partial<Providers> = {}) =>
  bench.run(verb, CALLS[verb]!(), {
    deps: { providers: { ...bench.deps.providers, ...providers } },
  });

describe('after the meeting was deleted', () => {
  beforeEach(() => bench.run('probe', hearing));

  it.each(verbs)('%s writes nothing', async (verb) => {
    await softly();
    const before = await everything();
    await expect(call(verb)).rejects.toMatchObject(GONE);
    expect(await everything()).toEqual(before);
  });

  it.each(verbs)('and erased, %s brings nothing back', async (verb) => {
    await wholly();
    await expect(call(verb)).rejects.toMatchObject(GONE);
    expect((await everything()) as unknown[][]).toEqual(Array.from({ length: 11 }, () => []));
  });
});

describe('deleted while it works', () => {
  /** Local providers that see the meeting deleted before they answer. */
  const deleting = (remove: () => Promise<unknown>): Record<string, Partial<Providers>> => ({
    probe: { mediaStore: deletingStore(remove) },
    transcribe: { mediaStore: deletingStore(remove) },
    diarize: {
      diarizer: { ...diarizer, diarize: async () => (await remove(), [{ startMs: 0, endMs: 9, voice: 0 }]) },
    },
    extract: {
      extractor: {
        provider: 'deleting',
        extract: async (input) => (await remove(), new LocalExtractor().extract(input)),
      },
    },
  });
  function deletingStore(remove: () => Promise<unknown>): Providers['mediaStore'] {
    const store = bench.deps.providers.mediaStore;
    return Object.assign(Object.create(store) as typeof store, {
      get: async (key: string) => (await remove(), store.get(key)),
    });
  }

  it.each(['probe', 'transcribe', 'diarize', 'extract'] as const)('%s saves nothing', async (verb) => {
    if (verb === 'transcribe' || verb === 'diarize') await bench.run('probe', hearing);
    let before: unknown;
    const remove = async () => (await softly(), (before = await everything()));
    await expect(call(verb, deleting(remove)[verb])).rejects.toMatchObject(GONE);
    expect(await everything()).toEqual(before);
  });

  it.each(['probe', 'transcribe', 'diarize', 'extract'] as const)(
    'and erased, %s brings nothing back and stops at the latest with the next attempt',
    async (verb) => {
      if (verb !== 'extract') await bench.run('probe', hearing);
      const first = call(verb, deleting(wholly)[verb]);
      await first.catch(() => undefined);
      expect((await everything()) as unknown[][]).toEqual(Array.from({ length: 11 }, () => []));
      await expect(call(verb)).rejects.toMatchObject(GONE);
      expect(bench.leftovers()).toEqual([]);
    },
  );
});

describe('after the work was done, cancelled or given up, an attempt that comes late', () => {
  const steps = ['probe', 'transcribe', 'diarize', 'assemble', 'extract', 'handOver'] as const;
  const states = ['done', 'cancelled', 'failed'] as const;
  const reportsAgain: string[] = ['extract', 'handOver'];
  const ends = steps.flatMap((verb) => states.map((state) => [verb, state] as const));

  it.each(ends)('%s (%s) changes nothing', async (verb, state) => {
    await bench.run('probe', hearing);
    await Request.query(bench.db).where({ meetingId: meeting.id }).patch({ state });
    const before = await everything();
    const late = call(verb);
    if (reportsAgain.includes(verb) && state === 'done') await late;
    else await expect(late).rejects.toMatchObject({ type: 'request-over', nonRetryable: true });
    expect(await everything()).toEqual(before);
  });
});

describe('a task of a deleted meeting', () => {
  const calendarOfOwner = () => bench.calendar(task.ownerId!);

  it('is not mailed any more', async () => {
    await softly();
    await bench.run('sendMail', mail.id);
    expect(bench.outbox().filter((text) => text.includes(mail.id))).toEqual([]);
    expect(await Delivery.query(bench.db).findById(mail.id)).toMatchObject({
      state: 'failed',
      error: { code: 'no-recipient' },
    });
  });

  it('gets no entry on a calendar any more; one that stands is the erasure’s to remove', async () => {
    await softly();
    await bench.run('syncCalendar', task.id);
    expect(calendarOfOwner()).toBe('');
    expect(await CalendarEventRow.query(bench.db).where({ taskId: task.id })).toEqual([]);
  });

  it('that is gone itself needs nothing more', async () => {
    await Task.query(bench.db).deleteById(task.id);
    expect(await bench.run('planTask', { taskId: task.id, nowMs: Date.now() })).toMatchObject({
      version: 0,
      mails: [],
    });
    await bench.run('sendMail', mail.id);
    await bench.run('syncCalendar', task.id);
    await bench.run('finishTask', { taskId: task.id, version: 1, deliveries: [mail.id, randomUUID()] });
    const known = { version: 1, mails: [mail.id], more: false, calendar: true, entries: [] };
    expect(await bench.run('deliver', { taskId: task.id, plan: { ...known, remindAtMs: null } })).toEqual({
      left: [],
      told: [],
    });
    expect(await Delivery.query(bench.db).findById(mail.id)).toBeUndefined();
  });
});

it('the draft of a meeting that is there is written: these tests could fail', async () => {
  await bench.run('probe', hearing);
  await bench.run('diarize', hearing);
  await bench.run('transcribe', hearing);
  const draft = await Transcript.query(bench.db).findOne({ requestId: hearing.requestId });
  expect(draft?.voices).toEqual([{ startMs: 0, endMs: 900, voice: 0 }]);
  expect(await HeardSegmentRow.query(bench.db).where('transcript_id', draft!.id).resultSize()).toBe(14);
});
