import type { JudgedTask } from '../judged';
import type { ItemChange } from './change';
import { likeness } from './likeness';
import { bestMatches, eachOnce, type Earlier, type Found } from './match';
import { matterOf } from './matter';
import { followReading, markVanished, taskFields, type EarlierTask, type TaskFields } from './task-fields';

/** How an extraction was made, as far as applying it depends on it. */
interface Reading {
  /** It left nothing out; only then does what it did not find go. */
  whole: boolean;
  /** The meeting's. */
  timezone: string;
}

type TaskChange = ItemChange<TaskFields>;
type OldTask = Earlier & { task: EarlierTask };
type ReadTask = Found & { fields: TaskFields };

/**
 * Compares a new reading with the meeting's tasks. What a person edited stays, finished stays finished, deleted stays
 * deleted, what people wrote is not touched; a found item that is one of those is no second one. A task that was not
 * found again goes, unless a person had a hand in it or somebody was told of it: then it stays, to be reviewed.
 */
export function reconcileTasks(
  earlier: readonly EarlierTask[],
  found: readonly JudgedTask[],
  reading: Reading,
): TaskChange[] {
  const old = earlier.map(asOld);
  const asked = found.map((task) => asRead(task, reading.timezone));
  const read = eachOnce(asked, saysLess, dueApart);
  const matches = bestMatches(old, read);
  const matched = new Set(matches.values());
  const changes = read.flatMap((item): TaskChange[] => {
    const match = matches.get(item);
    if (match) return followed(match.task, item.fields);
    return isTaken(item, old) ? [] : [{ change: 'added', fields: item.fields }];
  });
  const vanished = old.filter((item) => !matched.has(item)).flatMap(({ task }) => gone(task, reading.whole));
  return [...changes, ...vanished];
}

const DELETED = 2;
const HUMAN = 1;
const FOUND_BY_US = 0;

function asOld(task: EarlierTask): OldTask {
  const { id, origin, editedFields, ownerId, ownerText, evidence } = task;
  const ofPerson = origin === 'human' || editedFields.includes('owner');
  const rank = task.deletedAt ? DELETED : origin === 'human' ? HUMAN : FOUND_BY_US;
  const names = task.fingerprint === null ? [task.name] : [task.fingerprint, task.name];
  const owner = ofPerson ? null : { id: ownerId, text: ownerText };
  return { id, rank, matter: matterOf(names, owner, evidence), task };
}

function asRead(task: JudgedTask, timezone: string): ReadTask {
  const fields = taskFields(task, timezone);
  const owner = { id: task.ownerUserId, text: task.ownerText };
  return { key: JSON.stringify(fields), matter: matterOf([task.name], owner, task.evidence), fields };
}

/** Of two that are one task, the one with owner and deadline is kept. */
const saysLess = ({ fields }: ReadTask): number =>
  Number(fields.ownerText === null) + Number(fields.deadlineText === null);

/** Something is to be done twice when it is to be done at two times. */
const dueApart = ({ fields: one }: ReadTask, { fields: other }: ReadTask): boolean =>
  one.deadlineText !== null &&
  other.deadlineText !== null &&
  (one.deadlineDate !== other.deadlineDate || Number(one.deadlineAt) !== Number(other.deadlineAt));

/**
 * A second item that is like a deleted one must not bring it back, and one that is like what a person wrote must not
 * stand beside it.
 */
const isTaken = (item: ReadTask, old: OldTask[]): boolean =>
  old.some(({ rank, matter }) => rank !== FOUND_BY_US && likeness(matter, item.matter) > 0);

function followed(task: EarlierTask, read: TaskFields): TaskChange[] {
  if (task.deletedAt) return [];
  const fields = followReading(task, read);
  const seen = isSeen(fields);
  return [{ change: seen ? 'updated' : 'kept', id: task.id, fields }];
}

/** The words for matching are nothing that people see; everything else makes a new version. */
export const isSeen = (fields: Partial<TaskFields>): boolean =>
  Object.keys(fields).some((field) => field !== 'fingerprint');

function gone(task: EarlierTask, whole: boolean): TaskChange[] {
  if (task.deletedAt || task.origin === 'human') return [];
  const { id } = task;
  if (!whole) return [{ change: 'kept', id, fields: {} }];
  const touched = task.editedFields.length > 0 || task.status !== 'open' || task.told;
  return [touched ? { change: 'kept', id, fields: markVanished(task) } : { change: 'removed', id }];
}
