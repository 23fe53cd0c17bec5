import { raw, type PartialModelObject, type Transaction } from 'objection';
import { insist } from '../src/db/insist';
import type { JudgedItems } from '../src/domain/judged';
import { reconcileFindings, reconcileTasks } from '../src/domain/reconcile';
import { failpoint } from '../src/failpoint';
import { Decision } from '../src/models/decision';
import { Extraction, type DiffEntry, type ExtractionChanges } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import type { NewEvent } from '../src/models/meeting-event';
import { Question } from '../src/models/question';
import { ProviderError } from '../src/provider-error';
import { writeFindings, writeTasks } from './apply-changes';
import type { ActivityDeps } from './deps';
import { lockTasks } from './locked-tasks';
import { lockForWork, lockUnlessDone, meetingGone, setStatus } from './meeting-state';
import type { Work } from './plan-work';

/** What was found, before it is a row. */
export type NewDraft = Omit<PartialModelObject<Extraction>, 'state' | 'version'>;

/**
 * Makes the items of this request's extraction the meeting's, as far as people have not decided otherwise: one
 * transaction, in which the meeting and its tasks are locked. What changed is kept with the extraction as its diff.
 * @param found - absent = the draft is a row already. What was found was paid for: when it can't be made items, it is
 * kept as a draft for the next attempt. A worker that dies here takes it along.
 */
export async function applyExtraction(
  deps: ActivityDeps,
  work: Work,
  found: NewDraft | null = null,
): Promise<void> {
  try {
    await Meeting.transaction(deps.db, (trx) => apply(trx, work, found));
  } catch (error) {
    if (found && !(error instanceof ProviderError)) await keep(deps, work, found).catch(() => undefined);
    throw error;
  }
  await failpoint('results-saved');
}

/** Tried for a while: Postgres may have broken off. Nothing is written when the work is over or its meeting gone. */
async function keep(deps: ActivityDeps, work: Work, found: NewDraft): Promise<void> {
  const write = () =>
    Meeting.transaction(deps.db, async (trx) => {
      await lockForWork(trx, work);
      await save(trx, found);
    }).catch((error: unknown) => {
      if (!(error instanceof ProviderError)) throw error;
    });
  const facts = { meeting: work.meetingId };
  await insist(write, (err) =>
    deps.log.warn({ err, ...facts }, 'what was found could not be kept; trying again'),
  );
}

async function apply(trx: Transaction, work: Work, found: NewDraft | null): Promise<void> {
  const locked = await lockUnlessDone(trx, work);
  // Another attempt was faster, and has come to the end.
  if (!locked) return;
  const { meeting } = locked;
  const draft = (found && (await save(trx, found))) ?? (await findDraft(trx, work));
  if (!draft) throw meetingGone();
  if (draft.state === 'applied' || !draft.items) return;
  const diff = await applyItems(trx, meeting, draft, draft.items);
  const before = await complete(trx, draft, draft.items, diff);
  await setStatus(trx, meeting, 'notifying', { attempt: 1, before });
}

/** With the version of the extraction that is served now, 0 when there is none. */
type Draft = Extraction & { served: number };

const served = (meetingId: string) =>
  raw(
    `(select coalesce(max(version), 0) from extractions where meeting_id = ? and state = 'applied') as served`,
    [meetingId],
  );

/** null = it was there already: of two workers that have read at once the first is right. */
async function save(trx: Transaction, found: NewDraft): Promise<Draft | null> {
  const saved = await Extraction.query(trx)
    .insert(found)
    .onConflict(['meeting_id', 'request_id'])
    .ignore()
    .returning(['*', served(found.meetingId as string)]);
  return saved?.id ? (saved as Draft) : null;
}

const findDraft = async (trx: Transaction, { meetingId, requestId }: Work): Promise<Draft | undefined> =>
  (await Extraction.query(trx).findOne({ meetingId, requestId }).select('*', served(meetingId))) as
    Draft | undefined;

/** What a reading with gaps did not find may stand in a gap: it removes nothing. */
const readWhole = ({ coverage }: Extraction): boolean => coverage >= 1;

async function applyItems(
  trx: Transaction,
  meeting: Meeting,
  draft: Draft,
  items: JudgedItems,
): Promise<DiffEntry[]> {
  const whole = readWhole(draft);
  const { tasks, told } = await lockTasks(trx, meeting.id);
  const earlier = tasks.map((task) => ({ ...task, told: told.has(task.id) }));
  const taskChanges = reconcileTasks(earlier, items.tasks, { whole, timezone: meeting.timezone });
  const decisions = await earlierRows(trx, draft, Decision);
  const questions = await earlierRows(trx, draft, Question);
  return [
    ...(await writeTasks(trx, draft, tasks, taskChanges)),
    ...(await writeFindings(
      trx,
      draft,
      'decision',
      decisions,
      reconcileFindings(decisions, items.decisions, whole),
    )),
    ...(await writeFindings(
      trx,
      draft,
      'question',
      questions,
      reconcileFindings(questions, items.questions, whole),
    )),
  ];
}

/** Before the first extraction there are none. */
async function earlierRows<M extends typeof Decision | typeof Question>(
  trx: Transaction,
  { served, meetingId }: Draft,
  model: M,
): Promise<InstanceType<M>[]> {
  return served === 0 ? [] : ((await model.query(trx).where({ meetingId })) as InstanceType<M>[]);
}

/** Returns what whoever watches is told of it. */
async function complete(
  trx: Transaction,
  draft: Draft,
  items: JudgedItems,
  diff: DiffEntry[],
): Promise<NewEvent[]> {
  const version = draft.served + 1;
  const counts = {
    actionItems: items.tasks.length,
    decisions: items.decisions.length,
    questions: items.questions.length,
  };
  await Extraction.query(trx)
    .findById(draft.id)
    .patch({ state: 'applied', version, items: null, counts, changes: countChanges(diff), diff });
  const ofTasks = diff.filter(isNews).map(({ id: taskId, change }) => ({
    type: 'task' as const,
    data: { taskId, change: change === 'kept' ? 'updated' : change },
  }));
  return [...ofTasks, { type: 'extraction', data: { version, counts } }];
}

function countChanges(diff: DiffEntry[]): ExtractionChanges {
  const count = (change: DiffEntry['change']) => diff.filter((entry) => entry.change === change).length;
  return { added: count('added'), updated: count('updated'), removed: count('removed'), kept: count('kept') };
}

const versionOf = (row: object | null): number | undefined => (row as { version?: number } | null)?.version;

/** Whoever watches is told of tasks that are different now. */
const isNews = ({ kind, before, after }: DiffEntry): boolean =>
  kind === 'task' && versionOf(before) !== versionOf(after);
