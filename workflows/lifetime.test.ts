/** What a meeting's runs come to over a long life: small histories, nothing lost between them, every request ended. */
import fc from 'fast-check';
import { Extraction } from '../src/models/extraction';
import type { Meeting } from '../src/models/meeting';
import { Request } from '../src/models/request';
import { Task } from '../src/models/task';
import { TranscriptSegment } from '../src/models/transcript';
import { ProviderError } from '../src/provider-error';
import { failedTasks, readHistory } from '../test/support/history';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';
import { SAMPLE_LINES } from '../test/support/sample';
import { ScriptedSpeech } from '../test/support/scripted-speech';
import { describeWithSharedData, readShared } from '../test/support/shared-data';
import { pipelineId, PROGRESS, type Progress } from './messages';

const SLOW = { deadlineMs: 240_000, intervalMs: 250 };
const speech = new ScriptedSpeech(SAMPLE_LINES);
let pipeline: TestPipeline;
let driver: MeetingDriver;
const open = (reextractionWindowMs: number) => async () => {
  pipeline = await startTestPipeline({ reextractionWindowMs, speech, diarizer: null });
  driver = new MeetingDriver(pipeline);
};
const close = () => pipeline.close();

async function histories({ id }: Meeting) {
  const all: Awaited<ReturnType<typeof readHistory>>[] = [];
  for await (const { runId } of driver.client.workflow.list({ query: `WorkflowId = "${pipelineId(id)}"` })) {
    all.push(await readHistory(driver.client, pipelineId(id), runId));
  }
  return all;
}
const extractionsOf = ({ id }: Meeting) =>
  Extraction.query(driver.db).where({ meetingId: id, state: 'applied' }).orderBy('version');

describe('an open run', () => {
  beforeAll(open(600_000), 120_000);
  afterAll(close);

  describeWithSharedData('of 23,674 words', () => {
    it('stays under 150 events and 100 KB through five extractions', async () => {
      const { turns } = JSON.parse(readShared('meetings/qmsum-covid_1.json')) as {
        turns: { speaker: string; text: string }[];
      };
      const meeting = await driver.startedFromTranscript(
        turns.map(({ speaker, text }) => `${speaker.replace(/\W/g, '')}: ${text}`),
      );
      for (let time = 0; time < 5; time++) {
        const wish = await driver.ask(meeting, 'extract', `wish ${time}`);
        await eventually(async () => expect(await stateOf(meeting, wish)).toBe('done'), SLOW);
      }
      expect(await extractionsOf(meeting)).toHaveLength(6);
      const sizes = (await histories(meeting)).map(({ events, bytes }) => ({ events, bytes }));
      console.log('runs of the longest meeting:', JSON.stringify(sizes));
      expect(sizes.length).toBeGreaterThan(1);
      expect(Math.max(...sizes.map(({ events }) => events))).toBeLessThanOrEqual(150);
      expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeLessThanOrEqual(100 * 1024);
    }, 900_000);
  });

  it('goes on as new under 500 signals that ask nothing new, and misses none that does', async () => {
    const meeting = await driver.startedFromTranscript(SAMPLE_LINES);
    await driver.becomes(meeting, 'ready');
    const wishes = ['a', 'b', 'c', 'd', 'e'];
    for (let n = 0; n < 500; n++) {
      const requestId = n % 100 === 50 ? wishes[Math.floor(n / 100)]! : 'a';
      const argument = n % 2 === 1 ? n : { requestId, instructions: requestId };
      await driver.signalByHand(meeting, 'reextract', argument);
    }
    for (const wish of wishes) {
      await eventually(async () => expect(await stateOf(meeting, wish)).toBe('done'), SLOW);
    }
    expect((await extractionsOf(meeting)).map(({ instructions }) => instructions)).toEqual([null, ...wishes]);
    const sizes = (await histories(meeting)).map(({ events }) => events);
    console.log('events of runs under 500 signals:', sizes.join(' '));
    // How many a run takes before it can go on as new depends on how fast they come: no run ends between two of them.
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(500);
    const { notes } = await driver.client.workflow
      .getHandle(pipelineId(meeting.id))
      .query<Progress>(PROGRESS);
    expect(notes).toHaveLength(5);
  }, 600_000);

  it('whose recording is heard again and fails half-way serves what it served', async () => {
    const meeting = await driver.startedFromRecording();
    await driver.becomes(meeting, 'ready');
    const before = await served(meeting);
    expect(before.segments.length).toBeGreaterThan(10);
    const error = new ProviderError('speech-engine-missing', 'Set WHISPER_MODEL.', { retryable: false });
    speech.breaks = [{ afterSegments: 3, error }];
    const again = await driver.ask(meeting, 'transcribe');
    await eventually(async () => expect(await stateOf(meeting, again)).toBe('failed'), SLOW);
    const { status, failure } = await driver.load(meeting.id);
    expect([status, failure?.code]).toEqual(['ready', 'speech-engine-missing']);
    expect(await served(meeting)).toEqual(before);
    await driver.isDone(meeting, await driver.ask(meeting, 'transcribe'));
    const cited = before.tasks.flatMap(({ evidence }) => evidence.map(({ segmentId }) => segmentId));
    expect(await TranscriptSegment.query(driver.db).findByIds(cited).resultSize()).toBe(new Set(cited).size);
  }, 300_000);

  async function served({ id }: Meeting) {
    const { transcriptId, transcript, language } = await driver.load(id);
    const segments = await TranscriptSegment.query(driver.db).where({ transcriptId }).orderBy('ordinal');
    const tasks = await Task.query(driver.db).where({ meetingId: id }).orderBy('id');
    return {
      transcriptId,
      transcript,
      language,
      segments,
      tasks: tasks.map(({ id: taskId, name, evidence, version }) => ({ taskId, name, evidence, version })),
    };
  }
});

