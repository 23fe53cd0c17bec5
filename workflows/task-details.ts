/** What an operator reads on the page of a task's run, as Markdown: what the world was told, and what comes next. */
import type { Left } from '../activities/deliver';
import type { Told } from '../activities/finish-task';
import type { TaskPlan } from '../activities/plan-task';
import { remedyFor } from '../src/domain/remedies';

const CHANNELS = { email: 'mail', calendar: 'calendar entry' } as const;

const WHERE_TO_LOOK = 'Is it slow? **Pending Activities** shows why, and when it is tried again.';

/** While all is tried for the first time. */
export const underWay = ({ mails, calendar }: Pick<TaskPlan, 'mails' | 'calendar'>): string =>
  `## telling the world: ${amount(mails.length, calendar)}\n\n${WHERE_TO_LOOK}`;

/** While what failed then is tried again. */
export function triedAgain(left: Left[]): string {
  const mails = left.filter(({ mail }) => mail !== null).length;
  const codes = [...new Set(left.map(({ failed }) => failed.code))].join(', ');
  return `## NOT yet delivered: ${amount(mails, mails < left.length)} (${codes})\n\n${WHERE_TO_LOOK}`;
}

const amount = (mails: number, calendar: boolean): string =>
  [`mails: ${mails}`, ...(calendar ? ['the calendar entry'] : [])].join(', ');

/** Between changes. `told` = newest first; runs that are older than this page have recorded no such answer. */
export function taskDetails(told: Told[] | undefined, remindAtMs: number | null): string {
  if (!Array.isArray(told)) return '';
  const failed = told.filter(({ state }) => state === 'failed' || state === 'unknown');
  const reminder = remindAtMs === null ? 'none is to come' : new Date(remindAtMs).toISOString();
  const parts = [
    `## ${failed.length > 0 ? `NOT all delivered: ${codesOf(failed)}` : 'in step with the task'}`,
    ...(told.length > 0 ? [table(told)] : ['Nobody was told of this task.']),
    `**Next reminder:** ${reminder}`,
  ];
  return parts.join('\n\n');
}

const codesOf = (failed: Told[]): string =>
  [...new Set(failed.map(({ code, state }) => code ?? state))].join(', ');

function table(told: Told[]): string {
  const rows = told.map(({ channel, kind, state, code }) => {
    const what = kind === 'reminder' ? 'reminder by mail' : CHANNELS[channel];
    return `| ${what} | ${state} | ${code ?? ''} | ${code ? remedyFor(code) : ''} |`;
  });
  return ['| what | state | code | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
