import type { Step } from '../domain/meeting';
import type { Units } from '../domain/prices';
import { BaseModel } from './base';

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
}
