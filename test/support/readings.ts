/** Tasks as earlier readings left them and as a new one finds them; for tests of reconciling. */
import { randomUUID } from 'node:crypto';
import type { JudgedTask } from '../../src/domain/judged';
import type { Evidence } from '../../src/domain/meeting';
import {
  reconcileTasks,
  type EarlierTask,
  type ItemChange,
  type TaskFields,
} from '../../src/domain/reconcile';
import { fingerprint } from '../../src/domain/reconcile/matter';

/** A quote from segment number `n`, ten seconds each. */
export const evidenceOf = (n: number, quote: string): Evidence[] => [
  { segmentId: `segment-${n}`, startMs: n * 10_000, endMs: n * 10_000 + 9000, speaker: null, quote },
];

export const found = (name: string, fields: Partial<JudgedTask> = {}): JudgedTask => ({
  name,
  ownerUserId: null,
  ownerText: null,
  deadline: null,
  deadlineText: null,
  category: null,
  needsReview: false,
  agreed: false,
  evidence: [],
  ...fields,
});

export const oldTask = (name: string, columns: Partial<EarlierTask> = {}): EarlierTask => ({
  id: randomUUID(),
  name,
  ownerId: null,
  ownerText: null,
  deadlineDate: null,
  deadlineAt: null,
  deadlineTimezone: null,
  deadlineText: null,
  category: null,
  needsReview: false,
  agreed: false,
  evidence: [],
  fingerprint: fingerprint(name),
  origin: 'ai',
  status: 'open',
  editedFields: [],
  deletedAt: null,
  told: false,
  ...columns,
});

/** What the tasks are after these changes, in the order of the changes' ids. */
export function applied(tasks: EarlierTask[], changes: ItemChange<TaskFields>[]): EarlierTask[] {
  const after = new Map(tasks.map((task) => [task.id, task]));
  for (const change of changes) {
    if (change.change === 'added') {
      const task = oldTask(change.fields.name, change.fields);
      after.set(task.id, task);
    } else if (change.change === 'removed') after.delete(change.id);
    else after.set(change.id, { ...after.get(change.id)!, ...change.fields });
  }
  return [...after.values()];
}

/** One task, read again. */
export function readAgain(
  task: EarlierTask,
  answer: JudgedTask[],
): { task: EarlierTask; all: EarlierTask[] } {
  const all = applied([task], reconcileTasks([task], answer, { whole: true, timezone: 'UTC' }));
  return { task: all.find(({ id }) => id === task.id)!, all };
}
