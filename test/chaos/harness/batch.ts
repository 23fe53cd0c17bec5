/** A load of meetings: uploaded side by side, watched, drained. */
import type { Knex } from 'knex';
import { eventually } from '../../support/poll';
import type { Script } from './cast';
import { uploadUntilTaken, type Answer, type NoAnswer, type Taken } from './client';
import type { ChaosStack } from './stack';

export interface MeetingRow {
  id: string;
  title: string;
  status: string;
  failure: { code: string } | null;
  media_key: string | null;
  event_seq: number;
  created_at: Date;
  run_started_at: Date | null;
}

const DRAIN_DEADLINE_MS = 150_000;

/** Steps whose results stand in the database: nothing of them may be done again. */
export interface Recorded {
  atMs: number;
  transcribed: Set<string>;
  extracted: Set<string>;
}

export class Batch {
  /** What was answered with 201, by mark. */
  readonly taken = new Map<string, Taken>();
  readonly answers: (Answer | NoAnswer)[] = [];
  /** What stood in the database each time that something was killed. */
  readonly recorded: Recorded[] = [];
  /** Marks of meetings that may end otherwise than `ready`. */
  readonly mayFail = new Set<string>();
  /** Mails that were being sent when something was killed: as many may be `unknown`. */
  cutSends = 0;
  /** Ask for more than the upload: so many more extractions than meetings. */
  reruns = new Map<string, number>();

  constructor(
    private readonly stack: ChaosStack,
    readonly scripts: Script[],
  ) {}

  get marks(): Set<string> {
    return new Set(this.scripts.map(({ mark }) => mark));
  }

  /** Uploads all of it side by side; resolves when each is taken or given up. */
  async upload(scripts = this.scripts): Promise<void> {
    await Promise.all(
      scripts.map(async (script) => {
        const onAttempt = (answer: Answer | NoAnswer) => void this.answers.push(answer);
        const taken = await uploadUntilTaken(this.stack.apiUrl, script, { onAttempt });
        if (taken) this.taken.set(script.mark, taken);
      }),
    );
  }

  /** In the order in which they came. */
  rows(): Promise<MeetingRow[]> {
    const { db } = this.stack;
    return db<MeetingRow>('meetings')
      .whereIn('title', [...this.marks])
      .whereNull('deleted_at')
      .orderBy('created_at');
  }

  /** Meetings that are somewhere between upload and rest, or whose tasks the world does not know yet. */
  async inFlight(): Promise<number> {
    const open = await unfinished(this.stack.db, this.marks);
    return open.length;
  }

  /** Call it when something has died: what stands in the database then is not to be done again. */
  async note(): Promise<void> {
    const { db } = this.stack;
    const atMs = performance.now();
    const ours = () => db('meetings').whereIn('title', [...this.marks]);
    const heard = await ours()
      .whereNotNull('media_key')
      .whereIn('id', db('transcripts').select('meeting_id').where({ state: 'complete' }))
      .select('title');
    const read = await ours().whereIn('id', db('extractions').select('meeting_id')).select('title');
    const titles = (found: { title: string }[]) => new Set(found.map(({ title }) => title));
    const sending = await db('deliveries')
      .join('tasks', 'tasks.id', 'deliveries.task_id')
      .whereIn('tasks.meeting_id', ours().select('id'))
      .where({ 'deliveries.state': 'sending' })
      .select('deliveries.id');
    this.cutSends += sending.length;
    this.recorded.push({ atMs, transcribed: titles(heard), extracted: titles(read) });
  }

  /** Until every meeting rests and the world knows every task; false when it does not come to that in time. */
  async drain(deadlineMs = DRAIN_DEADLINE_MS): Promise<boolean> {
    try {
      await eventually(async () => (await this.inFlight()) === 0, { deadlineMs, intervalMs: 200 });
      return true;
    } catch {
      return false; // the checks say what is missing
    }
  }

  /** What kept the batch from rest when `drain` said false, for the report; never nothing. */
  async waitingFor(): Promise<string[]> {
    const left = await unfinished(this.stack.db, this.marks);
    return left.length > 0 ? left : ['came to rest only after the deadline'];
  }
}

async function unfinished(db: Knex, marks: Set<string>): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { what: string }[] }>(
    `with ours as (select * from meetings where title = any(?) and deleted_at is null)
     select title || ' is ' || status as what from ours where status not in ('ready', 'failed', 'cancelled')
     union all
     select o.title || ': request ' || r.kind || ' is ' || r.state
       from requests r join ours o on o.id = r.meeting_id
       where r.state in ('pending', 'running') and o.status in ('ready', 'failed', 'cancelled')
     union all
     select distinct o.title || ': the world does not know a task'
       from tasks t join ours o on o.id = t.meeting_id
       where o.status = 'ready' and (t.version > t.synced_version or exists (
         select 1 from deliveries d where d.task_id = t.id and d.state in ('pending', 'sending')))`,
    [[...marks]],
  );
  return rows.map(({ what }) => what);
}
