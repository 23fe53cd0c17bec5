import type { Knex } from 'knex';
import type { MeetingStatus } from '../../src/domain/meeting';

/** From now on Postgres lets no meeting become `status`, until what this returns is called. */
export async function refuseStatus(db: Knex, status: MeetingStatus): Promise<() => Promise<void>> {
  await db.raw(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
    create trigger refuse before update on meetings for each row when (new.status = '${status}')
      execute function refuse()`);
  return async () => void (await db.raw('drop function refuse cascade'));
}
