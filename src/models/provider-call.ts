import type { TransactionOrKnex } from 'objection';
import type { Step } from '../domain/meeting';
import type { Units } from '../domain/prices';
import { BaseModel } from './base';

/** Locks the meeting as an erasure does: what that does not see begin, never begins. */
const BEGIN = `
  with meeting as (select from meetings where id = :meetingId and deleted_at is null for update)
  insert into provider_calls (meeting_id, request_id, step, provider, model, units, cost, latency_ms, outcome)
  select cast(:meetingId as uuid), :requestId, :step, :provider, :model, :units, cast(:cost as numeric), 0, 'started'
  where cast(:meetingId as uuid) is null or exists (select from meeting)
  returning id`;

/** A call to a provider that costs, or could: facts without content. */
export class ProviderCall extends BaseModel {
  static override readonly tableName = 'provider_calls';
  static override readonly jsonAttributes = ['units'];

  /** A bigint. */
  declare id: string;
  declare meetingId: string | null;
  declare requestId: string | null;
  declare step: Step;
  declare provider: string;
  declare model: string | null;
  declare units: Units;
  /** US dollars, as a decimal string; null = the price is not known. */
  declare cost: string | null;
  declare latencyMs: number;
  /** `ok`, the code of the error, or `started`: it runs, or the worker died in it. */
  declare outcome: string;
  declare createdAt: Date;

  /** Writes down that a call begins. Returns the row's id; null = its meeting is deleted, and nothing was written. */
  static async begin(
    db: TransactionOrKnex,
    call: Pick<ProviderCall, 'meetingId' | 'requestId' | 'step' | 'provider' | 'model' | 'units' | 'cost'>,
  ): Promise<string | null> {
    const values = { ...call, units: JSON.stringify(call.units) };
    const { rows } = await db.raw<{ rows: Pick<ProviderCall, 'id'>[] }>(BEGIN, values);
    return rows[0]?.id ?? null;
  }
}
