import { raw, type Transaction } from 'objection';
import type { JudgedItems } from '../src/domain/judged';
import { reconcileFindings, reconcileTasks } from '../src/domain/reconcile';
import { failpoint } from '../src/failpoint';
import { Decision } from '../src/models/decision';
import { Extraction, type DiffEntry, type ExtractionChanges } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Question } from '../src/models/question';
import { writeFindings, writeTasks } from './apply-changes';
import type { ActivityDeps } from './deps';
import { lockTasks } from './locked-tasks';
import { lockForWork, meetingGone } from './meeting-state';
import type { Work } from './plan-work';

/**
 * Makes the items of this request's extraction the meeting's, as far as people have not decided otherwise: one
 * transaction, in which the meeting and its tasks are locked. What changed is kept with the extraction as its diff.
 */
export async function applyExtraction(deps: ActivityDeps, work: Work): Promise<void> {
  await Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockForWork(trx, work);
    const draft = await findDraft(trx, work);
    if (!draft) throw meetingGone();
    if (draft.state === 'applied' || !draft.items) return;
    const diff = await applyItems(trx, meeting, draft, draft.items);
    await complete(trx, draft, draft.items, diff);
  });
  await failpoint('results-saved');
}

/** With the version of the extraction that is served now, 0 when there is none. */
type Draft = Extraction & { served: number };

const findDraft = async (trx: Transaction, { meetingId, requestId }: Work): Promise<Draft | undefined> =>
  (await Extraction.query(trx)
    .findOne({ meetingId, requestId })
    .select('*', raw(`(${SERVED}) as served`, [meetingId]))) as Draft | undefined;

const SERVED = `select coalesce(max(version), 0) from extractions where meeting_id = ? and state = 'applied'`;

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

async function complete(
  trx: Transaction,
  draft: Draft,
  items: JudgedItems,
  diff: DiffEntry[],
): Promise<void> {
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
  await MeetingEvent.appendAll(trx, draft.meetingId, [
    ...ofTasks,
    { type: 'extraction', data: { version, counts } },
  ]);
}

function countChanges(diff: DiffEntry[]): ExtractionChanges {
  const count = (change: DiffEntry['change']) => diff.filter((entry) => entry.change === change).length;
  return { added: count('added'), updated: count('updated'), removed: count('removed'), kept: count('kept') };
}

const versionOf = (row: object | null): number | undefined => (row as { version?: number } | null)?.version;

/** Whoever watches is told of tasks that are different now. */
const isNews = ({ kind, before, after }: DiffEntry): boolean =>
  kind === 'task' && versionOf(before) !== versionOf(after);
