import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table erasures add column started_at timestamptz;
    comment on column erasures.started_at is 'when Temporal was last told; the 5-second loop of the api sees to it';
    -- the api's 5-second loop
    create index erasures_running on erasures (created_at) where state = 'running';

    create table erasure_remains (
      erasure_id uuid not null references erasures on delete cascade,
      kind text not null check (kind in ('recordings', 'mails', 'calendarEntries', 'histories', 'calls')),
      ref text not null,
      user_id uuid references users on delete cascade,
      primary key (erasure_id, kind, ref)
    );
    comment on table erasure_remains is
      'what an erasure has still to remove outside of this database, written down when the rows go: ids, no content';

    -- an erasure deletes rows that these foreign keys point to
    create index uploads_of_meeting on uploads (meeting_id);
    create index meetings_of_transcript on meetings (transcript_id);
    create index extractions_of_transcript on extractions (transcript_id);
    create index decisions_of_extraction on decisions (extraction_id);
    create index questions_of_extraction on questions (extraction_id);
    create index tasks_of_extraction on tasks (extraction_id);
  `);
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only');
}
