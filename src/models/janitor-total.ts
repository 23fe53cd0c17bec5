import { raw, type TransactionOrKnex } from 'objection';
import { BaseModel } from './base';

/** What the janitor tidies up; also the label `kind` of its metrics. */
export type JanitorKind =
  | 'abandoned-uploads'
  | 'vanished-runs'
  | 'cut-off-sends'
  | 'idempotency-keys'
  | 'spent-states'
  | 'transcript-drafts'
  | 'extraction-drafts'
  | 'cut-off-calls';

/** How much the janitor has done of one kind since ever, and when it last looked. */
export class JanitorTotal extends BaseModel {
  static override readonly tableName = 'janitor_totals';
  static override readonly idColumn = 'kind';

  declare kind: JanitorKind;
  /** A bigint: pg gives it as a string. */
  declare total: string;
  declare lastRunAt: Date;

  /** Counts what was done, 0 included: it says that somebody has looked. In the transaction that did it. */
  static async add(trx: TransactionOrKnex, kind: JanitorKind, count: number): Promise<void> {
    await JanitorTotal.query(trx)
      .insert({ kind, total: String(count) })
      .onConflict('kind')
      .merge({ total: raw('janitor_totals.total + excluded.total'), lastRunAt: raw('now()') });
  }
}
