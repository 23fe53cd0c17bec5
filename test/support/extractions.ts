import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { JudgedItems } from '../../src/domain/judged';
import { Extraction } from '../../src/models/extraction';

/** What an extractor found and nobody has applied yet. */
export function addDraft(
  knex: Knex,
  meetingId: string,
  transcriptId: string,
  items: Partial<JudgedItems>,
  columns: Partial<Extraction> = {},
): Promise<Extraction> {
  return Extraction.query(knex)
    .insert({
      meetingId,
      transcriptId,
      requestId: randomUUID(),
      items: { tasks: [], decisions: [], questions: [], ...items },
      provider: 'local',
      model: 'rules',
      quality: 'draft',
      promptVersion: '1',
      coverage: 1,
      ...columns,
    })
    .returning('*')
    .execute();
}
