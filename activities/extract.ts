import { Context } from '@temporalio/activity';
import { judgeDecision, judgeQuestion, judgeTask } from '../src/domain/judge';
import type { JudgedItems } from '../src/domain/judged';
import type { MeetingClock, Segment } from '../src/domain/meeting';
import { speakerName } from '../src/domain/plain-transcript';
import { expectedTokens } from '../src/domain/prices';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { participantsOf } from '../src/models/participants';
import { Transcript, TranscriptSegment } from '../src/models/transcript';
import type { ExtractionInput, ExtractionOutput } from '../src/ports';
import { ProviderError } from '../src/provider-error';
import { applyExtraction, type NewDraft } from './apply-extraction';
import type { ActivityDeps } from './deps';
import { handOverTasks } from './hand-over';
import { withHeartbeat } from './heartbeat';
import { lockUnlessDone, setStatus, type Locked } from './meeting-state';
import { metered, type Call } from './metered';
import type { Plan, Work } from './plan-work';

/**
 * Reads the meeting's transcript, saves what was found, judged, under this request (what is saved is never asked for
 * again), makes it the meeting's items, and hands the tasks over. Fails for good with `no-transcript`. Returns what is
 * open then; null = the tasks could not be handed over: `handOver` tries until they are.
 */
export async function extract(deps: ActivityDeps, work: Work): Promise<Plan | null> {
  const reading = await readTranscript(deps, work);
  if (reading) await withHeartbeat({ phase: 'saving' }, () => applyExtraction(deps, work, reading.found));
  try {
    return await handOverTasks(deps, work);
  } catch (err) {
    deps.log.warn({ err, meeting: work.meetingId }, 'tasks were not handed over at once; trying again');
    return null;
  }
}

/**
 * Returns what was found, which is null when an attempt before has saved it; or null when that attempt has come to the
 * end, and only its report was lost.
 */
async function readTranscript(deps: ActivityDeps, work: Work): Promise<{ found: NewDraft | null } | null> {
  const { meetingId, requestId } = work;
  const begun = await Meeting.transaction(deps.db, async (trx) => {
    const locked = await lockUnlessDone(trx, work);
    if (!locked) return null;
    const saved = await Extraction.query(trx).findOne({ meetingId, requestId }).select('state');
    if (saved?.state !== 'applied') await setStatus(trx, locked.meeting, 'extracting');
    return { locked, saved };
  });
  if (!begun) return null;
  if (begun.saved) return { found: null };
  const reading = await whatToRead(deps, begun.locked);
  const found = await withHeartbeat(
    { phase: 'reading', segments: reading.input.segments.length },
    (_, signal) => read(deps, work, reading.input, signal),
  );
  return { found: draftOf(reading, found) };
}

function read(
  deps: ActivityDeps,
  { meetingId, requestId }: Work,
  input: ExtractionInput,
  signal: AbortSignal,
): Promise<ExtractionOutput> {
  const { extractor } = deps.providers;
  const { provider, model = null } = extractor;
  const units = expectedTokens(input.segments);
  const call: Call = { meetingId, requestId, step: 'extract', provider, model, units };
  const used = ({ tokens, ...by }: ExtractionOutput) => ({
    provider: by.provider,
    model: by.model,
    units: tokens ? { inputTokens: tokens.input, outputTokens: tokens.output } : {},
  });
  const { attempt } = Context.current().info;
  signal.throwIfAborted();
  return metered(deps, call, () => extractor.extract(input, { signal, attempt }), used);
}

interface Reading {
  transcriptId: string;
  request: Locked['request'];
  input: ExtractionInput;
}

async function whatToRead(deps: ActivityDeps, { meeting, request }: Locked): Promise<Reading> {
  const transcript = meeting.transcriptId && (await Transcript.query(deps.db).findById(meeting.transcriptId));
  if (!transcript) {
    throw new ProviderError('no-transcript', 'There is no transcript to read; transcribe first.', {
      retryable: false,
    });
  }
  return {
    transcriptId: transcript.id,
    request,
    input: {
      segments: await shownSegments(deps, transcript),
      participants: await participantsOf(deps.db, meeting.id),
      clock: clockOf(meeting),
      instructions: request.instructions,
    },
  };
}

const clockOf = (meeting: Meeting): MeetingClock => ({
  recordedAt: meeting.recordedAt.toISOString(),
  timezone: meeting.timezone,
});

/** The segments as people read them: with the speakers' names where they are known. */
async function shownSegments(deps: ActivityDeps, transcript: Transcript): Promise<Segment[]> {
  const rows = await TranscriptSegment.query(deps.db)
    .select(TranscriptSegment.columns)
    .where({ transcriptId: transcript.id })
    .orderBy('ordinal');
  return rows.map(({ id, speaker, startMs, endMs, text, confidence }) => ({
    id,
    speaker: speakerName(speaker, transcript.speakers),
    startMs,
    endMs,
    text,
    confidence,
  }));
}

function judge(found: ExtractionOutput, input: ExtractionInput): JudgedItems {
  const { segments, participants, clock } = input;
  const of = (task: ExtractionOutput['tasks'][number]) => judgeTask(task, { segments, participants, clock });
  return {
    tasks: found.tasks.map(of),
    decisions: found.decisions.map((decision) => judgeDecision(decision, segments)),
    questions: found.questions.map((question) => judgeQuestion(question, segments)),
  };
}

function draftOf({ transcriptId, request, input }: Reading, found: ExtractionOutput): NewDraft {
  const { meetingId, requestId, instructions, requestedBy } = request;
  const { provider, model, quality, promptVersion, coverage, tokens } = found;
  return {
    meetingId,
    requestId,
    transcriptId,
    items: judge(found, input),
    instructions,
    requestedBy,
    inputTokens: tokens?.input ?? null,
    outputTokens: tokens?.output ?? null,
    provider,
    model,
    quality,
    promptVersion,
    coverage,
  };
}