const stateOf = async ({ id }: Meeting, requestId: string) =>
  (await Request.query(driver.db).findById([id, requestId]))?.state;

/** Signals as they may come: repeated, colliding, out of order, before the start, after the end, between cancellations. */
const KINDS = { reextract: 'extract', retranscribe: 'transcribe', cancel: 'cancel' } as const;
type Name = keyof typeof KINDS;
type Act =
  | { do: 'signal'; name: Name; requestId: string; instructions?: string }
  | { do: 'nonsense'; name: Name }
  | { do: 'cancel run' | 'start' | 'wait until closed' };
const name = fc.constantFrom<Name>('reextract', 'reextract', 'retranscribe', 'cancel');
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      name,
      requestId: fc.constantFrom('a', 'b', 'c', 'd'),
      instructions: fc.constantFrom('x', 'y'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nonsense' as const), name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel run', 'start', 'wait until closed'),
    }),
  },
);
/** In all; as many as a test run has time for. */
const SEQUENCES = 40;
const AT_ONCE = 8;

describe.each([
  ['closes with its work', 0],
  ['stays open', 600_000],
])('whatever is signalled in whatever order to a run that %s', (_, windowMs) => {
  beforeAll(open(windowMs), 120_000);
  afterAll(close);

  it('every request ends, each id does one thing, and the meeting rests in a legal state', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`signal sequences, seed ${seed}`);
    const sequences = fc.sample(fc.array(act, { minLength: 1, maxLength: 8 }), {
      numRuns: SEQUENCES / 2,
      seed,
    });
    const next = sequences.entries();
    const lane = async () => {
      for (const [number, sequence] of next) {
        await play(sequence).catch((error: unknown) => {
          throw new Error(`seed ${seed}, sequence ${number}: ${JSON.stringify(sequence)}`, { cause: error });
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }, 900_000);

  async function play(sequence: Act[]): Promise<void> {
    // Nothing to do for anybody: only the meeting's own runs count here.
    const meeting = await driver.stored(['Anna: Nice weather today.', 'Ben: It is.']);
    for (const one of sequence) await perform(meeting, one);
    await driver.signalByHand(meeting, 'reextract', { requestId: 'last' });
    const handle = driver.client.workflow.getHandle(pipelineId(meeting.id));
    const rows = await eventually(async () => {
      const asked = await Request.query(driver.db).where({ meetingId: meeting.id });
      expect(asked.filter(({ state }) => state === 'pending' || state === 'running')).toEqual([]);
      expect(asked.map(({ requestId }) => requestId)).toContain('last');
      return asked;
    }, SLOW);
    const first = new Map<string, string>();
    for (const one of sequence) {
      if (one.do === 'signal' && !first.has(one.requestId)) first.set(one.requestId, KINDS[one.name]);
    }
    for (const [requestId, kind] of first) {
      expect(rows.find((row) => row.requestId === requestId)).toMatchObject({ kind });
    }
    const extractions = await extractionsOf(meeting);
    expect(new Set(extractions.map(({ requestId }) => requestId)).size).toBe(extractions.length);
    const rests = extractions.length > 0 ? ['ready'] : ['failed', 'cancelled'];
    await eventually(async () => expect(rests).toContain((await driver.load(meeting.id)).status));
    const { events = [] } = await handle.fetchHistory();
    expect(failedTasks(events!)).toEqual([]);
  }

  async function perform(meeting: Meeting, one: Act): Promise<void> {
    const handle = driver.client.workflow.getHandle(pipelineId(meeting.id));
    if (one.do === 'signal') {
      const { requestId, instructions } = one;
      await driver.signalByHand(meeting, one.name, { requestId, instructions });
    } else if (one.do === 'nonsense') await driver.signalByHand(meeting, one.name, { requestId: 7 });
    else if (one.do === 'start') await driver.signalByHand(meeting, 'reextract', undefined);
    else if (one.do === 'cancel run') await handle.cancel().catch(() => undefined);
    else if (windowMs === 0) await handle.result().catch(() => undefined);
  }
});
