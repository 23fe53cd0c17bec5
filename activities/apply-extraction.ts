import { raw, type Transaction } from 'objection';
import type { JudgedItems, JudgedTask } from '../src/domain/judged';
import { fingerprint, reconcile, type EarlierTask, type TaskChanges } from '../src/domain/reconcile';
import { failpoint } from '../src/failpoint';
import { Decision } from '../src/models/decision';
import { Delivery } from '../src/models/delivery';
import { Extraction } from '../src/models/extraction';
import { Meeting } from '../src/models/meeting';
import { MeetingEvent } from '../src/models/meeting-event';
import { Question } from '../src/models/question';
import { Task } from '../src/models/task';
import type { ActivityDeps } from './deps';
import { lockMeeting, meetingGone } from './meeting-state';
import type { Work } from './plan-work';

/**
 * Makes the items of this request's extraction the meeting's: one transaction. Tasks that a person touched stay as they
 * are; decisions and questions, which nobody edits, are those of the newest reading. A reading that left something out
 * only adds and updates.
 */
export async function applyExtraction(deps: ActivityDeps, work: Work): Promise<void> {
  await Meeting.transaction(deps.db, async (trx) => {
    const meeting = await lockMeeting(trx, work.meetingId);
    const draft = await Extraction.query(trx).findOne({ meetingId: meeting.id, requestId: work.requestId });
    if (!draft) throw meetingGone();
    if (draft.state === 'applied' || !draft.items) return;
    await replaceFindings(trx, draft, draft.items);
    const found = reconcile(await earlierTasks(trx, meeting.id), draft.items.tasks);
    const changes = readWhole(draft) ? found : withoutRemovals(found);
    await applyToTasks(trx, meeting, draft, changes);
    await completeDraft(trx, draft, draft.items, changes);
  });
  await failpoint('results-saved');
}

/** What a reading with gaps did not find may stand in a gap: it removes nothing. */
const readWhole = ({ coverage }: Extraction): boolean => coverage >= 1;

const withoutRemovals = (changes: TaskChanges): TaskChanges => ({
  ...changes,
  keep: [...changes.keep, ...changes.remove],
  remove: [],
});

async function replaceFindings(trx: Transaction, draft: Extraction, items: JudgedItems): Promise<void> {
  const { meetingId } = draft;
  const row = (item: { text: string }, position: number) => ({
    ...item,
    position,
    meetingId,
    extractionId: draft.id,
    fingerprint: fingerprint(item.text),
  });
  const decisions = Decision.query(trx).where({ meetingId }).delete();
  const questions = Question.query(trx).where({ meetingId }).delete();
  await (readWhole(draft) ? decisions : decisions.whereIn('fingerprint', fingerprints(items.decisions)));
  await (readWhole(draft) ? questions : questions.whereIn('fingerprint', fingerprints(items.questions)));
  if (items.decisions.length > 0) await Decision.query(trx).insert(items.decisions.map(row));
  if (items.questions.length > 0) await Question.query(trx).insert(items.questions.map(row));
}

const fingerprints = (items: { text: string }[]): string[] => items.map(({ text }) => fingerprint(text));

async function earlierTasks(trx: Transaction, meetingId: string): Promise<EarlierTask[]> {
  const tasks = await Task.query(trx).where({ meetingId, origin: 'ai' }).forUpdate();
  const told = await Delivery.query(trx)
    .whereIn('task_id', Task.query(trx).where({ meetingId }).select('id'))
    .distinct('task_id');
  const toldIds = new Set(told.map(({ taskId }) => taskId));
  return tasks.map((task) => ({
    id: task.id,
    fingerprint: task.fingerprint,
    touched: isTouched(task) || toldIds.has(task.id),
  }));
}

const isTouched = (task: Task) =>
  task.editedFields.length > 0 || task.deletedAt !== null || task.status !== 'open';

async function applyToTasks(
  trx: Transaction,
  meeting: Meeting,
  draft: Extraction,
  changes: TaskChanges,
): Promise<void> {
  const tell = (taskId: string, change: string) =>
    MeetingEvent.append(trx, meeting.id, 'task', { taskId, change });
  for (const found of changes.add) {
    const fields = {
      ...taskFields(found, meeting),
      meetingId: meeting.id,
      extractionId: draft.id,
      origin: 'ai' as const,
    };
    await tell((await Task.query(trx).insert(fields)).id, 'added');
  }
  for (const { id, task } of changes.update) {
    const fields = { ...taskFields(task, meeting), extractionId: draft.id, updatedAt: new Date() };
    await Task.query(trx)
      .findById(id)
      .patch({ ...fields, version: raw('version + 1') });
    await tell(id, 'updated');
  }
  for (const id of changes.remove) {
    await Task.query(trx).deleteById(id);
    await tell(id, 'removed');
  }
}

function taskFields(task: JudgedTask, meeting: Meeting) {
  const { deadline } = task;
  return {
    name: task.name,
    ownerId: task.ownerUserId,
    ownerText: task.ownerText,
    deadlineDate: deadline && 'date' in deadline ? deadline.date : null,
    deadlineAt: deadline && 'at' in deadline ? new Date(deadline.at) : null,
    deadlineTimezone: deadline && meeting.timezone,
    deadlineText: task.deadlineText,
    category: task.category,
    needsReview: task.needsReview,
    agreed: task.agreed,
    evidence: task.evidence,
    fingerprint: fingerprint(task.name),
  };
}

async function completeDraft(
  trx: Transaction,
  draft: Extraction,
  items: JudgedItems,
  changes: TaskChanges,
): Promise<void> {
  const { meetingId } = draft;
  const newest = await Extraction.query(trx)
    .where({ meetingId, state: 'applied' })
    .orderBy('version', 'desc')
    .first();
  const version = (newest?.version ?? 0) + 1;
  const counts = {
    actionItems: items.tasks.length,
    decisions: items.decisions.length,
    questions: items.questions.length,
  };
  const { add, update, remove, keep } = changes;
  await Extraction.query(trx)
    .findById(draft.id)
    .patch({
      state: 'applied',
      version,
      items: null,
      counts,
      changes: { added: add.length, updated: update.length, removed: remove.length, kept: keep.length },
    });
  await MeetingEvent.append(trx, meetingId, 'extraction', { version, counts });
}
