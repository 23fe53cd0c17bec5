import { CancelledFailure } from '@temporalio/common';
import type { Transaction, TransactionOrKnex } from 'objection';
import type { Step } from '../src/domain/meeting';
import { costOf, type Units } from '../src/domain/prices';
import { ProviderCall } from '../src/models/provider-call';
import type { Task } from '../src/models/task';
import { ProviderError } from '../src/provider-error';
import type { ActivityDeps } from './deps';
import { lockMeeting, meetingGone } from './meeting-state';

/** A call as it is known before it is made. */
export interface Call {
  /** null = the task belongs to no meeting. */
  meetingId: string | null;
  requestId: string | null;
  step: Step;
  provider: string;
  model: string | null;
  /** What it is expected to use. */
  units: Units;
}

/** Who answered and what it used. */
type Used = Pick<Call, 'provider' | 'model' | 'units'>;

/**
 * Makes a call to a provider and leaves a row of it, written before the call with the expected cost: a worker that dies
 * in it leaves the row as well, and calls side by side see each other's.
 * @param used - reads out of the result what was used; absent = what was expected
 * @throws ProviderError `cost-limit-reached`, for good, when the call would take its meeting past the cap; then nothing
 * is called; `meeting-gone` when its meeting was deleted: what an erasure does not see begin, never begins. Else what
 * `work` throws.
 */
export async function metered<Result>(
  deps: ActivityDeps,
  call: Call,
  work: () => Promise<Result>,
  used: (result: Result) => Used = () => call,
): Promise<Result> {
  const id = await open(deps, call);
  const startedAt = performance.now();
  const close = (facts: Ending) =>
    closeCall(deps, id, { latencyMs: Math.round(performance.now() - startedAt), ...facts });
  try {
    const result = await work();
    const { provider, model, units } = used(result);
    await close({ outcome: 'ok', model, units, cost: asDecimal(costOf(provider, model, units)) });
    return result;
  } catch (error) {
    await close(endingOf(call, error));
    throw error;
  }
}

/** A call that tells the world of a task. */
export const callForTask = ({ meetingId }: Task, provider: string, units: Units): Call => ({
  meetingId,
  requestId: null,
  step: 'notify',
  provider,
  model: null,
  units,
});

/** Returns the id of the row. */
async function open(deps: ActivityDeps, call: Call): Promise<string> {
  const { db, maxCostPerMeeting: limit = null } = deps;
  const { meetingId, provider, model, units } = call;
  const cost = costOf(provider, model, units);
  const row = { ...call, cost: asDecimal(cost) };
  if (!meetingId || !cost || limit === null) return begin(db, row);
  return ProviderCall.transaction(db, async (trx) => {
    await lockMeeting(trx, meetingId);
    await requireBudget(trx, meetingId, cost, limit);
    return begin(trx, row);
  });
}

async function begin(db: TransactionOrKnex, row: Call & Pick<ProviderCall, 'cost'>): Promise<string> {
  const id = await ProviderCall.begin(db, row);
  if (id === null) throw meetingGone();
  return id;
}

async function requireBudget(
  trx: Transaction,
  meetingId: string,
  cost: number,
  limit: number,
): Promise<void> {
  const row = await ProviderCall.query(trx).where({ meetingId }).sum('cost as spent').first();
  const spent = Number((row as unknown as { spent: string | null }).spent ?? 0);
  if (spent + cost <= limit) return;
  const message =
    `This meeting has cost $${spent.toFixed(4)}; the next call, about $${cost.toFixed(4)}, would pass ` +
    `MAX_COST_PER_MEETING ($${limit}). Raise it and ask again.`;
  throw new ProviderError('cost-limit-reached', message, { retryable: false });
}

type Ending = Partial<Pick<ProviderCall, 'outcome' | 'model' | 'units' | 'cost'>>;

/** What was refused costs nothing, but for what was answered on the way; after anything else it may have been paid. */
function endingOf({ provider, model }: Call, error: unknown): Ending {
  if (isAbort(error)) return { outcome: 'cancelled' };
  if (!(error instanceof ProviderError)) return { outcome: 'internal' };
  const { code: outcome, tokens } = error;
  if (error.outcome === 'unknown' && !tokens) return { outcome };
  const units: Units = tokens ? { inputTokens: tokens.input, outputTokens: tokens.output } : {};
  return { outcome, units, cost: asDecimal(costOf(provider, model, units)) };
}

/** The reason of Temporal's signals, or what a library made of it. */
const isAbort = (error: unknown): boolean =>
  error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');

/** The call has been made, whatever becomes of its row: trouble with it must not make anybody call again. */
async function closeCall({ db, log }: ActivityDeps, id: string, facts: Partial<ProviderCall>): Promise<void> {
  try {
    await ProviderCall.query(db).findById(id).patch(facts);
  } catch (error) {
    log.warn({ err: error, providerCall: id }, 'a call could not be closed in the ledger');
  }
}

/** As the column keeps it. */
const asDecimal = (cost: number | null): string | null => (cost === null ? null : cost.toFixed(6));
