import type { Transaction } from 'objection';
import { hasDeadline, isOpen, WITHDRAWN } from '../src/domain/delivery';
import { CalendarEventRow } from '../src/models/calendar-event';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { taskInContext, type TaskInContext } from '../src/models/task-in-context';
import type { ActivityDeps } from './deps';
import { planReminder } from './plan-reminder';

export interface TaskPlan {
  /** The row's version that this plan is for. */
  version: number;
  /** Deliveries by mail that wait to be sent: the oldest, so that a run's history stays short. */
  mails: string[];
  /** There are more of them. */
  more: boolean;
  /** The calendar must be made to match. */
  calendar: boolean;
  /** Deliveries to a calendar that wait for it. */
  entries: string[];
  /** Unix time of the reminder; null = none is to come. */
  remindAtMs: number | null;
}

const MAILS_PER_PLAN = 8;
const NOTHING: TaskPlan = {
  version: 0,
  mails: [],
  more: false,
  calendar: false,
  entries: [],
  remindAtMs: null,
};

/**
 * Decides what the world must learn of a task. It enters the world by itself only when everything speaks for it: the
 * meeting notifies automatically, the owner is known and agrees in the cited words, nothing waits for review; and then
 * once per owner. Otherwise a person's `POST /notify` has put rows in the ledger.
 * @param input.nowMs - the workflow's time: what is due is decided by one clock
 */
export async function planTask(
  deps: ActivityDeps,
  { taskId, nowMs }: { taskId: string; nowMs: number },
): Promise<TaskPlan> {
  return Task.transaction(deps.db, async (trx) => {
    const found = await taskInContext(trx, taskId, { lock: true });
    if (!found) return NOTHING;
    const { task } = found;
    const ledger = await Delivery.query(trx).where({ taskId }).orderBy(['created_at', 'id']);
    if (entersByItself(found)) ledger.push(...(await enter(trx, task, ledger)));
    const { remindAt, order } = await planReminder(trx, { ...found, ledger, now: new Date(nowMs) });
    if (order) ledger.push(order);
    const waiting = ledger.filter(({ state }) => state === 'pending' || state === 'sending');
    const on = (channel: Delivery['channel']) =>
      waiting.filter((delivery) => delivery.channel === channel).map(({ id }) => id);
    const mails = on('email');
    return {
      version: task.version,
      mails: mails.slice(0, MAILS_PER_PLAN),
      more: mails.length > MAILS_PER_PLAN,
      // From its first notification on, a task's calendar entry follows every change.
      calendar: ledger.some(({ channel }) => channel === 'calendar') || (await hasEntry(trx, taskId)),
      entries: on('calendar'),
      remindAtMs: remindAt?.getTime() ?? null,
    };
  });
}

function entersByItself({ task, meeting }: TaskInContext): boolean {
  if (!isOpen(task) || !task.ownerId || !task.agreed || task.needsReview) return false;
  return meeting?.notify === 'auto' && meeting.deletedAt === null;
}

/**
 * Once per owner and channel, whatever the version: a mail for a changed task is a person's wish, not ours. Returns what
 * was ordered.
 */
async function enter(trx: Transaction, task: Task, ledger: Delivery[]): Promise<Delivery[]> {
  const { id: taskId, ownerId: userId, version: taskVersion } = task;
  const told = ledger.filter(
    (line) => line.userId === userId && line.kind === 'assigned' && !isWithdrawn(line),
  );
  const toldOn = new Set(told.map(({ channel }) => channel));
  const channels = (['email', 'calendar'] as const).filter((channel) => !toldOn.has(channel));
  const wanted = channels.filter((channel) => channel === 'email' || hasDeadline(task));
  if (wanted.length === 0) return [];
  return Delivery.query(trx)
    .insert(wanted.map((channel) => ({ taskId, userId, kind: 'assigned' as const, channel, taskVersion })))
    .onConflict() // that very version was withdrawn: no change of the task has brought it back
    .ignore()
    .returning('*');
}

/** It never was on its way: the task had changed before. */
const isWithdrawn = ({ state, error }: Delivery): boolean =>
  state === 'failed' && WITHDRAWN.includes(error?.code ?? '');

const hasEntry = async (trx: Transaction, taskId: string): Promise<boolean> =>
  (await CalendarEventRow.query(trx).findOne({ taskId }).whereNull('removed_at').select('id')) !== undefined;
