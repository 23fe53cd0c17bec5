import Joi from 'joi';
import { STEPS } from '../../src/domain/meeting';
import type { Units } from '../../src/domain/prices';
import { ProviderCall } from '../../src/models/provider-call';
import { visibleMeetings } from '../access';
import { notFound } from '../errors';
import { count, instant, orNull, string } from '../present/shapes';
import { route, type Call, type Reply } from '../route';
import { idParam } from '../schemas';

const amount = orNull(Joi.number().min(0));

const callShape = Joi.object({
  provider: string,
  model: orNull(string),
  step: Joi.string().valid(...STEPS),
  units: Joi.object({
    seconds: amount,
    inputTokens: amount,
    outputTokens: amount,
    mails: amount,
    writes: amount,
  } satisfies Record<keyof Units, unknown>),
  cost: amount,
  latencyMs: count,
  outcome: string,
  createdAt: instant,
}).meta({ title: 'ProviderCall' });

const costsShape = Joi.object({ data: Joi.array().items(callShape), total: Joi.number().min(0) }).meta({
  title: 'Costs',
});

/** Tenths of a cent matter, and a sum of decimals must not end in 0000000004. */
const dollars = (sum: number): number => Number(sum.toFixed(6));

const presentCall = (call: ProviderCall) => ({
  provider: call.provider,
  model: call.model,
  step: call.step,
  units: {
    seconds: call.units.seconds ?? null,
    inputTokens: call.units.inputTokens ?? null,
    outputTokens: call.units.outputTokens ?? null,
    mails: call.units.mails ?? null,
    writes: call.units.writes ?? null,
  },
  cost: call.cost === null ? null : Number(call.cost),
  latencyMs: call.latencyMs,
  outcome: call.outcome,
  createdAt: call.createdAt.toISOString(),
});

async function costs({ deps, caller, params }: Call<{ meetingId: string }, object, never>): Promise<Reply> {
  const { meetingId } = params;
  const meeting = await visibleMeetings(deps.db, caller).findById(meetingId).select('meetings.id');
  if (!meeting) throw notFound('meeting');
  const calls = await ProviderCall.query(deps.db).where({ meetingId }).orderBy('id');
  const total = calls.reduce((sum, { cost }) => sum + Number(cost), 0);
  return { status: 200, body: { data: calls.map(presentCall), total: dollars(total) } };
}

export const costRoutes = [
  route({
    method: 'GET',
    path: '/meeting/:meetingId/costs',
    operationId: 'getCosts',
    tag: 'pipeline',
    summary:
      'Every call to a provider for this meeting, oldest first; list prices in US dollars, null = not known',
    params: idParam('meetingId'),
    responses: { 200: { description: 'The calls and what they cost together', schema: costsShape } },
    handler: costs,
  }),
];
