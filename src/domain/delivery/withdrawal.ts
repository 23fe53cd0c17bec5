import { reminderOf } from './reminder';
import type { Due } from './deadline-words';

/** A line of the ledger that waits; a `Delivery` row is one. */
export interface Waiting {
  kind: 'assigned' | 'reminder';
  userId: string | null;
  /** The deadline that a reminder is for. */
  deadline: string | null;
  /** null = nobody ordered it: it goes out by itself. */
  requestedBy: string | null;
}

/** A `Task` row is one. */
export interface Standing extends Omit<Due, 'deadlineText'> {
  ownerId: string | null;
  status: string;
  needsReview: boolean;
  deletedAt: Date | null;
}

export interface Reason {
  code: string;
  message: string;
}

const REASONS = {
  'owner-changed': 'The task was given to somebody else before this could go out.',
  'task-closed': 'The task was done or cancelled before this could go out.',
  'task-needs-review': 'The task went back to review before this could go out.',
  'deadline-moved': 'The deadline was moved before this reminder could go out.',
  'deadline-over': 'The deadline was over before this reminder could go out.',
};

/** Of mails that nobody has got: they may be ordered again when the task is what it was. */
export const WITHDRAWN = Object.keys(REASONS);

const because = (code: keyof typeof REASONS): Reason => ({ code, message: REASONS[code] });

/** Work is still to be done, as far as the row says. */
export const hasDeadline = ({ deadlineDate, deadlineAt }: Pick<Standing, 'deadlineDate' | 'deadlineAt'>) =>
  deadlineDate !== null || deadlineAt !== null;

export const isOpen = ({ deletedAt, status }: Pick<Standing, 'deletedAt' | 'status'>): boolean =>
  deletedAt === null && ['open', 'in_progress'].includes(status);

/**
 * Why a mail must not go out any more: between order and sending the task may have changed; null = it may. What a
 * person ordered goes out whatever the task's status is, but to nobody else.
 */
export function whyWithdrawn(mail: Waiting, task: Standing, now: Date): Reason | null {
  if (mail.userId !== task.ownerId) return because('owner-changed');
  if (mail.requestedBy !== null) return null;
  if (!isOpen(task)) return because('task-closed');
  if (task.needsReview) return because('task-needs-review');
  return mail.kind === 'reminder' ? whyNotReminded(mail, task, now) : null;
}

function whyNotReminded({ deadline }: Waiting, task: Standing, now: Date): Reason | null {
  const reminder = reminderOf(task, 'UTC'); // the zone of its owner has no part in what and until when
  if (reminder?.deadline !== deadline) return because('deadline-moved');
  return reminder && reminder.until <= now ? because('deadline-over') : null;
}
