/** What a run is started with, if anything: everything that matters is in Postgres. */
import { RawValue } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { Plan, SignalledRequest, Work } from '../activities/plan-work';
import { viewSteps } from '../src/domain/run-steps';
import { MEETING_OWNER } from '../src/temporal/search-attributes';
import type { FirstRequest } from './messages';
import { decoded } from './undecoded';

/** By the run before it: what that did not come to write down, and what an operator shall read. */
interface Carried {
  signalled: SignalledRequest[];
  notes: string[];
}

/** The input of the next run. */
export const carry = (carried: Carried): RawValue => new RawValue(carried);

/**
 * What the run was given, and what to do first if an upload says that. Only we give a run input: what somebody typed by
 * hand is as good as none.
 */
export function readGiven(input: unknown, meetingId: string): Carried & { planned: Plan | null } {
  const { signalled, notes, first } = (decoded(input) ?? {}) as Partial<Carried & { first: FirstRequest }>;
  const carried =
    Array.isArray(signalled) && Array.isArray(notes) ? { signalled, notes } : { signalled: [], notes: [] };
  const ownerId = workflowInfo().typedSearchAttributes.get(MEETING_OWNER);
  const planned = ownerId && isFirst(first) ? firstPlan({ meetingId, ownerId, ...first }) : null;
  return { ...carried, planned };
}

const isFirst = (first: Partial<FirstRequest> | undefined): first is FirstRequest =>
  typeof first?.requestId === 'string' && (first.kind === 'transcribe' || first.kind === 'extract');

/** What `planWork` would find: the meeting is new, and its first request was taken when it was stored. */
function firstPlan({ ownerId, ...work }: Work & Pick<Plan, 'ownerId'>): Plan {
  const stored = { status: 'queued', failure: null } as const;
  const steps = viewSteps({ ...stored, steps: {}, hasMedia: work.kind === 'transcribe' });
  return { ...stored, work, ownerId, steps, windowMs: 0, refused: [] };
}
